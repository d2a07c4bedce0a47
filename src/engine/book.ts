import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { keyOf } from '../channels/sentry/envelope.ts';
import { rateLimitUntil } from '../channels/sentry/rateLimit.ts';
import { verdictOf } from '../channels/sentry/verdict.ts';
import { Confirmer } from '../delivery/confirmer.ts';
import type { Delivery, DeliveryGroup, DeliveryId, DeliveryPage, DeliveryTarget } from '../delivery/delivery.ts';
import { deliveryId } from '../delivery/delivery.ts';
import { HttpClient } from '../delivery/httpClient.ts';
import { Outbox } from '../delivery/outbox.ts';
import { type KeyResolution, Sender } from '../delivery/sender.ts';
import { SendQueue } from '../delivery/sendQueue.ts';
import type { FailureId, InstanceId } from '../failure/ids.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { News } from '../store/news.ts';
import { type NewOutboxRow, openStateStore, type StateStore, type StoredFailure } from '../store/stateStore.ts';
import type { Try } from '../store/tries.ts';
import type { EngineSettings } from './api.ts';
import { EventLookups } from './eventLookups.ts';
import { OtherWindows } from './otherWindows.ts';
import type { Targets } from './targets.ts';

export interface BookPorts {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly targets: Targets;
  isApproved(target: DeliveryTarget): boolean;
  /** The user's token for the API of a Sentry host; null without one. */
  readonly authToken: (host: string) => Promise<string | null>;
  onDeliveries(deliveries: readonly Delivery[]): void;
  /** Deliveries, perhaps many, are gone or wait until another time: what is shown has to be read anew. */
  onOutdated(): void;
  onFailures(changed: readonly StoredFailure[]): void;
  /** Another window wrote to the state. */
  onNews(book: Book, news: News): void;
  /** Tells the user. */
  notify(message: string): void;
  warn(message: string): void;
}

/** The state of one instance with what delivers from it: its outbox and the sender that empties it. */
export class Book {
  readonly instance: InstanceId;
  readonly store: StateStore;
  readonly #outbox: Outbox;
  readonly #queue: SendQueue;
  readonly #sender: Sender;
  readonly #confirmer: Confirmer;
  readonly #others: OtherWindows;
  readonly #ports: BookPorts;
  #client: HttpClient;
  #proxy: EngineSettings['proxy'];

