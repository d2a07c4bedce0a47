import type { EventLog, EventLogCursor, Lag } from '../dagster/eventLog.ts';
import { storageId } from '../failure/ids.ts';
import { SensorClock } from '../sensors/clock.ts';
import { runTick, type TickPage } from '../sensors/runTick.ts';
import { SENSOR_KIND, SENSOR_NAMES, type SensorName, type Tick, type TickTrigger } from '../sensors/tick.ts';
import type { StateStore, TickCommit, TickCommitted } from '../store/stateStore.ts';
import type { EngineSettings, SensorStatus } from './api.ts';

/** ms between looks how far the cursors are behind the log. */
const LAG_EVERY = 2_000;
const NO_LAG: Lag = { rows: 0, oldestUnread: null };

export interface HostedSensorsPorts {
  readonly log: EventLog;
  readonly store: StateStore;
  readonly settings: EngineSettings;
  prepare(page: TickPage): Promise<TickCommit>;
  skipReason(sensor: SensorName): Promise<string | null>;
  onTick(stored: Extract<TickCommitted, { outcome: 'committed' }>): void;
  onFault(sensor: SensorName, error: unknown): void;
  onStatus(): void;
}

/** The two sensors on one instance: their clock, their cursors, and what they say of themselves. */
export class HostedSensors {
  readonly #ports: HostedSensorsPorts;
  readonly #clock: SensorClock;
  readonly #lags = new Map<SensorName, Lag>();
  readonly #lagTimer: NodeJS.Timeout;

  constructor(ports: HostedSensorsPorts) {
    this.#ports = ports;
    const { log, store } = ports;
    this.#clock = new SensorClock(
      {
        log,
        cursor: (sensor) => store.cursor(sensor).cursor,
        isRunning: (sensor) => store.cursor(sensor).running,
        runTick: (sensor, trigger) => this.#runTick(sensor, trigger),
        onFault: ports.onFault,
        onTicking: ports.onStatus,
        now: Date.now,
      },
      clockSettings(ports.settings),
    );
    this.#lagTimer = setInterval(() => void this.#measureLag(), LAG_EVERY);
  }

  configure(settings: EngineSettings): void {
    this.#clock.configure(clockSettings(settings));
  }

  status(): SensorStatus[] {
    return SENSOR_NAMES.map((name) => {
      const { cursor, running } = this.#ports.store.cursor(name);
      return {
        name,
        running,
        ticking: this.#clock.isTicking(name),
        lastTick: this.#ports.store.ticks.last(name),
        nextTickAt: this.#clock.nextTickAt(name),
        cursor: cursor === null ? null : this.#ports.log.describe(cursor),
        behind: this.#lags.get(name) ?? NO_LAG,
      };
    });
  }

  /** One tick by hand; throws what kept the log from being read, after the failed tick was stored. */
  async tickNow(sensor: SensorName): Promise<Tick> {
    const tick = (await this.#clock.tickNow(sensor, 'manual')) ?? this.#ports.store.ticks.last(sensor);
    if (tick === null) throw new Error('Another window ticked meanwhile; nothing was left to read.');
    return tick;
  }

  /** Reads on behind the row with this storage id. */
  async setCursor(sensor: SensorName, id: number): Promise<void> {
    this.#ports.store.setCursor(sensor, await this.#ports.log.after(SENSOR_KIND[sensor], storageId(id)));
    await this.#measureLag();
  }

  setRunning(sensor: SensorName, running: boolean): void {
    this.#ports.store.setRunning(sensor, running);
    this.#ports.onStatus();
  }

  async stop(): Promise<void> {
    clearInterval(this.#lagTimer);
    await this.#clock.stop();
  }

  #runTick(sensor: SensorName, trigger: TickTrigger): Promise<Tick | null> {
    const { log, store } = this.#ports;
    return runTick(sensor, trigger, {
      log,
      cursor: (name): EventLogCursor | null => store.cursor(name).cursor,
      skipReason: (name) => this.#ports.skipReason(name),
      now: Date.now,
      elapsed: () => performance.now(),
      commit: async (page) => {
        const stored = store.commitTick(await this.#ports.prepare(page));
        if (stored.outcome === 'cursor-moved') return stored;
        this.#ports.onTick(stored);
        return { outcome: 'committed', tick: stored.tick };
      },
    });
  }

  async #measureLag(): Promise<void> {
    const { log, store } = this.#ports;
    let changed = false;
    for (const sensor of SENSOR_NAMES) {
      const { cursor } = store.cursor(sensor);
      if (cursor === null) continue;
      try {
        const lag = await log.lag(SENSOR_KIND[sensor], cursor);
        changed ||= lag.rows !== (this.#lags.get(sensor) ?? NO_LAG).rows;
        this.#lags.set(sensor, lag);
      } catch {
        return; // the next peek or tick reports what is wrong with the log
      }
    }
    if (changed) this.#ports.onStatus();
  }
}

const clockSettings = (settings: EngineSettings) => ({
  tickInterval: settings.tickInterval * 1000,
  peekInterval: settings.peekInterval,
});

/** A sensor while no instance is followed. */
export const asleep = (name: SensorName): SensorStatus => ({
  name,
  running: false,
  ticking: false,
  lastTick: null,
  nextTickAt: null,
  cursor: null,
  behind: NO_LAG,
});
