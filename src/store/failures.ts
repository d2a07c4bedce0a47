import * as v from 'valibot';
import { assetKeyText, type Failure, type FailureKind, type PassedCheck } from '../failure/failure.ts';
import type { FailureId, RunId } from '../failure/ids.ts';
import { briefOf } from './brief.ts';
import type { Database } from './database.ts';
import { columnsOf } from './failureColumns.ts';
import type { FailureStatus } from './failureQuery.ts';
import { failureSchema } from './failureSchema.ts';
import { SQL } from './failureSql.ts';
import { json, row, rows } from './rows.ts';
import { deliveryColumn, type NewFailure, type StoredFailure, storedRow } from './storedFailure.ts';

const wholeRow = v.object({ whole: v.pipe(json, failureSchema) });
const countRow = v.object({ n: v.number() });
const seqRow = v.object({ seq: v.number() });
const addedRow = v.object({ seq: v.number(), passed_since: v.nullable(v.number()), delivery: deliveryColumn });

/** The failures that the sensors found and people made. */
export class Failures {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #insert;
  readonly #insertBody;
  readonly #one;
  readonly #bySeq;
  readonly #whole;
  readonly #decided;
  readonly #setStatus;
  readonly #change;
  readonly #changeBody;
  readonly #ofTick;
  readonly #ofRun;
  readonly #ofGrouping;
  readonly #grouped;
  readonly #ofIssue;
  readonly #alike;
  readonly #pending;
  readonly #markPassed;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.#insert = db.prepare(SQL.insert);
    this.#insertBody = db.prepare(SQL.insertBody);
    this.#one = db.prepare(SQL.one);
    this.#bySeq = db.prepare(SQL.bySeq);
    this.#whole = db.prepare(SQL.whole);
    this.#decided = db.prepare(SQL.decided);
    this.#setStatus = db.prepare(SQL.setStatus);
    this.#change = db.prepare(SQL.change);
    this.#changeBody = db.prepare(SQL.changeBody);
    this.#ofTick = db.prepare(SQL.ofTick);
    this.#ofRun = db.prepare(SQL.ofRun);
    this.#ofGrouping = db.prepare(SQL.ofGrouping);
    this.#grouped = db.prepare(SQL.grouped);
    this.#ofIssue = db.prepare(SQL.ofIssue);
    this.#alike = db.prepare(SQL.alike);
    this.#pending = db.prepare(SQL.pending);
    this.#markPassed = db.prepare(SQL.markPassed);
  }

  /**
   * Stores those that are news, in one transaction; answers these. `tick` names the tick that found them. One that was
   * only listed as earlier is news to the sensor that finds it: it becomes what it found.
   */
  add(found: readonly NewFailure[], tick: number | null = null): StoredFailure[] {
    return this.#db.write('synced', () => found.flatMap((each) => this.#addOne(each, tick)));
  }

  /**
   * Marks the failures of these checks that were recorded before the check passed; answers those that are marked now.
   * A partition counts: one day's pass says nothing of another's.
   */
  markPassed(passed: readonly PassedCheck[]): StoredFailure[] {
    if (passed.length === 0) return [];
    return this.#db.write('quick', () =>
      passed.flatMap(({ assetKey, checkName, partition, timestamp }) => {
        const asset = assetKeyText(assetKey);
        const marked = rows(seqRow, this.#markPassed.all({ asset, check: checkName, partition, timestamp }));
        return marked.map(({ seq }) => row(storedRow, this.#bySeq.get(seq)));
      }),
    );
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

  /**
   * Whether a sensor that finds this failure finds something new: it is not stored, or looking back listed it before
   * the sensor came to it and nobody has decided on it. Else an alert would stay away because somebody looked.
   */
  isNews({ failure, beforeFiredrill }: NewFailure): boolean {
    return this.#db.read(() => this.#decided.get(failure.id, beforeFiredrill ? 1 : 0) === undefined);
  }

  /** Answers those that changed; an unknown id or one that has this status already is passed over. */
  setStatus(ids: readonly FailureId[], status: FailureStatus): StoredFailure[] {
    return this.#db.write('synced', () =>
      ids.flatMap((id) => {
        const changed = this.#setStatus.run({ id, status }).changes > 0 ? this.find(id) : null;
        return changed === null ? [] : [changed];
      }),
    );
  }

  /** Puts a changed test failure in the place of what it was; null when no test has its id. */
  changeTest(changed: NewFailure): StoredFailure | null {
    const { failure } = changed;
    return this.#db.write('quick', () => {
      const found = this.#change.get({ id: failure.id, ...columnsOf(changed) });
      if (found === undefined) return null;
      this.#changeBody.run(JSON.stringify(briefOf(failure)), JSON.stringify(failure), row(seqRow, found).seq);
      return this.find(failure.id);
    });
  }

  /** What one tick found, newest first. */
  ofTick(tick: number): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofTick.all(tick)));
  }

  /** All failures of one run, in the order found: the run's own and its checks'. */
  findByRun(run: RunId): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofRun.all(run)));
  }

  /** Failures of any status with this grouping key, newest first. */
  findByGrouping(groupingKey: string, limit: number): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofGrouping.all(groupingKey, limit)));
  }

  /** How many other failures are pending with the grouping key of this one. */
  otherPending({ groupingKey, status }: StoredFailure): number {
    return Math.max(0, this.pendingGrouped(groupingKey) - (status === 'pending' ? 1 : 0));
  }

  /** How many pending failures have this grouping key. */
  pendingGrouped(groupingKey: string): number {
    return this.#db.read(() => row(countRow, this.#grouped.get(groupingKey)).n);
  }

  /** These failures, newest first: also those from before Firedrill met the instance. */
  ofIssue(groupingKey: string, limit: number): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#ofIssue.all(groupingKey, limit)));
  }

  /** Other failures of the same check and asset or with the same grouping key, of any status, newest first. */
  alike(id: FailureId, limit: number): StoredFailure[] {
    return this.#db.read(() => rows(storedRow, this.#alike.all({ id, limit })));
  }

  /** Pending failures found since Firedrill met the instance: what the badge counts. */
  pending(): { readonly check: number; readonly run: number } {
    const count = (kind: FailureKind): number => row(countRow, this.#pending.get(kind)).n;
    return this.#db.read(() => ({ check: count('check'), run: count('run') }));
  }

  #addOne(found: NewFailure, tick: number | null): StoredFailure[] {
    const { failure, beforeFiredrill, groupingKey } = found;
    const brief = briefOf(failure);
    const test = failure.origin.kind === 'test';
    const stored = this.#insert.get({
      id: failure.id,
      kind: failure.kind,
      test: test ? 1 : 0,
      before: beforeFiredrill ? 1 : 0,
      timestamp: failure.timestamp,
      foundAt: this.#now(),
      tick,
      run: failure.runId,
      storageId: failure.origin.kind === 'recorded' ? failure.origin.storageId : null,
      ...columnsOf(found),
    });
    if (stored === undefined) return [];
    const { seq, passed_since: passedSince, delivery } = row(addedRow, stored);
    this.#insertBody.run(seq, JSON.stringify(brief), JSON.stringify(failure));
    const { id, kind } = failure;
    const known = { id, seq, kind, test, beforeFiredrill, groupingKey, passedSince, tick, delivery, brief };
    return [{ ...known, status: 'pending' }];
  }
}