  constructor(instance: InstanceId, settings: EngineSettings, ports: BookPorts) {
    this.#ports = ports;
    this.instance = instance;
    const { store, notes } = openStateStore({ folder: ports.folder, instance, now: Date.now });
    for (const note of notes) ports.notify(note);
    this.store = store;
    this.#proxy = settings.proxy;
    this.#client = new HttpClient({ proxy: settings.proxy, env: ports.env });
    const held = () => ports.onOutdated();
    this.#outbox = new Outbox(store, { now: Date.now, held });
    this.#queue = new SendQueue(store, { now: Date.now, held });
    this.#sender = new Sender({
      queue: this.#queue,
      client: () => this.#client,
      resolveKey: (target) => this.#keyFor(target),
      verdict: verdictOf,
      holdUntil: rateLimitUntil,
      changed: (deliveries, failures) => {
        this.#ports.onDeliveries(deliveries);
        void this.#confirmer.changed(deliveries);
        if (failures.length > 0) this.#ports.onFailures(failures);
      },
      fault: (error) => ports.warn(`Delivery: ${messageOf(error)}`),
      now: Date.now,
      elapsed: () => performance.now(),
      random: Math.random,
    });
    const lookups = new EventLookups({
      targets: ports.targets,
      client: () => this.#client,
      authToken: ports.authToken,
    });
    this.#confirmer = new Confirmer({
      confirmations: store.confirmations,
      outbox: this.#outbox,
      lookup: (target) => lookups.of(target),
      changed: (deliveries) => ports.onDeliveries(deliveries),
      fault: (error) => ports.warn(`Looking for events in Sentry: ${messageOf(error)}`),
      now: Date.now,
      random: Math.random,
    });
    this.#others = new OtherWindows({
      store,
      onNews: (news) => ports.onNews(this, news),
      onFault: (error) => ports.warn(messageOf(error)),
    });
    void this.#confirmer.tokensChanged(); // there may be one since the state was last open
    this.#sender.wake();
  }

  /** Proxy or DSNs may be others now. */
  configure(settings: EngineSettings): void {
    if (!isDeepStrictEqual(this.#proxy, settings.proxy)) {
      this.#proxy = settings.proxy;
      const before = this.#client;
      this.#client = new HttpClient({ proxy: settings.proxy, env: this.#ports.env });
      before.close();
      this.#queue.endPauses();
    }
    this.#sender.wake();
  }

  enqueue(alert: NewOutboxRow): Delivery {
    const delivery = this.#outbox.enqueue(alert);
    this.#ports.onDeliveries([delivery]);
    this.#sender.wake();
    return delivery;
  }

  retry(id: DeliveryId): Delivery {
    const delivery = this.#outbox.retry(id);
    this.#ports.onDeliveries([delivery]);
    this.#sender.wake();
    return delivery;
  }

  /** The user set, replaced or removed an auth token. */
  async tokensChanged(): Promise<void> {
    await this.#confirmer.tokensChanged();
  }

  /** The issue that a confirmed delivery's event joined; null where it is not known. */
  issueUrl(id: DeliveryId): string | null {
    const state = this.#outbox.get(id)?.state;
    return state?.kind === 'accepted' && state.confirmation?.kind === 'confirmed' ? state.confirmation.issueUrl : null;
  }

  /** Cancels a delivery that waits, or removes one that failed. */
  takeOut(id: DeliveryId, which: 'waiting' | 'failed'): void {
    const before = this.#outbox.get(id);
    if (which === 'waiting') this.#outbox.cancel(id);
    else this.#outbox.remove(id);
    if (before) this.#failureChanged(before.failureId);
    this.#ports.onOutdated();
  }

  /** Dismisses failures; what of them waits is not sent any more. */
  dismiss(ids: readonly FailureId[]): void {
    const { changed, withdrawn } = this.#outbox.dismiss(ids);
    this.#ports.onFailures(changed);
    if (withdrawn) this.#ports.onOutdated();
  }

  /** Takes dismissing back. */
  restore(ids: readonly FailureId[]): void {
    this.#ports.onFailures(this.#outbox.restore(ids));
  }

  deliveries(group: DeliveryGroup | null, limit: number, before: DeliveryId | null): DeliveryPage {
    return this.#outbox.page(group, limit, before);
  }

  /** Every try of a delivery, oldest first. */
  tries(id: DeliveryId): Try[] {
    return this.#outbox.tries(id);
  }

  /** Newest first. */
  deliveriesOf(failure: FailureId): Delivery[] {
    return this.#outbox.ofFailure(failure);
  }

  /** The newest, where it waits or failed. */
  openDelivery(failure: FailureId): Delivery | null {
    return this.#outbox.openOf(failure);
  }

  /** Those of the ids that are still in the outbox. */
  deliveriesOfIds(ids: readonly number[]): Delivery[] {
    return ids.flatMap((id) => this.#outbox.get(deliveryId(id)) ?? []);
  }

  /** Takes over what was made before an instance was found; its book must be closed. */
  adopt(file: string): void {
    this.store.adopt(file);
    this.#sender.wake();
  }

  /** Rows were put into the outbox by a tick. */
  queued(ids: readonly number[]): void {
    this.#ports.onDeliveries(this.deliveriesOfIds(ids));
    this.#sender.wake();
  }

  async close(): Promise<void> {
    this.#others.close();
    await this.#sender.stop();
    await this.#confirmer.stop();
    this.#client.close();
    this.store.close();
  }

  async #keyFor(target: DeliveryTarget): Promise<KeyResolution> {
    if (!this.#ports.isApproved(target)) {
      return { outcome: 'unavailable', reason: l10n.t('Waiting for your agreement to send to this Sentry project.') };
    }
    const dsn = await this.#ports.targets.dsnFor(target);
    if (dsn === null) {
      const reason =
        target.kind === 'inbox'
          ? l10n.t('The inbox is not listening.')
          : l10n.t(
              'No code location here has the DSN of project {0} on {1} now. Where only the webserver knows its folder, dagster dev must run.',
              target.project,
              target.host,
            );
      return { outcome: 'unavailable', reason };
    }
    return {
      outcome: 'resolved',
      ...keyOf(dsn),
    };
  }

  #failureChanged(id: FailureId): void {
    const stored = this.store.failures.find(id);
    if (stored) this.#ports.onFailures([stored]);
  }
}
