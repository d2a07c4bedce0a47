import * as v from 'valibot';
import { assetKeyText, type Failure, type FailureKind, type PassedCheck } from '../failure/failure.ts';
import { type FailureId, failureId, type RunId } from '../failure/ids.ts';
import { briefOf } from './brief.ts';
import type { Database } from './database.ts';
import { failureSchema } from './failureSchema.ts';
import { flag, json, row, rows } from './rows.ts';

export type StoredStatus = 'pending' | 'sent' | 'dismissed';

/** A failure to be stored. */
export interface NewFailure {
  readonly failure: Failure;
  /** Recorded before Firedrill met the instance, or found by looking back: never sent by itself. */
  readonly beforeFiredrill: boolean;
  /** Equal for failures that Sentry puts into one issue. */
  readonly groupingKey: string;
}

/** A stored failure as a row needs it. */
export interface StoredFailure {
  readonly id: FailureId;
  /** Rises with every stored failure; the order of pages. */
  readonly seq: number;
  readonly kind: FailureKind;
  readonly status: StoredStatus;
  readonly test: boolean;
  readonly beforeFiredrill: boolean;
  readonly groupingKey: string;
  /** When its check passed for the first time after it, seconds since 1970; null while it has not. */
  readonly passedSince: number | null;
  /** The tick that found it; null for a test and for one found by looking back. */
  readonly tick: number | null;
  /**
   * The failure without what makes it large: no metadata, no stacks, texts cut. Enough for a row and its headline, not
   * for an alert; `get` reads the whole.
   */
  readonly brief: Failure;
}

/** `check` and `run`: found since Firedrill met the instance; `before`: both kinds, from before that. */
export type StoredGroup = FailureKind | 'before';

export interface FailureQuery {
  readonly status: StoredStatus | 'all';
  /** null: all groups. */
  readonly group: StoredGroup | null;
  readonly limit: number;
  /** Only rows with a smaller seq; null: from the newest. */
  readonly before: number | null;
}

const storedRow = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.transform(failureId)),
    seq: v.number(),
    kind: v.picklist(['check', 'run']),
    status: v.picklist(['pending', 'sent', 'dismissed']),
    test: flag,
    before_firedrill: flag,
    grouping_key: v.string(),
    passed_since: v.nullable(v.number()),
    tick: v.nullable(v.number()),
    brief: v.pipe(json, failureSchema),
  }),
  v.transform(
    ({ before_firedrill, grouping_key, passed_since, ...rest }): StoredFailure => ({
      ...rest,
      beforeFiredrill: before_firedrill,
      groupingKey: grouping_key,
      passedSince: passed_since,
    }),
  ),
);
const wholeRow = v.object({ whole: v.pipe(json, failureSchema) });
const countRow = v.object({ n: v.number() });

/** `whole` stands last in the table, so that a list never touches the pages that a large value overflows to. */
const COLUMNS = 'id, seq, kind, status, test, before_firedrill, grouping_key, passed_since, tick, brief';

const GROUP_FILTER: Readonly<Record<StoredGroup | 'all', string>> = {
  check: "and before_firedrill = 0 and kind = 'check'",
  run: "and before_firedrill = 0 and kind = 'run'",
  before: 'and before_firedrill = 1',
  all: '',
};

