import type { Delivery, EngineChange, FailureRow, InboxEvent, Overview, Tick } from './api.ts';

/** ms within which changes are told as one: at most four updates a second reach the host. */
const TELL_EVERY = 250;
/** ms that the first change after a quiet time waits for what belongs to it. */
const TELL_SOON = 15;
/** Rows of each kind in one message: the host's thread takes some ms for them, less than a frame. */
const ROWS = 250;
/** ms between the messages of a burst that is larger. */
const TELL_ON = 40;

/**
 * Collects what changed and tells it at most four times a second; the first change after a pause goes out at once.
 * Of each row only the newest state is kept, so a burst costs no more than its rows; a large one is told in parts.
 */
export class Changes {
  readonly #tell: (change: EngineChange) => void;
  readonly #overview: () => Overview;
  readonly #fault: (error: unknown) => void;
  readonly #added = new Map<string, FailureRow>();
  readonly #changed = new Map<string, FailureRow>();
  readonly #ticks = new Map<number, Tick>();
  readonly #deliveries = new Map<number, Delivery>();
  readonly #inbox = new Map<number, InboxEvent>();
  #reload = false;
  #timer: NodeJS.Timeout | undefined;
  #lastTold = 0;
  #closed = false;

  /** `fault` is told why an overview could not be made: a state that cannot be read must not end the engine. */
  constructor(overview: () => Overview, tell: (change: EngineChange) => void, fault: (error: unknown) => void) {
    this.#overview = overview;
    this.#tell = tell;
    this.#fault = fault;
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
    this.#tellIn(Math.max(TELL_SOON, this.#lastTold + TELL_EVERY - Date.now()));
  }

  /** Tells what is left and nothing more after it. */
  close(): void {
    while (this.#timer) this.#flush();
    this.#closed = true;
  }

  #tellIn(ms: number): void {
    if (this.#closed || this.#timer) return;
    this.#timer = setTimeout(() => this.#flush(), ms);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastTold = Date.now();
    const [added, changed] = [take(this.#added), take(this.#changed)];
    const [ticks, deliveries, inbox] = [take(this.#ticks), take(this.#deliveries), take(this.#inbox)];
    const overview = this.#overviewNow();
    const change: EngineChange = {
      ...(overview && { overview }),
      ...(this.#reload && { reload: true as const }),
      ...(added.length + changed.length > 0 && { failures: { added, changed } }),
      ...(ticks.length > 0 && { ticks }),
      ...(deliveries.length > 0 && { deliveries }),
      ...(inbox.length > 0 && { inbox }),
    };
    this.#reload = false;
    if (this.#added.size + this.#changed.size + this.#ticks.size + this.#deliveries.size + this.#inbox.size > 0) {
      this.#tellIn(TELL_ON);
    }
    this.#tell(change);
  }

  #overviewNow(): Overview | null {
    try {
      return this.#overview();
    } catch (error) {
      this.#fault(error);
      return null;
    }
  }
}

/** The oldest rows, as many as one message holds; they are told then. */
function take<Key, Row>(rows: Map<Key, Row>): Row[] {
  const taken = [...rows.entries()].slice(0, ROWS);
  for (const [key] of taken) rows.delete(key);
  return taken.map(([, row]) => row);
}
