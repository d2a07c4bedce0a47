import * as v from 'valibot';
import type { CanonicalRequest } from '../channels/request.ts';
import type { DeliveryGroup, DeliveryTarget } from '../delivery/delivery.ts';
import { type FailureId, failureId } from '../failure/ids.ts';
import type { Database } from './database.ts';
import {
  type LiveOutboxRow,
  liveRow,
  type NewOutboxRow,
  type OutboxRow,
  outboxRow,
  type RowChange,
  targetKey,
  targetOf,
} from './outboxRow.ts';
import { SQL } from './outboxSql.ts';
import { Requests } from './requests.ts';
import { row, rows } from './rows.ts';

export type { LiveOutboxRow, NewOutboxRow, OutboxRow, RowChange } from './outboxRow.ts';
export { isLive, targetKey } from './outboxRow.ts';

/** A target that has rows waiting, with the earliest time one of them may go. */
export interface WaitingTarget {
  readonly key: string;
  readonly target: DeliveryTarget;
  readonly dueAt: number;
}

const countsRow = v.object({ waiting: v.number(), failed: v.number(), accepted: v.number() });
const failureRow = v.object({ failure_id: v.pipe(v.string(), v.transform(failureId)) });
const idRow = v.object({ id: v.number() });
const queuedRow = v.object({ id: v.number(), queued_at: v.number() });
const targetRow = v.object({
  target_kind: v.picklist(['sentry', 'inbox']),
  target_key: v.string(),
  host: v.string(),
  project: v.string(),
  due: v.number(),
});

/** The outbox as tables: what each method does is one statement or transaction; the rules stand in `delivery/`. */
export class OutboxTable {
  readonly #db: Database;
  readonly #requests: Requests;
  readonly #now: () => number;
  readonly #insert;
  readonly #open;
  readonly #pages;
  readonly #counts;
  readonly #ofEvent;
  readonly #one;
  readonly #ofFailure;
  readonly #newestOf;
  readonly #targets;
  readonly #change;
  readonly #explain;
  readonly #dropRows;
  readonly #ofTarget;
  readonly #readdress;

