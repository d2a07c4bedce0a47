import * as l10n from '@vscode/l10n';
import { canonicalHash } from '../channels/canonicalHash.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import type { FailureId } from '../failure/ids.ts';
import { type NewOutboxRow, type OutboxRow, type RowChange, targetKey, type WaitingTarget } from '../store/outbox.ts';
import type { StateStore } from '../store/stateStore.ts';
import type { StoredFailure } from '../store/storedFailure.ts';
import type { Attempt } from '../store/tries.ts';
import { type AttemptResult, afterAttempt, type Timing } from './attempt.ts';
import { type Delivery, type DeliveryGroup, type DeliveryId, type DeliveryPage, deliveryId } from './delivery.ts';
import { toDelivery } from './deliveryOf.ts';

/** How long a sender may take to report (ms): its whole timeout, and something for a busy machine. */
export const CLAIM_FOR = 45_000;

const lost = () => l10n.t('Firedrill ended before the answer came; it is tried again with the same event id.');

/** A row that one sender may send now. */
export interface Claim {
  /** The window that claimed it, by its name in `Presence`. */
  readonly owner: string;
  readonly row: OutboxRow;
}

/** What came of sending a claimed row once. */
export interface Report {
  readonly claim: Claim;
  readonly result: AttemptResult;
  readonly timing: Timing;
}

/** What reports changed. */
export interface Settled {
  /** Those that are still in the outbox. */
  readonly deliveries: readonly Delivery[];
  /** Those that became sent. */
  readonly failures: readonly StoredFailure[];
}

interface OutboxOptions {
  readonly now: () => number;
  /** ms until a claim without a report ends. */
  readonly claimFor?: number;
  /** A target is held, longer or no more: its rows, which may be many, wait until another time than before. */
  readonly held?: () => void;
}

/**
 * The durable queue of one instance's alerts. A row is claimed, sent and settled. A claim ends when its window is gone
 * (closed, killed, stopped), so a row whose sender died is sent again: at least once, always with the same event id.
 */
export class Outbox {
  readonly #store: StateStore;
  readonly #now: () => number;
  readonly #claimFor: number;
  readonly #held: () => void;

  constructor(store: StateStore, { now, claimFor = CLAIM_FOR, held = () => {} }: OutboxOptions) {
    this.#store = store;
    this.#now = now;
    this.#claimFor = claimFor;
    this.#held = held;
  }