/** The failures that the sensors found and people made. */
export class Failures {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #insert;
  readonly #one;
  readonly #whole;
  readonly #known;
  readonly #setStatus;
  readonly #ofTick;
  readonly #ofRun;
  readonly #grouped;
  readonly #pending;
  readonly #markPassed;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#insert = db.prepare(`
      insert into failures (id, kind, status, test, before_firedrill, timestamp, found_at, tick, check_name, asset_key,
        partition, run_id, storage_id, grouping_key, brief, whole)
      values ($id, $kind, 'pending', $test, $before, $timestamp, $foundAt, $tick, $check, $asset,
        $partition, $run, $storageId, $grouping, $brief, $whole)
      on conflict (id) do nothing`);
    this.#one = db.prepare(`select ${COLUMNS} from failures where id = ?`);
    this.#whole = db.prepare('select whole from failures where id = ?');
    this.#known = db.prepare('select 1 from failures where id = ?');
    this.#setStatus = db.prepare('update failures set status = $status where id = $id and status <> $status');
    this.#ofTick = db.prepare(`select ${COLUMNS} from failures where tick = ? order by seq desc`);
    this.#ofRun = db.prepare(`select ${COLUMNS} from failures where run_id = ? order by seq`);
    this.#grouped = db.prepare("select count(*) as n from failures where grouping_key = ? and status = 'pending'");
    this.#pending = db.prepare(
      "select count(*) as n from failures where status = 'pending' and before_firedrill = 0 and kind = ?",
    );
    this.#markPassed = db.prepare(`
      update failures set passed_since = $timestamp
      where check_name = $check and asset_key = $asset and partition is $partition and passed_since is null
        and timestamp < $timestamp
      returning ${COLUMNS}`);
  }

  /**
   * Marks the failures of these checks that were recorded before the check passed; answers those that are marked now.
   * A partition counts: one day's pass says nothing of another's.
   */
  markPassed(passed: readonly PassedCheck[]): StoredFailure[] {
    if (passed.length === 0) return [];
    return this.#db.write('quick', () =>
      passed.flatMap(({ assetKey, checkName, partition, timestamp }) =>
        rows(
          storedRow,
          this.#markPassed.all({ asset: assetKeyText(assetKey), check: checkName, partition, timestamp }),
        ),
      ),
    );
  }

  /** Stores those that are not known yet, in one transaction; answers these. `tick` names the tick that found them. */
  add(found: readonly NewFailure[], tick: number | null = null): StoredFailure[] {
    return this.#db.write('synced', () => found.flatMap((each) => this.#addOne(each, tick)));
  }

  /** Newest first by seq. `total` counts all that match status and group. */
  page(query: FailureQuery): { readonly rows: StoredFailure[]; readonly total: number } {
    const where = `${query.status === 'all' ? '1 = 1' : 'status = $status'} ${GROUP_FILTER[query.group ?? 'all']}`;
    const status = query.status === 'all' ? {} : { status: query.status };
    return this.#db.read(() => {
      const found = this.#db
        .prepare(`select ${COLUMNS} from failures where ${where} and seq < $before order by seq desc limit $limit`)
        .all({ ...status, before: query.before ?? Number.MAX_SAFE_INTEGER, limit: query.limit });
      const total = this.#db.prepare(`select count(*) as n from failures where ${where}`).get(status);
      return { rows: rows(storedRow, found), total: row(countRow, total).n };
    });
  }

  /** One failure with all that was recorded; null when no failure has this id. */
  get(id: FailureId): (StoredFailure & { readonly failure: Failure }) | null {
    const stored = this.find(id);
    if (stored === null) return null;
    return this.#db.read(() => ({ ...stored, failure: row(wholeRow, this.#whole.get(id)).whole }));
  }

  /** One failure as a row. */
  find(id: FailureId): StoredFailure | null {
    return this.#db.read(() => {
      const found = this.#one.get(id);
      return found === undefined ? null : row(storedRow, found);
    });
  }

  /** Whether a failure with this id is stored. */
  has(id: FailureId): boolean {
    return this.#db.read(() => this.#known.get(id) !== undefined);
  }

  /** Answers those that changed; an unknown id or one that has this status already is passed over. */
  setStatus(ids: readonly FailureId[], status: StoredStatus): StoredFailure[] {
    return this.#db.write('synced', () =>
      ids.flatMap((id) => {
        const changed = this.#setStatus.run({ id, status }).changes > 0 ? this.find(id) : null;
        return changed === null ? [] : [changed];
      }),
    );
  }

  /** What one tick found, newest first. */
  ofTick(tick: number): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofTick.all(tick)));
  }

  /** All failures of one run, in the order found: the run's own and its checks'. */
  findByRun(run: RunId): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofRun.all(run)));
  }

  /** How many pending failures have this grouping key. */
  pendingGrouped(groupingKey: string): number {
    return this.#db.read(() => row(countRow, this.#grouped.get(groupingKey)).n);
  }

  /** Pending failures found since Firedrill met the instance: what the badge counts. */
  pending(): { readonly check: number; readonly run: number } {
    const count = (kind: FailureKind): number => row(countRow, this.#pending.get(kind)).n;
    return this.#db.read(() => ({ check: count('check'), run: count('run') }));
  }

  #addOne({ failure, beforeFiredrill, groupingKey }: NewFailure, tick: number | null): StoredFailure[] {
    const brief = briefOf(failure);
    const check = failure.kind === 'check' ? failure : null;
    const test = failure.origin.kind === 'test';
    const added = this.#insert.run({
      id: failure.id,
      kind: failure.kind,
      test: test ? 1 : 0,
      before: beforeFiredrill ? 1 : 0,
      timestamp: failure.timestamp,
      foundAt: this.#now(),
      tick,
      check: check?.checkName ?? null,
      asset: check === null ? null : assetKeyText(check.assetKey),
      partition: failure.partition,
      run: failure.runId,
      storageId: failure.origin.kind === 'recorded' ? failure.origin.storageId : null,
      grouping: groupingKey,
      brief: JSON.stringify(brief),
      whole: JSON.stringify(failure),
    });
    if (added.changes === 0) return [];
    const seq = Number(added.lastInsertRowid);
    const { id, kind } = failure;
    return [{ id, seq, kind, status: 'pending', test, beforeFiredrill, groupingKey, passedSince: null, tick, brief }];
  }
}
