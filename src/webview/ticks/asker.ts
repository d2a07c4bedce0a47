import { covers, type Held, toAsk } from './held.ts';
import type { Range } from './viewport.ts';

/** Waits this long, in ms, for the view to come to rest before it asks. */
const REST = 200;

/**
 * Asks for the ticks of the stretch in view when they are not held, and never twice where the answer would be the same.
 * An answer holds the newest ticks of what was asked for, as many as fit: what came before its oldest is asked for
 * again, up to a smaller end, once the view stands there.
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
    if (covers(held, view, now)) return;
    const next = this.#next(view, held, now);
    if (next === null) return;
    this.#asked = next;
    this.#ask(next);
  }

  /** What to ask for; null where it was asked already. */
  #next(view: Range, held: Held, now: number): Range | null {
    const asked = this.#asked;
    const next = toAsk(view, now);
    const to = Math.min(view.to, now);
    if (asked === null || to > asked.to) return next;
    const wasCut = held.from > asked.from;
    if (!wasCut) return view.from >= asked.from ? null : next;
    // Up to an end behind which nothing is held, the newest ticks would be the same ones.
    const newest = held.ticks[0]?.lastStartedAt ?? Number.NEGATIVE_INFINITY;
    return newest > to ? { from: next.from, to } : null;
  }
}
