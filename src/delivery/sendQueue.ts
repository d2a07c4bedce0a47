import * as l10n from '@vscode/l10n';
import { canonicalHash } from '../channels/canonicalHash.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import {
  isLive,
  type LiveOutboxRow,
  type OutboxRow,
  type RowChange,
  targetKey,
  type WaitingTarget,
} from '../store/outbox.ts';
import type { StateStore } from '../store/stateStore.ts';
import type { StoredFailure } from '../store/storedFailure.ts';
import { afterTry, type Timing, type TryResult } from './afterTry.ts';
import type { Delivery } from './delivery.ts';
import { toDelivery } from './deliveryOf.ts';

/** How long a sender may take to report (ms): its whole timeout, and something for a busy machine. */
const CLAIM_FOR = 45_000;

const lost = () => l10n.t('Firedrill ended before the answer came; it is tried again with the same event id.');

/** A row that one sender may send now. */
export interface Claim {
  /** The window that claimed it, by its name in `Presence`. */
  readonly owner: string;
  readonly row: LiveOutboxRow;
}

/** What came of sending a claimed row once. */
export interface Report {
  readonly claim: Claim;
  readonly result: TryResult;
  readonly timing: Timing;
}

/** What reports changed. */
export interface Settled {
  /** Those that are still in the outbox. */
  readonly deliveries: readonly Delivery[];
  /** Those that became sent. */
  readonly failures: readonly StoredFailure[];
}

interface SendQueueOptions {
  readonly now: () => number;
  /** A target is held, longer or no more: its rows, which may be many, wait until another time than before. */
  readonly held?: () => void;
}

/**
 * The outbox as a sender uses it. A row is claimed, sent and settled. A claim ends when its window is gone (closed,
 * killed, stopped), so a row whose sender died is sent again: at least once, always with the same event id.
 */
export class SendQueue {
  readonly #store: StateStore;
  readonly #now: () => number;
  readonly #held: () => void;

  constructor(store: StateStore, { now, held = () => {} }: SendQueueOptions) {
    this.#store = store;
    this.#now = now;
    this.#held = held;
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
    const until = this.#now() + CLAIM_FOR;
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
        deliveries: rows.filter(isLive).map(toDelivery),
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
    const mine = afterTry(claim.row, result, timing);
    if (outbox.settle(claim.row, mine.change)) {
      tries.add(id, claimEpoch, mine.receipt);
      return mine.change.state === 'accepted' ? { ...claim.row, ...acceptedRow(mine.change) } : outbox.get(id);
    }
    const row = outbox.get(id);
    if (row === null) return null;
    const late = afterTry(row, result, timing);
    tries.add(id, claimEpoch, late.receipt);
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

  /** Writes down why the rows of a target do not go; answers those for which this is new. */
  explain(target: string, reason: string): Delivery[] {
    return this.#store.outbox.explain(target, reason).map(toDelivery);
  }

  /**
   * Sends the inbox's rows to another inbox, at `url`, when the one they were made for has not taken them for `after`
   * ms: its window is gone, or it has another port since. Their hash changes with the address, as the request does.
   */
  readdress(target: string, url: string, after: number): Delivery[] {
    const readdressed = this.#store.decide(() =>
      this.#store.outbox.waitingFor(target).flatMap(({ id, queuedAt }) => {
        if (queuedAt > this.#now() - after) return [];
        const request = this.#store.outbox.request(id);
        if (request === null) return [];
        const sha256 = canonicalHash({ ...request, url });
        const to = { target: targetKey({ kind: 'inbox' }, url), url, sha256 };
        if (this.#store.outbox.readdress(id, to)) return this.#store.outbox.get(id) ?? [];
        this.#store.outbox.change(id, { state: 'cancelled', at: this.#now() });
        return [];
      }),
    );
    return readdressed.filter(isLive).map(toDelivery);
  }
}

function acceptedRow(change: RowChange & { state: 'accepted' }): Partial<OutboxRow> {
  const { state, at, status, durationMs, mayRepeat } = change;
  return { state, notBefore: null, reason: null, settledAt: at, status, durationMs, mayRepeat, unknownSince: null };
}
