import * as l10n from '@vscode/l10n';
import type { Seen } from '../channels/sentry/apiAnswer.ts';
import type { EventId } from '../failure/ids.ts';
import type { Confirmations } from '../store/confirmations.ts';
import type { Delivery, DeliveryTarget } from './delivery.ts';
import { deliveryId } from './delivery.ts';
import type { Outbox } from './outbox.ts';
import { pauseAfter } from './retry.ts';

/** Looks events of one target up. */
export interface Lookup {
  find(event: EventId): Promise<Seen>;
  /** What was dropped of the project's events between two times (ms since 1970), for people; null when not known. */
  dropped(from: number, to: number): Promise<string | null>;
}

export interface ConfirmerPorts {
  readonly confirmations: Confirmations;
  readonly outbox: Outbox;
  /** null while there is no token for the target, or it must not be asked. */
  lookup(target: DeliveryTarget): Promise<Lookup | null>;
  changed(deliveries: readonly Delivery[]): void;
  fault(error: unknown): void;
  /** ms since 1970. */
  now(): number;
  /** In [0, 1). */
  random(): number;
}

/** ms after an acceptance until it is first asked about: Sentry shows an event after a second or two. */
const FIRST_AFTER = 2_000;
/** ms after an acceptance after which nobody asks any more. */
export const GIVE_UP_AFTER = 3_600_000;
/** ms that one question may take before another window asks in this one's place. */
const CLAIM_FOR = 120_000;
/** ms between two questions: an API is for people, and limits how often it is asked. */
const APART = 250;
/** Accepted deliveries that are asked about after the fact: they are of one hour, and one is asked about at a time. */
const ASKED_LATER = 500;
/** ms between two looks whether another window left something. */
const IDLE_LOOK = 30_000;

/**
 * Asks Sentry whether it has what it accepted, for those who gave an auth token: one question at a time, with growing
 * pauses, for an hour. Nothing waits for it.
 */
export class Confirmer {
  readonly #ports: ConfirmerPorts;
  #timer: NodeJS.Timeout | undefined;
  #asking: Promise<void> | null = null;
  #stopped = false;

  constructor(ports: ConfirmerPorts) {
    this.#ports = ports;
    this.#schedule(0);
  }

  /** Tells of deliveries that changed: those just accepted are asked about where there is a token. */
  async changed(deliveries: readonly Delivery[]): Promise<void> {
    const fresh = deliveries.filter(({ state }) => state.kind === 'accepted' && state.confirmation === undefined);
    try {
      await this.#begin(fresh);
    } catch (error) {
      this.#ports.fault(error);
    }
  }

  /**
   * There may be a token now that there was not, or another one: what was accepted within the hour and not seen is
   * asked about.
   */
  async tokensChanged(): Promise<void> {
    const { confirmations, outbox, now, fault, changed } = this.#ports;
    try {
      const ids = confirmations.unseen(now() - GIVE_UP_AFTER, ASKED_LATER);
      const begun = await this.#begin(ids.flatMap((id) => outbox.get(deliveryId(id)) ?? []));
      const unsaid = begun.filter(({ state }) => state.kind === 'accepted' && state.confirmation !== undefined);
      if (unsaid.length > 0 && !this.#stopped) changed(unsaid.flatMap(({ id }) => outbox.get(id) ?? []));
    } catch (error) {
      fault(error);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#asking;
  }

  /** Puts those into the queue that can be asked about; answers these. */
  async #begin(deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const { lookup, confirmations, now } = this.#ports;
    const begun: Delivery[] = [];
    const byTarget = new Map<string, Delivery[]>();
    for (const delivery of deliveries) {
      if (delivery.target.kind !== 'sentry') continue;
      const { dsn } = delivery.target;
      byTarget.set(dsn, [...(byTarget.get(dsn) ?? []), delivery]);
    }
    for (const those of byTarget.values()) {
      const [first] = those;
      if (first === undefined || (await lookup(first.target)) === null || this.#stopped) continue;
      confirmations.begin(
        those.map(({ id }) => id),
        now() + FIRST_AFTER,
      );
      begun.push(...those);
      this.#schedule(FIRST_AFTER);
    }
    return begun;
  }

  #schedule(delay: number): void {
    if (this.#stopped || this.#asking !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => {
        this.#asking = this.#askNext()
          .catch((error) => this.#ports.fault(error))
          .finally(() => {
            this.#asking = null;
            this.#schedule(this.#pause());
          });
      },
      Math.min(Math.max(delay, APART), IDLE_LOOK),
    );
  }

  #pause(): number {
    try {
      return (this.#ports.confirmations.nextAt() ?? Number.POSITIVE_INFINITY) - this.#ports.now();
    } catch {
      return IDLE_LOOK; // the next look says what is wrong with the state
    }
  }

  async #askNext(): Promise<void> {
    const { confirmations, outbox, lookup, now, random } = this.#ports;
    const next = confirmations.claim(now(), now() + CLAIM_FOR);
    if (next === null) return;
    const delivery = outbox.get(deliveryId(next.id));
    if (delivery?.state.kind !== 'accepted') return;
    const acceptedAt = delivery.state.at;
    const api = await lookup(delivery.target);
    const seen: Seen =
      api === null
        ? { kind: 'later', words: l10n.t('There is no auth token for it any more.') }
        : await api.find(delivery.eventId);
    switch (seen.kind) {
      case 'seen':
        return this.#end(delivery, { kind: 'confirmed', at: now(), issueUrl: seen.issueUrl });
      case 'impossible':
        return this.#end(delivery, { kind: 'unseen', at: now(), words: seen.words });
      case 'not-there':
      case 'later': {
        const at = now() + pauseAfter(next.tries, random());
        if (at <= acceptedAt + GIVE_UP_AFTER) return confirmations.again(next.id, at);
        const dropped = seen.kind === 'not-there' && api !== null ? await api.dropped(acceptedAt, now()) : null;
        return this.#end(delivery, { kind: 'unseen', at: now(), words: unseenWords(seen, dropped) });
      }
    }
  }

  #end({ id }: Delivery, confirmation: Parameters<Confirmations['end']>[1]): void {
    const { confirmations, outbox, changed } = this.#ports;
    confirmations.end(id, confirmation);
    const now = outbox.get(id);
    if (now !== null) changed([now]);
  }
}

function unseenWords(seen: Seen & { kind: 'not-there' | 'later' }, dropped: string | null): string {
  if (seen.kind === 'later') return l10n.t('It could not be looked up. {0}', seen.words);
  const unseen = l10n.t('It was not seen in Sentry within an hour.');
  return dropped === null
    ? unseen
    : l10n.t('{0} Sentry dropped events of this project in that time: {1}.', unseen, dropped);
}
