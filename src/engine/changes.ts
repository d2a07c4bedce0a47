import type { Delivery, EngineChange, FailureRow, InboxEvent, Overview, Tick } from './api.ts';

/** ms within which changes are told as one: at most four updates a second reach the host. */
const TELL_EVERY = 250;
/** ms that the first change after a quiet time waits for what belongs to it. */
const TELL_SOON = 15;

/**
 * Collects what changed and tells it at most four times a second; the first change after a pause goes out at once.
 * Of each row only the newest state is kept, so a burst costs no more than its rows.
 */
export class Changes {
  readonly #tell: (change: EngineChange) => void;
  readonly #overview: () => Overview;
  readonly #added = new Map<string, FailureRow>();
  readonly #changed = new Map<string, FailureRow>();
  readonly #ticks = new Map<number, Tick>();
  readonly #deliveries = new Map<number, Delivery>();
  readonly #inbox = new Map<number, InboxEvent>();
  #reload = false;
  #timer: NodeJS.Timeout | undefined;
  #lastTold = 0;
  #closed = false;

  constructor(overview: () => Overview, tell: (change: EngineChange) => void) {
    this.#overview = overview;
    this.#tell = tell;
  }

  failuresAdded(rows: readonly FailureRow[]): void {
    for (const row of rows) this.#added.set(row.id, row);
    this.touch();
  }

  failuresChanged(rows: readonly FailureRow[]): void {
    for (const row of rows) (this.#added.has(row.id) ? this.#added : this.#changed).set(row.id, row);
    this.touch();
  }

  tick(tick: Tick): void {
    this.#ticks.set(tick.id, tick);
    this.touch();
  }

  deliveries(rows: readonly Delivery[]): void {
    for (const row of rows) this.#deliveries.set(row.id, row);
    this.touch();
  }

  inbox(events: readonly InboxEvent[]): void {
    for (const event of events) this.#inbox.set(event.id, event);
    this.touch();
  }

  /** Everything shown has to be fetched anew. */
  reload(): void {
    this.#reload = true;
    this.touch();
  }

  /** Something that the overview tells has changed. */
  touch(): void {
    if (this.#closed || this.#timer) return;
    const wait = Math.max(TELL_SOON, this.#lastTold + TELL_EVERY - Date.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  /** Tells what is left and nothing more after it. */
  close(): void {
    if (this.#timer) this.#flush();
    this.#closed = true;
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastTold = Date.now();
    const change: EngineChange = {
      overview: this.#overview(),
      ...(this.#reload && { reload: true as const }),
      ...(this.#added.size + this.#changed.size > 0 && {
        failures: { added: [...this.#added.values()], changed: [...this.#changed.values()] },
      }),
      ...(this.#ticks.size > 0 && { ticks: [...this.#ticks.values()] }),
      ...(this.#deliveries.size > 0 && { deliveries: [...this.#deliveries.values()] }),
      ...(this.#inbox.size > 0 && { inbox: [...this.#inbox.values()] }),
    };
    this.#reload = false;
    for (const part of [this.#added, this.#changed, this.#ticks, this.#deliveries, this.#inbox]) part.clear();
    this.#tell(change);
  }
}