  constructor(db: Database, now: () => number) {
    this.#db = db;
    this.#requests = new Requests(db);
    this.#now = now;
    this.#insert = db.prepare(SQL.insert);
    this.#open = db.prepare(SQL.open);
    this.#pages = {
      waiting: db.prepare(SQL.pages.waiting),
      failed: db.prepare(SQL.pages.failed),
      accepted: db.prepare(SQL.pages.accepted),
      all: db.prepare(SQL.pages.all),
    };
    this.#counts = db.prepare(SQL.counts);
    this.#ofEvent = db.prepare(SQL.ofEvent);
    this.#one = db.prepare(SQL.one);
    this.#ofFailure = db.prepare(SQL.ofFailure);
    this.#newestOf = db.prepare(SQL.newestOf);
    this.#targets = db.prepare(SQL.targets);
    this.#change = db.prepare(SQL.change);
    this.#explain = db.prepare(SQL.explain);
    this.#dropRows = db.prepare(SQL.dropRows);
    this.#ofTarget = db.prepare(SQL.ofTarget);
    this.#readdress = db.prepare(SQL.readdress);
  }

  /**
   * Puts an alert into the queue inside the caller's transaction and answers its row id. An event that is in the queue
   * for the same target already (a double click, a second window) is not queued again: its row is answered.
   */
  insert(alert: NewOutboxRow): number {
    const { target, request } = alert;
    const key = targetKey(target, request.url);
    const { changes, lastInsertRowid } = this.#insert.run({
      failureId: alert.failureId,
      failureKind: alert.failureKind,
      severity: alert.severity,
      title: alert.title,
      partition: alert.partition,
      eventId: alert.eventId,
      targetKind: target.kind,
      targetKey: key,
      host: target.kind === 'sentry' ? target.host : '',
      project: target.kind === 'sentry' ? target.project : '',
      sentBy: alert.sentBy,
      closes: alert.closes ? 1 : 0,
      queuedAt: this.#now(),
      sha256: alert.sha256,
    });
    if (changes === 0) return row(idRow, this.#open.get(alert.eventId, key)).id;
    const id = Number(lastInsertRowid);
    this.#requests.insert(id, request);
    return id;
  }

  /** Rows of one group (null: of all but cancelled ones), newest first, with a smaller id than `before` (null: from the newest). */
  page(group: DeliveryGroup | null, limit: number, before: number | null): LiveOutboxRow[] {
    const query = { limit, before: before ?? Number.MAX_SAFE_INTEGER };
    return this.#db.read(() => rows(liveRow, this.#pages[group ?? 'all'].all(query)));
  }

  counts(): Readonly<Record<DeliveryGroup, number>> {
    return this.#db.read(() => row(countsRow, this.#counts.get()));
  }

  /** The failure that an event was made of, newest delivery first; null when none was. */
  failureOfEvent(eventId: string): FailureId | null {
    return this.#db.read(() => {
      const found = this.#ofEvent.get(eventId);
      return found === undefined ? null : row(failureRow, found).failure_id;
    });
  }

  get(id: number): OutboxRow | null {
    return this.#db.read(() => {
      const found = this.#one.get(id);
      return found === undefined ? null : row(outboxRow, found);
    });
  }

  /** The request of a row; null once it is no longer kept (those to be sent and the newest 1,000 accepted ones are). */
  request(id: number): CanonicalRequest | null {
    return this.#db.read(() => this.#requests.get(id));
  }

  ofFailure(failure: FailureId): LiveOutboxRow[] {
    return this.#db.read(() => rows(liveRow, this.#ofFailure.all(failure)));
  }

  /** The delivery that a failure's row tells of; null where none waits and the newest did not fail. */
  openOf(failure: FailureId): LiveOutboxRow | null {
    return this.#db.read(() => {
      const found = this.#newestOf.get(failure);
      const newest = found === undefined ? null : row(liveRow, found);
      return newest?.state === 'accepted' ? null : newest;
    });
  }

  /** The targets that rows are waiting for. */
  waitingTargets(): WaitingTarget[] {
    return this.#db.read(() =>
      rows(targetRow, this.#targets.all()).map((found) => ({
        key: found.target_key,
        target: targetOf(found),
        dueAt: found.due,
      })),
    );
  }

  /** Sets what a row becomes; to be called inside a transaction. */
  change(id: number, to: RowChange): void {
    this.#setState(id, null, to);
  }

  /** The same for a claimed row; false, and nothing is changed, when that claim does not hold any more. */
  settle({ id, claimEpoch }: OutboxRow, to: RowChange): boolean {
    return this.#setState(id, claimEpoch, to);
  }

  #setState(id: number, epoch: number | null, to: RowChange): boolean {
    const { changes } = this.#change.run({
      id,
      epoch,
      state: to.state,
      notBefore: to.state === 'waiting' ? to.notBefore : null,
      reason: to.state === 'waiting' || to.state === 'failed' ? to.reason : null,
      settledAt: to.state === 'waiting' ? null : to.at,
      status: to.state === 'accepted' || to.state === 'failed' ? to.status : null,
      durationMs: to.state === 'accepted' ? to.durationMs : null,
      mayRepeat: to.state === 'accepted' && to.mayRepeat ? 1 : 0,
      unknownSince: to.state === 'waiting' || to.state === 'failed' ? to.unknownSince : null,
    });
    return changes > 0;
  }

  /** Writes down why the waiting rows of a target do not go; answers the rows that this changed. */
  explain(target: string, reason: string): LiveOutboxRow[] {
    return this.#db.write('quick', () => this.all(rows(idRow, this.#explain.all({ target, reason })).map((r) => r.id)));
  }

  /** The waiting rows of a target with the time each was queued. */
  waitingFor(target: string): { readonly id: number; readonly queuedAt: number }[] {
    return this.#db.read(() =>
      rows(queuedRow, this.#ofTarget.all(target)).map(({ id, queued_at }) => ({ id, queuedAt: queued_at })),
    );
  }

  /** Gives a row another address; false when its event is in the queue for that one already. */
  readdress(id: number, to: { readonly target: string; readonly url: string; readonly sha256: string }): boolean {
    const { target, sha256, url } = to;
    if (this.#readdress.run({ id, target, sha256 }).changes === 0) return false;
    this.#requests.setUrl(id, url);
    return true;
  }

  /** Drops requests and rows that nobody needs any more. To be called now and then; answers whether rows went. */
  prune(): boolean {
    return this.#db.write('quick', () => {
      this.#requests.prune();
      return this.#dropRows.run().changes > 0;
    });
  }

  /** Rows by their ids, in that order, none of them cancelled; inside the caller's transaction. */
  all(ids: readonly number[]): LiveOutboxRow[] {
    return ids.map((id) => row(liveRow, this.#one.get(id)));
  }
}
