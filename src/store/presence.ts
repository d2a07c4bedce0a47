import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';

/** ms between two signs of life. */
const BEAT_EVERY = 1_000;
/** ms without a sign of life after which a window counts as gone: closed, killed or stopped. */
export const GONE_AFTER = 3_000;

/**
 * The sign of life of one window (or command line) at a state file: a file beside it whose time is set every second.
 * Touching a file costs no write to the state, so nobody mistakes it for news. Who was silent for three seconds is
 * gone for good: should it wake up, it goes on under another name, as others may have taken its work meanwhile.
 * Owner and observers compare the same file's time with the same clock, so both come to the same answer.
 */
export class Presence {
  readonly #stateFile: string;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #id = randomUUID() as string;
  #beatAt: number;

  /** @param now ms since 1970. */
  constructor(stateFile: string, now: () => number) {
    this.#stateFile = stateFile;
    this.#now = now;
    this.#beatAt = now();
    this.#sweep();
    this.#touch();
    this.#timer = setInterval(() => this.#beatByItself(), BEAT_EVERY);
    this.#timer.unref();
  }

  /** The name of this window; another one after it was silent for too long. */
  id(): string {
    if (this.#lapsed()) this.beat();
    return this.#id;
  }

  /** Whether this window has had the name all the time, so that nobody can have taken over what it claimed under it. */
  isStill(id: string): boolean {
    return id === this.#id && !this.#lapsed();
  }

  /** Whether the window of this name is closed, killed or stopped. */
  isGone(id: string): boolean {
    const at = statSync(this.#fileOf(id), { throwIfNoEntry: false })?.mtimeMs;
    return at === undefined || !isFresh(at, this.#now());
  }

  /** Gives the sign of life. */
  beat(): void {
    if (this.#lapsed()) {
      rmSync(this.#fileOf(this.#id), { force: true });
      this.#id = randomUUID();
    }
    this.#touch();
  }

  close(): void {
    clearInterval(this.#timer);
    rmSync(this.#fileOf(this.#id), { force: true });
  }

  #beatByItself(): void {
    try {
      this.beat();
    } catch {
      // A window that cannot show itself is gone to the others, and to itself: `id` throws what is in the way.
    }
  }

  #touch(): void {
    const now = this.#now();
    closeSync(openSync(this.#fileOf(this.#id), 'a', 0o600));
    utimesSync(this.#fileOf(this.#id), now / 1000, now / 1000);
    this.#beatAt = now;
  }

  #lapsed(): boolean {
    return !isFresh(this.#beatAt, this.#now());
  }

  /** Removes what killed windows left. */
  #sweep(): void {
    const folder = path.dirname(this.#stateFile);
    const start = this.#prefix();
    for (const name of readdirSync(folder)) {
      if (name.startsWith(start) && this.isGone(name.slice(start.length)))
        rmSync(path.join(folder, name), { force: true });
    }
  }

  #prefix(): string {
    return `${path.basename(this.#stateFile)}.window-`;
  }

  #fileOf(id: string): string {
    return path.join(path.dirname(this.#stateFile), this.#prefix() + id);
  }
}

/** A time far ahead was set before the machine's clock was put back. */
const isFresh = (at: number, now: number): boolean => Math.abs(now - at) <= GONE_AFTER;
