import { type InboxStore, KEPT } from '../../store/inboxEvents.ts';
import type { InboxEvent } from '../delivery.ts';

/** What other windows' inboxes did since the last look. */
export interface OtherInboxesNews {
  readonly received: readonly InboxEvent[];
  /** Events were taken away. */
  readonly cleared: boolean;
}

/** Watches the events that several windows keep in one file. Own writes go unnoticed, as their window tells them. */
export class OtherInboxes {
  readonly #store: InboxStore;
  readonly #own = new Set<number>();
  #version: number;
  #size: number;
  #last: number;

  constructor(store: InboxStore) {
    this.#store = store;
    this.#version = store.dataVersion();
    this.#size = store.size();
    this.#last = store.list(1)[0]?.id ?? 0;
  }

  /** This window kept an event, and told so itself. */
  own(id: number): void {
    this.#own.add(id);
  }

  /** null when nobody else wrote since the last call: it costs some µs then. */
  news(): OtherInboxesNews | null {
    const version = this.#store.dataVersion();
    if (version === this.#version) {
      // Nobody else wrote up to here: what came was all ours.
      this.#last = Math.max(this.#last, ...this.#own);
      this.#size += this.#own.size;
      this.#own.clear();
      return null;
    }
    this.#version = version;
    const added = this.#store.list(KEPT, this.#last);
    const received = added.filter(({ id }) => !this.#own.has(id));
    const size = this.#store.size();
    const cleared = size < Math.min(KEPT, this.#size + added.length);
    this.#own.clear();
    this.#size = size;
    this.#last = Math.max(this.#last, added[0]?.id ?? 0);
    return received.length > 0 || cleared ? { received, cleared } : null;
  }
}
