import { setImmediate as breathe } from 'node:timers/promises';
import { EventLogError } from '../dagster/eventLog.ts';
import type { StoredSensor, StoredTick } from '../dagster/scheduleRows.ts';
import type { ScheduleStorage } from '../dagster/scheduleStorage.ts';
import type { OwnActivity, OwnSensor } from './api.ts';
import { heldFrom } from './heldFrom.ts';
import { OwnTicks } from './ownTicks.ts';

/** Ticks read at a time: some 5 ms, then others have their turn. */
const CHUNK = 400;
/** Ticks held; Dagster keeps skipped ones for a week, which is 20,160 of a sensor that ticks every half minute. */
const HELD = 20_000;
/** A sensor that has not ticked for this long (ms) is taken for one that its project no longer has. */
const FORGOTTEN = 7 * 86_400_000;

export interface OwnQuery {
  /** ms since 1970. */
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/**
 * The instance's own sensors and their ticks: read when they are asked for, and then only what is new. Nothing is
 * read between two questions.
 */
export class OwnSensors {
  readonly #storage: ScheduleStorage;
  /** The storage's at the last read; null where it has to be read again. */
  #stamp: string | null = null;
  #sensors: readonly StoredSensor[] = [];
  #ticks = new OwnTicks();
  /** The last id that was read, and from when on (ms since 1970) all is held; null before the first read. */
  #read: { readonly last: number; readonly from: number } | null = null;
  /** One reader at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(storage: ScheduleStorage) {
    this.#storage = storage;
  }

  /** Sensors, and the rows that touch a stretch of time, newest first. */
  activity(query: OwnQuery, now: number): Promise<OwnActivity> {
    return this.#inTurn(async () => {
      await this.#refresh(query.from, now);
      const ticks = this.#ticks.range(query);
      const from = Math.max(heldFrom(query, ticks), this.#read?.from ?? query.from);
      return { version: this.#ticks.version, from, sensors: this.#status(now), ticks };
    });
  }

  /** Sensors, and the rows that changed since a version; null while nothing has. */
  news(version: number, now: number): Promise<OwnActivity | null> {
    return this.#inTurn(async () => {
      const changed = await this.#refresh(this.#read?.from ?? now, now);
      if (!changed && version === this.#ticks.version) return null;
      return {
        version: this.#ticks.version,
        from: this.#read?.from ?? now,
        sensors: this.#status(now),
        ticks: this.#ticks.since(version),
      };
    });
  }

  async close(): Promise<void> {
    await this.#turn;
    this.#storage.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined); // the caller is told; the next turn comes all the same
    return turn;
  }

  /** Reads what is new, and back to `from` (ms since 1970). Answers whether anything had changed. */
  async #refresh(from: number, now: number): Promise<boolean> {
    try {
      const stamp = await this.#storage.stamp(now);
      const changed = stamp === null || stamp !== this.#stamp;
      if (this.#read === null || from < this.#read.from) await this.#readBack(from);
      else if (changed) await this.#readOn(this.#read);
      if (changed) this.#sensors = await this.#storage.sensors();
      this.#stamp = stamp;
      return changed;
    } catch (error) {
      // Until its daemon first runs, an instance may have no such file; one that is locked is read the next time.
      if (error instanceof EventLogError && ['gone', 'no-tables', 'locked'].includes(error.fault)) return false;
      throw error;
    }
  }

  async #readOn(read: { readonly last: number; readonly from: number }): Promise<void> {
    const started = this.#ticks.started();
    if (started.length > 0) this.#ticks.add((await this.#storage.these(started)).ticks);
    for (let { last } = read; ; await breathe()) {
      const { ticks, ids } = await this.#storage.after(last, CHUNK);
      if (ids === null) return;
      this.#ticks.add(ticks);
      last = ids.last;
      this.#read = { from: read.from, last };
    }
  }

  async #readBack(from: number): Promise<void> {
    const parts: (readonly StoredTick[])[] = [];
    let first = Number.MAX_SAFE_INTEGER;
    let last = 0;
    let reached = from;
    for (let count = 0; ; await breathe()) {
      const { ticks, ids } = await this.#storage.before(first, CHUNK);
      if (ids === null) break;
      parts.push(ticks);
      last = Math.max(last, ids.first);
      first = ids.last;
      count += CHUNK;
      const oldest = ticks.at(-1)?.startedAt ?? Number.POSITIVE_INFINITY;
      if (oldest < from) break;
      if (count >= HELD) {
        reached = oldest;
        break;
      }
    }
    this.#ticks = new OwnTicks(this.#ticks.version);
    this.#ticks.add(parts.reverse().flatMap((part) => part.toReversed()));
    this.#read = { last, from: reached };
  }

  #status(now: number): OwnSensor[] {
    return this.#sensors
      .filter(({ lastTickAt }) => lastTickAt !== null && now - lastTickAt < FORGOTTEN)
      .map((sensor): OwnSensor => {
        const { id, name, codeLocation, running, cursor, lastTickAt, interval } = sensor;
        const due = running && lastTickAt !== null && interval !== null ? lastTickAt + interval : null;
        const ticking = this.#ticks.isTicking(id);
        return { id, name, codeLocation, running, ticking, cursor, nextTickAt: due, lastTick: this.#ticks.last(id) };
      })
      .sort((a, b) => compare(a.codeLocation ?? '', b.codeLocation ?? '') || compare(a.name, b.name));
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
