/** Failures found are read aloud at most this often, in ms. */
const PAUSE = 10_000;

/** Collects failures found while following, so that a burst of them is one sentence. */
export class Announcer {
  #saidAt = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  /** How many failures are to be announced now; 0 for nothing. `now` in ms. */
  add(failures: number, now: number): number {
    this.#unsaid += failures;
    if (this.#unsaid === 0 || now - this.#saidAt < PAUSE) return 0;
    const count = this.#unsaid;
    this.#unsaid = 0;
    this.#saidAt = now;
    return count;
  }
}