  /**
   * Queues an alert of a person's. One that is in the queue for this target already is not queued twice: its row is
   * answered. A target that gave no answer is tried at once.
   */
  enqueue(alert: NewOutboxRow): Delivery {
    return this.#store.decide(() => {
      const id = this.#store.outbox.insert(alert);
      this.#endPause(id);
      return this.#delivery(id);
    });
  }

  /** One group (null: all), newest first, from behind the row `before` on (null: from the newest). */
  page(group: DeliveryGroup | null, limit: number, before: DeliveryId | null): DeliveryPage {
    const rows = this.#store.outbox.page(group, limit, before).map(toDelivery);
    const counts = this.#store.outbox.counts();
    return { rows, total: group === null ? counts.waiting + counts.failed + counts.accepted : counts[group] };
  }

  /** Those of one failure, newest first. */
  ofFailure(failure: FailureId): Delivery[] {
    return this.#store.outbox.ofFailure(failure).map(toDelivery);
  }

  /** The newest of a failure, where it waits or failed. */
  openOf(failure: FailureId): Delivery | null {
    const row = this.#store.outbox.openOf(failure);
    return row === null ? null : toDelivery(row);
  }

  get(id: DeliveryId): Delivery | null {
    const row = this.#store.outbox.get(id);
    return row === null || row.state === 'cancelled' ? null : toDelivery(row);
  }

  /** Every try with its receipt, oldest first. */
  attempts(id: DeliveryId): Attempt[] {
    return this.#store.tries.of(id);
  }

  /**
   * Makes a waiting or failed delivery due at once, also when its target gave no answer; a rate limit of its target
   * still holds it. One that is being sent is left as it is.
   */
  retry(id: DeliveryId): Delivery {
    return this.#store.decide(() => {
      const row = this.#mustHave(id);
      if (row.state === 'accepted')
        throw new Error(l10n.t('"{0}" has arrived already; send it anew to repeat it.', row.title));
      const twin = this.#store.outbox
        .ofFailure(row.failureId)
        .find((other) => other.id !== id && other.eventId === row.eventId && isOpen(other) && sameTarget(other, row));
      if (twin !== undefined) return toDelivery(twin);
      if (row.state !== 'sending') {
        const { unknownSince } = row;
        this.#store.outbox.change(id, { state: 'waiting', notBefore: null, reason: null, unknownSince });
        this.#endPause(id);
      }
      return this.#delivery(id);
    });
  }

  /**
   * Takes a waiting delivery out of the queue; its failure is pending again unless it arrived elsewhere. One that failed
   * meanwhile is left: why it did has not been read yet.
   */
  cancel(id: DeliveryId): void {
    this.#takeOut(id, 'waiting');
  }

  /** The same for a failed one, whose receipt is in no list any more. */
  remove(id: DeliveryId): void {
    this.#takeOut(id, 'failed');
  }

  #takeOut(id: DeliveryId, which: 'waiting' | 'failed'): void {
    this.#store.decide(() => {
      const row = this.#mustHave(id);
      if (row.state !== which) throw new Error(notTakenOut(row));
      this.#store.outbox.change(id, { state: 'cancelled', at: this.#now() });
      const arrived = this.#store.outbox
        .ofFailure(row.failureId)
        .some(({ state, closes }) => state === 'accepted' && closes);
      const stored = this.#store.failures.find(row.failureId);
      if (!arrived && stored?.status === 'sent') this.#store.failures.setStatus([row.failureId], 'pending');
    });
  }

  /**
   * Marks failures as dismissed; what of them waits to be sent is taken out of the queue, what is being sent goes on.
   * Answers the failures that changed, and whether deliveries went.
   */
  dismiss(failures: readonly FailureId[]): { readonly changed: readonly StoredFailure[]; readonly withdrawn: boolean } {
    return this.#store.decide(() => {
      const waiting = failures
        .flatMap((id) => this.#store.outbox.ofFailure(id))
        .filter(({ state }) => state === 'waiting');
      for (const { id } of waiting) this.#store.outbox.change(id, { state: 'cancelled', at: this.#now() });
      return { changed: this.#store.failures.setStatus(failures, 'dismissed'), withdrawn: waiting.length > 0 };
    });
  }

  /** The targets that rows wait for, with the time the first of them is due (ms since 1970). */
  waitingTargets(): WaitingTarget[] {
    return this.#store.outbox.waitingTargets();
  }

  /** When the next claim of any sender ends; null when nothing is being sent. */
  nextClaimEnd(): number | null {
    return this.#store.claims.nextEnd();
  }

  /** Claims at most `limit` due rows of a target for this window, what a person sent first. */
  claim(target: string, limit: number): Claim[] {
    const owner = this.#store.presence.id();
    const until = this.#now() + this.#claimFor;
    return this.#store.claims.claim({ target, owner, until, limit }).map((row) => ({ owner, row }));
  }

  /**
   * The request of a claimed row; null when it is not kept. To be read right before it goes out: many rows are claimed
   * at once, and one request can have megabytes.
   */
  requestOf({ row }: Claim): CanonicalRequest | null {
    return this.#store.outbox.request(row.id);
  }

  /** Gives back claimed rows that were not sent: as if they had not been claimed. */
  giveBack(claims: readonly Claim[]): Delivery[] {
    return this.#store.claims.giveBack(claims.map(({ row }) => row)).map(toDelivery);
  }

  /**
   * Whether a claim still holds, to be asked right before its request goes out: a process that was stopped for some
   * seconds must not send what another one may have taken over since.
   */
  holds({ owner }: Claim): boolean {
    return this.#store.presence.isStill(owner);
  }

  /** Gives back the rows of senders that are gone or did not report in time. */
  releaseLost(): Delivery[] {
    const gone = this.#store.claims.claimants().filter((owner) => this.#store.presence.isGone(owner));
    return this.#store.claims.releaseLost(gone, lost()).map(toDelivery);
  }

  /** Writes receipts and what becomes of their rows, durably and together: the disk is waited for once. */
  settle(reports: readonly Report[]): Settled {
    return this.#store.decide(() => {
      const rows = reports.flatMap((report) => this.#settleOne(report) ?? []);
      const arrived = rows.flatMap((row) => (row.state === 'accepted' && row.closes ? [row.failureId] : []));
      return {
        deliveries: rows.filter(({ state }) => state !== 'cancelled').map(toDelivery),
        failures: this.#store.failures.setStatus(arrived, 'sent'),
      };
    });
  }

  /**
   * A report that comes after its claim ended is written down too; of it only an acceptance still changes the row,
   * because that is a fact.
   */
  #settleOne({ claim, result, timing }: Report): OutboxRow | null {
    const { id, claimEpoch } = claim.row;
    const { outbox, tries } = this.#store;
    const mine = afterAttempt(claim.row, result, timing);
    if (outbox.settle(claim.row, mine.change)) {
      tries.add(id, claimEpoch, mine.attempt);
      return mine.change.state === 'accepted' ? { ...claim.row, ...acceptedRow(mine.change) } : outbox.get(id);
    }
    const row = outbox.get(id);
    if (row === null) return null;
    const late = afterAttempt(row, result, timing);
    tries.add(id, claimEpoch, late.attempt);
    if (late.change.state === 'accepted' && row.state !== 'accepted') outbox.change(id, late.change);
    return outbox.get(id);
  }

  /** Holds every row of a target, as its endpoint asked. */
  hold(target: string, until: number, reason: string): void {
    if (this.#store.holds.hold(target, until, reason, 'asked')) this.#held();
  }

  /** Holds them because it gave no answer; a person's wish ends it. */
  pause(target: string, until: number, reason: string): void {
    if (this.#store.holds.hold(target, until, reason, 'pause')) this.#held();
  }

  /** Ends the pauses of all targets: the way to them is another one now. */
  endPauses(): void {
    if (this.#store.holds.endPauses()) this.#held();
  }

  #endPause(id: number): void {
    if (this.#store.holds.endPause(id)) this.#held();
  }

  /** Writes down why the rows of a target do not go; answers those for which this is new. */
  explain(target: string, reason: string): Delivery[] {
    return this.#store.outbox.explain(target, reason).map(toDelivery);
  }

  /**
   * Sends the inbox's rows to another inbox, at `url`, when the one they were made for has not taken them for `after`
   * ms: its window is gone, or it has another port since. Their hash changes with the address, as the request does.
   */
  readdress(target: string, url: string, after: number): Delivery[] {
    return this.#store.decide(() =>
      this.#store.outbox.waitingFor(target).flatMap(({ id, queuedAt }) => {
        if (queuedAt > this.#now() - after) return [];
        const request = this.#store.outbox.request(id);
        if (request === null) return [];
        const sha256 = canonicalHash({ ...request, url });
        const to = { target: targetKey({ kind: 'inbox' }, url), url, sha256 };
        if (this.#store.outbox.readdress(id, to)) return [this.#delivery(id)];
        this.#store.outbox.change(id, { state: 'cancelled', at: this.#now() });
        return [];
      }),
    );
  }

  #mustHave(id: DeliveryId): OutboxRow {
    const row = this.#store.outbox.get(id);
    if (row === null || row.state === 'cancelled') throw new Error(l10n.t('This delivery is no longer in the outbox.'));
    return row;
  }

  #delivery(id: number): Delivery {
    return toDelivery(this.#mustHave(deliveryId(id)));
  }
}

/** Why a row is not what a person took it for. */
function notTakenOut({ state, title }: OutboxRow): string {
  switch (state) {
    case 'accepted':
      return l10n.t('"{0}" has arrived already and cannot be taken back.', title);
    case 'sending':
      return l10n.t('"{0}" is being sent at this moment; try again shortly.', title);
    case 'failed':
      return l10n.t('"{0}" failed meanwhile and is not sent any more; it is listed with the reason.', title);
    case 'waiting':
    case 'cancelled':
      return l10n.t('"{0}" waits to be sent again; cancel it instead.', title);
  }
}

function acceptedRow(change: RowChange & { state: 'accepted' }): Partial<OutboxRow> {
  const { state, at, status, durationMs, mayRepeat } = change;
  return { state, notBefore: null, reason: null, settledAt: at, status, durationMs, mayRepeat, unknownSince: null };
}

const isOpen = (row: OutboxRow): boolean => row.state === 'waiting' || row.state === 'sending';

const sameTarget = (a: OutboxRow, b: OutboxRow): boolean =>
  a.target.kind === 'sentry' ? b.target.kind === 'sentry' && a.target.dsn === b.target.dsn : b.target.kind === 'inbox';
