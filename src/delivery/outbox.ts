import * as l10n from '@vscode/l10n';
import type { FailureId } from '../failure/ids.ts';
import { isLive, type LiveOutboxRow, type NewOutboxRow } from '../store/outbox.ts';
import type { StateStore } from '../store/stateStore.ts';
import type { StoredFailure } from '../store/storedFailure.ts';
import type { Try } from '../store/tries.ts';
import {
  type Delivery,
  type DeliveryGroup,
  type DeliveryId,
  type DeliveryPage,
  deliveryId,
  sameTarget,
} from './delivery.ts';
import { toDelivery } from './deliveryOf.ts';

interface OutboxOptions {
  readonly now: () => number;
  /** A pause of a target ended: its rows, which may be many, wait until another time than before. */
  readonly held?: () => void;
}

/**
 * The durable outbox of one instance's alerts, as people use it: what is in it, what is put in, tried again or taken
 * out. `SendQueue` is what the sender does with it.
 */
export class Outbox {
  readonly #store: StateStore;
  readonly #now: () => number;
  readonly #held: () => void;

  constructor(store: StateStore, { now, held = () => {} }: OutboxOptions) {
    this.#store = store;
    this.#now = now;
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
    return row === null || !isLive(row) ? null : toDelivery(row);
  }

  /** Every try with its receipt, oldest first. */
  tries(id: DeliveryId): Try[] {
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
        .find(
          (other) =>
            other.id !== id && other.eventId === row.eventId && isOpen(other) && sameTarget(other.target, row.target),
        );
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
      const stored = this.#store.failures.find(row.failureId);
      if (stored?.status === 'sent') this.#store.failures.setStatus([row.failureId], this.#undismissed(row.failureId));
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

  #endPause(id: number): void {
    if (this.#store.holds.endPause(id)) this.#held();
  }

  /** Takes dismissing back; answers the failures that changed: one that arrived is not pending. */
  restore(failures: readonly FailureId[]): StoredFailure[] {
    return this.#store.decide(() =>
      failures.flatMap((id) => {
        if (this.#store.failures.find(id)?.status !== 'dismissed') return [];
        return this.#store.failures.setStatus([id], this.#undismissed(id));
      }),
    );
  }

  #undismissed(failure: FailureId): 'sent' | 'pending' {
    const deliveries = this.#store.outbox.ofFailure(failure);
    return deliveries.some(({ state, closes }) => state === 'accepted' && closes) ? 'sent' : 'pending';
  }

  #mustHave(id: DeliveryId): LiveOutboxRow {
    const row = this.#store.outbox.get(id);
    if (row === null || !isLive(row)) throw new Error(l10n.t('This delivery is no longer in the outbox.'));
    return row;
  }

  #delivery(id: number): Delivery {
    return toDelivery(this.#mustHave(deliveryId(id)));
  }
}

/** Why a row is not what a person took it for. */
function notTakenOut({ state, title }: LiveOutboxRow): string {
  switch (state) {
    case 'accepted':
      return l10n.t('"{0}" has arrived already and cannot be taken back.', title);
    case 'sending':
      return l10n.t('"{0}" is being sent at this moment; try again shortly.', title);
    case 'failed':
      return l10n.t('"{0}" failed meanwhile and is not sent any more; it is listed with the reason.', title);
    case 'waiting':
      return l10n.t('"{0}" waits to be sent again; cancel it instead.', title);
  }
}

const isOpen = (row: LiveOutboxRow): boolean => row.state === 'waiting' || row.state === 'sending';
