import { covers, type Held, toAsk } from './held.ts';
import type { Range } from './viewport.ts';

/** Waits this long, in ms, for the view to come to rest before it asks. */
const REST = 200;

/**
 * Asks for the ticks of the stretch in view when they are not held: once for each stretch, also when the answer holds
 * less than was asked for, as it may where there are very many ticks.
 */
export class Asker {
  readonly #ask: (range: Range) => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked: Range | null = null;

  constructor(ask: (range: Range) => void) {
    this.#ask = ask;
  }

  /** A snapshot came. One that answers no question, as after a change of instance, makes room for the same question. */
  answered(range: Range): void {
    if (this.#asked?.to !== range.to) this.#asked = null;
  }

  /** Looks again when the view has come to rest; `state` is read then. */
  look(state: () => { readonly view: Range; readonly held: Held }): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(state(), Date.now()), REST);
  }

  #look({ view, held }: { readonly view: Range; readonly held: Held }, now: number): void {
    const asked = this.#asked;
    if (covers(held, view, now)) return;
    if (asked !== null && view.from >= asked.from && Math.min(view.to, now) <= asked.to) return;
    this.#asked = toAsk(view, now);
    this.#ask(this.#asked);
  }
}
