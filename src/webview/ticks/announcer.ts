import type { LaneTick } from '../protocol.ts';
import { plural } from '../shared/l10n.ts';
import { failuresIn } from './known.ts';

/** Failures found are read aloud at most this often, in ms. */
const PAUSE = 10_000;

/** Collects failures found while following, so that a burst of them is one sentence. */
export class Announcer {
  #saidAt = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  /** What is to be announced now of these and what came before; null for nothing. `now` in ms. */
  hear(news: readonly LaneTick[], now: number): string | null {
    this.#unsaid += failuresIn(news);
    if (this.#unsaid === 0 || now - this.#saidAt < PAUSE) return null;
    const count = this.#unsaid;
    this.#unsaid = 0;
    this.#saidAt = now;
    return plural(count, '{0} failure found', '{0} failures found');
  }
}
