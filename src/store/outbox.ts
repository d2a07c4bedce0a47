import * as v from 'valibot';
import type { CanonicalRequest } from '../channels/request.ts';
import type { DeliveryGroup, DeliveryTarget, SentBy } from '../delivery/delivery.ts';
import { type FailureId, failureId } from '../failure/ids.ts';
import type { Database } from './database.ts';
import { type NewOutboxRow, type OutboxRow, outboxRow, targetKey, targetOf } from './outboxRow.ts';
import { SQL } from './outboxSql.ts';
import { Requests } from './requests.ts';
import { row, rows } from './rows.ts';

export type { NewOutboxRow, OutboxRow } from './outboxRow.ts';
export { targetKey } from './outboxRow.ts';

/** One attempt to deliver a row. Times are ms since 1970. */
export interface Attempt {
  readonly at: number;
  readonly durationMs: number;
  /** `unknown`: the request may have arrived, but no answer did. */
  readonly outcome: 'accepted' | 'later' | 'refused' | 'unknown';
  readonly status: number | null;
  readonly words: string;
}

/** A target that has rows waiting, with the earliest time one of them may go. */
export interface WaitingTarget {
  readonly key: string;
  readonly target: DeliveryTarget;
  readonly dueAt: number;
}

/** What a row becomes when an attempt has ended. */
export type RowChange =
  | {
      readonly state: 'waiting';
      readonly notBefore: number | null;
      readonly reason: string | null;
      readonly unknownSince: number | null;
    }
  | {
      readonly state: 'accepted';
      readonly at: number;
      readonly status: number;
      readonly durationMs: number;
      readonly mayRepeat: boolean;
    }
  | {
      readonly state: 'failed';
      readonly at: number;
      readonly status: number | null;
      readonly reason: string;
      readonly unknownSince: number | null;
    }
  | { readonly state: 'cancelled'; readonly at: number };

