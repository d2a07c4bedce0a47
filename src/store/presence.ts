import { randomUUID } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { errorCode } from '../failure/messageOf.ts';

/** ms between two signs of life. */
const BEAT_EVERY = 1_000;
/** ms without a sign of life after which a window counts as gone: closed, killed or stopped. */
export const GONE_AFTER = 3_000;

/** What a sign of life holds: who gives it. `processes` names the machine or container in which the number means something. */
const holder = v.pipe(v.string(), v.parseJson(), v.object({ pid: v.number(), processes: v.string() }));

/** A window that is there and silent. */
export interface SilentWindow {
  readonly pid: number;
  /** ms since 1970. */
  readonly since: number;
}

/**
 * The sign of life of one window (or command line) at a state file: a file beside it whose time is set every second.
 * Touching a file costs no write to the state, so nobody mistakes it for news. Who was silent for three seconds is
 * gone for good: should it wake up, it goes on under another name, as others may have taken its work meanwhile. Who was
 * killed is gone at once, where its process can be looked for.
 * Owner and observers compare the same file's time with the same clock, so both come to the same answer.
 */
export class Presence {
  readonly #stateFile: string;
  readonly #now: () => number;
  readonly #timer: NodeJS.Timeout;
  #id: string = randomUUID();
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
    const file = this.#fileOf(id);
    const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return at === undefined || !isFresh(at, this.#now()) || !mayRun(file);
  }

  /** Windows that may run and give no sign of life: stopped, or held up. */
  silent(): SilentWindow[] {
    const now = this.#now();
    return this.#names().flatMap((id) => {
      const file = this.#fileOf(id);
      const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      if (id === this.#id || since === undefined || isFresh(since, now) || !mayRun(file)) return [];
      const found = holderOf(file);
      return found ? [{ pid: found.pid, since }] : [];
    });
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
    const file = this.#fileOf(this.#id);
    if (existsSync(file)) utimesSync(file, now / 1000, now / 1000);
    else {
      // A new one comes with its time: where the drive's clock is another, one without it would pass for a window that
      // is gone, and be swept away.
      const coming = `${this.#stateFile}.coming-${this.#id}`;
      writeFileSync(coming, JSON.stringify({ pid: process.pid, processes: processes() }), { mode: 0o600 });
      utimesSync(coming, now / 1000, now / 1000);
      renameSync(coming, file);
    }
    this.#beatAt = now;
  }

  #lapsed(): boolean {
    return !isFresh(this.#beatAt, this.#now());
  }

  /** Removes what killed windows left. */
  #sweep(): void {
    for (const id of this.#names()) if (this.isGone(id)) rmSync(this.#fileOf(id), { force: true });
  }

  /** The names of all windows that left a sign. */
  #names(): string[] {
    const start = this.#prefix();
    const files = readdirSync(path.dirname(this.#stateFile));
    return files.flatMap((file) => (file.startsWith(start) ? [file.slice(start.length)] : []));
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

/** Whether the process that gave the sign may still run; where that cannot be known, its silence tells. */
function mayRun(file: string): boolean {
  const found = holderOf(file);
  if (!found || found.processes !== processes()) return true;
  try {
    process.kill(found.pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}

/** Who gives a sign of life; null where it has just been taken away, cannot be read, or holds something else. */
function holderOf(file: string): v.InferOutput<typeof holder> | null {
  try {
    return v.parse(holder, readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Where process numbers mean the same: the machine, on Linux its container too. */
function processes(): string {
  const space = process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  return `${hostname()} ${space}`;
}
