import { type EventLog, type EventLogCursor, EventLogError } from '../dagster/eventLog.ts';
import { SENSOR_KIND, SENSOR_NAMES, type SensorName, type Tick, type TickTrigger } from './tick.ts';

export interface ClockSettings {
  /** ms between interval ticks; the specification's 60 s. */
  readonly tickInterval: number;
  /** ms between peeks. */
  readonly peekInterval: number;
}

/** What the clock needs of the engine. */
export interface ClockPorts {
  readonly log: EventLog;
  cursor(sensor: SensorName): EventLogCursor | null;
  isRunning(sensor: SensorName): boolean;
  runTick(sensor: SensorName, trigger: TickTrigger): Promise<Tick | null>;
  /** A peek or tick could not read the log. */
  onFault(sensor: SensorName, error: unknown): void;
  /** A peek saw nothing new, or a tick has ended: the sensor can read the log. */
  onReadable(sensor: SensorName): void;
  /** A tick began or ended. */
  onTicking(): void;
  now(): number;
}

/** ms without peeks after a log could not be read, so that a lasting fault does not store four failed ticks a second. */
const PAUSE_AFTER_FAULT = 5_000;
/** ms after which a lasting lock is told; Dagster itself holds one for some ms at a time. */
const LOCK_TOLD_AFTER = 2_000;

/**
 * Ticks the sensors: every interval, and at once when a peek sees new rows of a sensor's kind. A peek comes every
 * `peekInterval`, sooner when the folder reports a change. Ticks of one sensor never overlap: what arrives meanwhile
 * is seen by the next peek.
 */
export class SensorClock {
  readonly #ports: ClockPorts;
  #settings: ClockSettings;
  readonly #ticking = new Map<SensorName, Promise<Tick | null>>();
  readonly #next = new Map<SensorName, number>();
  readonly #pausedUntil = new Map<SensorName, number>();
  /** Since when peeks have found the log locked. */
  readonly #lockedSince = new Map<SensorName, number>();
  #timer: NodeJS.Timeout | undefined;
  #peeking = false;
  #again = false;
  #stopped = false;
  readonly #stopWatching: () => void;

  constructor(ports: ClockPorts, settings: ClockSettings) {
    this.#ports = ports;
    this.#settings = settings;
    for (const sensor of SENSOR_NAMES) this.#next.set(sensor, ports.now() + settings.tickInterval);
    this.#stopWatching = ports.log.watch(() => this.#peekNow());
    this.#schedule(0);
  }

  configure(settings: ClockSettings): void {
    for (const sensor of SENSOR_NAMES) {
      const last = (this.#next.get(sensor) ?? 0) - this.#settings.tickInterval;
      this.#next.set(sensor, last + settings.tickInterval);
    }
    this.#settings = settings;
  }

  /** When the sensor's next interval tick is due (ms since 1970); null while it is stopped. */
  nextTickAt(sensor: SensorName): number | null {
    return this.#ports.isRunning(sensor) ? (this.#next.get(sensor) ?? null) : null;
  }

  isTicking(sensor: SensorName): boolean {
    return this.#ticking.has(sensor);
  }

  /** Ticks at once; while a tick of this sensor runs, answers a further one that begins when it has ended. */
  async tickNow(sensor: SensorName, trigger: TickTrigger): Promise<Tick | null> {
    for (let running = this.#ticking.get(sensor); running; running = this.#ticking.get(sensor)) {
      await running.catch(() => undefined); // its own caller has been told
    }
    const tick = this.#ports.runTick(sensor, trigger);
    this.#ticking.set(sensor, tick);
    this.#next.set(sensor, this.#ports.now() + this.#settings.tickInterval);
    this.#ports.onTicking();
    try {
      return await tick;
    } finally {
      this.#ticking.delete(sensor);
      this.#ports.onTicking();
    }
  }

  /** No tick begins after this; resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#stopWatching();
    await Promise.allSettled(this.#ticking.values());
  }

  #schedule(delay: number): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#peekNow(), delay);
  }

  #peekNow(): void {
    if (this.#stopped) return;
    if (this.#peeking) {
      this.#again = true; // the log changed during a peek: look once more
      return;
    }
    this.#peeking = true;
    void Promise.all(SENSOR_NAMES.map((sensor) => this.#look(sensor))).finally(() => {
      this.#peeking = false;
      const soon = this.#again;
      this.#again = false;
      this.#schedule(soon ? 0 : this.#settings.peekInterval);
    });
  }

  /** Begins a tick where one is due, and does not wait for it: the other sensor must not wait for this one's backlog. */
  async #look(sensor: SensorName): Promise<void> {
    if (this.#ticking.has(sensor) || this.#ports.now() < (this.#pausedUntil.get(sensor) ?? 0)) return;
    try {
      if (!this.#ports.isRunning(sensor)) return;
      const cursor = this.#ports.cursor(sensor);
      const trigger = await this.#due(sensor, cursor);
      this.#lockedSince.delete(sensor);
      if (trigger === null) this.#ports.onReadable(sensor);
      else void this.#tickByItself(sensor, trigger);
    } catch (error) {
      if (error instanceof EventLogError && error.fault === 'locked') this.#locked(sensor, error);
      else this.#pause(sensor, error);
    }
  }

  /** While Dagster writes, a look can find the database locked: the next peek comes soon enough. */
  #locked(sensor: SensorName, error: EventLogError): void {
    const now = this.#ports.now();
    const since = this.#lockedSince.get(sensor) ?? now;
    this.#lockedSince.set(sensor, since);
    if (now - since >= LOCK_TOLD_AFTER) this.#ports.onFault(sensor, error);
  }

  async #due(sensor: SensorName, cursor: EventLogCursor | null): Promise<TickTrigger | null> {
    if (cursor === null || (await this.#ports.log.hasNew(SENSOR_KIND[sensor], cursor))) return 'peek';
    return this.#ports.now() >= (this.#next.get(sensor) ?? 0) ? 'interval' : null;
  }

  async #tickByItself(sensor: SensorName, trigger: TickTrigger): Promise<void> {
    try {
      await this.tickNow(sensor, trigger);
      this.#ports.onReadable(sensor);
      this.#peekNow(); // what was written during the tick
    } catch (error) {
      this.#pause(sensor, error);
    }
  }

  #pause(sensor: SensorName, error: unknown): void {
    this.#pausedUntil.set(sensor, this.#ports.now() + PAUSE_AFTER_FAULT);
    this.#ports.onFault(sensor, error);
  }
}