const countsRow = v.object({ waiting: v.number(), failed: v.number(), accepted: v.number() });
const failureRow = v.object({ failure_id: v.pipe(v.string(), v.transform(failureId)) });
const idRow = v.object({ id: v.number() });
const ownerRow = v.object({ owner: v.string() });
const queuedRow = v.object({ id: v.number(), queued_at: v.number() });
const attemptRow = v.pipe(
  v.object({
    at: v.number(),
    duration_ms: v.number(),
    outcome: v.picklist(['accepted', 'later', 'refused', 'unknown']),
    status: v.nullable(v.number()),
    words: v.string(),
  }),
  v.transform(({ duration_ms, ...rest }): Attempt => ({ ...rest, durationMs: duration_ms })),
);
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
  readonly #targets;
  readonly #claim;
  readonly #claimants;
  readonly #lost;
  readonly #change;
  readonly #addTry;
  readonly #tries;
  readonly #explain;
  readonly #hold;
  readonly #endPause;
  readonly #endPauses;
  readonly #giveBack;
  readonly #claimEnd;
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
    this.#targets = db.prepare(SQL.targets);
    this.#claim = db.prepare(SQL.claim);
    this.#claimants = db.prepare(SQL.claimants);
    this.#lost = db.prepare(SQL.lost);
    this.#change = db.prepare(SQL.change);
    this.#addTry = db.prepare(SQL.addTry);
    this.#tries = db.prepare(SQL.tries);
    this.#explain = db.prepare(SQL.explain);
    this.#hold = db.prepare(SQL.hold);
    this.#endPause = db.prepare(SQL.endPause);
    this.#endPauses = db.prepare(SQL.endPauses);
    this.#giveBack = db.prepare(SQL.giveBack);
    this.#claimEnd = db.prepare(SQL.claimEnd);
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
  page(group: DeliveryGroup | null, limit: number, before: number | null): OutboxRow[] {
    const query = { limit, before: before ?? Number.MAX_SAFE_INTEGER };
    return this.#db.read(() => rows(outboxRow, this.#pages[group ?? 'all'].all(query)));
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

  ofFailure(failure: FailureId): OutboxRow[] {
    return this.#db.read(() => rows(outboxRow, this.#ofFailure.all(failure)));
  }

  /** All attempts of a row, oldest first. */
  tries(id: number): Attempt[] {
    return this.#db.read(() => rows(attemptRow, this.#tries.all(id)));
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

  /** When the earliest claim ends (ms since 1970); null when nothing is being sent. */
  nextClaimEnd(): number | null {
    return this.#db.read(() => row(v.object({ until: v.nullable(v.number()) }), this.#claimEnd.get()).until);
  }

  /**
   * Claims due rows of one target for `owner` until `until`: atomic, no two senders get the same row. What a person
   * sent goes before what was sent by itself, then the oldest.
   */
  claim(claim: {
    readonly target: string;
    readonly owner: string;
    readonly until: number;
    readonly limit: number;
  }): OutboxRow[] {
    const claimed = this.#db.write('quick', () => rows(outboxRow, this.#claim.all({ ...claim, now: this.#now() })));
    return claimed.sort((a, b) => rank(a.sentBy) - rank(b.sentBy) || a.id - b.id);
  }

  /** Makes claimed rows wait again as they did before, where the claim still holds; answers these. */
  giveBack(claimed: readonly OutboxRow[]): OutboxRow[] {
    return this.#db.write('quick', () => {
      const given = claimed.filter(({ id, claimEpoch }) => this.#giveBack.run({ id, epoch: claimEpoch }).changes > 0);
      return this.#read(given.map(({ id }) => id));
    });
  }

  /** The windows that rows are claimed by, by their names in `Presence`. */
  claimants(): string[] {
    return this.#db.read(() => rows(ownerRow, this.#claimants.all()).map(({ owner }) => owner));
  }

  /**
   * Gives back rows whose sender is among the `gone` or did not report in time; each gets an attempt of unknown
   * outcome.
   */
  releaseLost(gone: readonly string[], words: string): OutboxRow[] {
    const now = this.#now();
    return this.#db.write('quick', () => {
      const lost = this.#lost.all({ now, reason: words, gone: JSON.stringify(gone) });
      const released = this.#read(rows(idRow, lost).map(({ id }) => id));
      for (const { id, claimEpoch, claimedAt } of released) {
        const at = claimedAt ?? now;
        const durationMs = Math.max(0, now - at);
        this.addTry(id, claimEpoch, { at, durationMs, outcome: 'unknown', status: null, words });
      }
      return released;
    });
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

  /** Writes down what came of a claim; a claim has one try, the last word on it counts. */
  addTry(id: number, epoch: number, attempt: Attempt): void {
    this.#addTry.run({ outbox: id, epoch, ...attempt });
  }

  /** Writes down why the waiting rows of a target do not go; answers the rows that this changed. */
  explain(target: string, reason: string): OutboxRow[] {
    return this.#db.write('quick', () =>
      this.#read(rows(idRow, this.#explain.all({ target, reason })).map((r) => r.id)),
    );
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

  /**
   * Holds all rows of a target until a time, because its endpoint asked for it or as a pause of the sender's own. A hold
   * is only ever made longer, but for `endPause`.
   */
  hold(target: string, until: number, reason: string, why: 'asked' | 'pause'): void {
    this.#db.write('quick', () => this.#hold.run({ target, until, reason, why }));
  }

  /** Ends a pause of the target that a row is for; what an endpoint asked for stays. */
  endPause(id: number): void {
    this.#endPause.run(id);
  }

  /** Ends all pauses. */
  endPauses(): void {
    this.#db.write('quick', () => this.#endPauses.run());
  }

  /** Drops requests and rows that nobody needs any more. To be called now and then. */
  prune(): void {
    this.#db.write('quick', () => {
      this.#requests.prune();
      this.#dropRows.run();
    });
  }

  #read(ids: readonly number[]): OutboxRow[] {
    return ids.map((id) => row(outboxRow, this.#one.get(id)));
  }
}

const rank = (by: SentBy): number => (by === 'automatic' ? 1 : 0);
