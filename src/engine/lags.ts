import type { EventLog, Lag } from '../dagster/eventLog.ts';
import { SENSOR_KIND, SENSOR_NAMES, type SensorName } from '../sensors/tick.ts';
import type { StateStore } from '../store/stateStore.ts';
import type { SensorStatus } from './api.ts';

/** ms between looks how far the cursors are behind the log. */
const LAG_EVERY = 2_000;
const NO_LAG: Lag = { rows: 0, oldestUnread: null };

export interface LagsPorts {
  readonly log: EventLog;
  readonly store: StateStore;
  onChange(): void;
}

/** How far each sensor is behind its log, measured now and then. */
export class Lags {
  readonly #ports: LagsPorts;
  readonly #lags = new Map<SensorName, Lag>();
  #timer: NodeJS.Timeout | undefined;
  #measuring: Promise<void> | null = null;
  #closed = false;

  constructor(ports: LagsPorts) {
    this.#ports = ports;
    this.#again();
  }

  of(sensor: SensorName): Lag {
    return this.#lags.get(sensor) ?? NO_LAG;
  }

  /** Measures now; one measurement at a time. Never rejects: the next peek or tick reports what is wrong. */
  measure(): Promise<void> {
    this.#measuring ??= this.#measure()
      .catch(() => undefined)
      .finally(() => {
        this.#measuring = null;
      });
    return this.#measuring;
  }

  /** The state is not read after this. What is asked of the log may take as long as a server that hangs. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #again(): void {
    this.#timer = setTimeout(() => void this.measure().then(() => this.#closed || this.#again()), LAG_EVERY);
  }

  async #measure(): Promise<void> {
    const { log, store, onChange } = this.#ports;
    let changed = false;
    for (const sensor of SENSOR_NAMES) {
      const { cursor } = store.cursor(sensor);
      if (cursor === null) continue;
      const lag = await log.lag(SENSOR_KIND[sensor], cursor);
      if (this.#closed) return;
      changed ||= lag.rows !== this.of(sensor).rows;
      this.#lags.set(sensor, lag);
    }
    if (changed) onChange();
  }
}

/** A sensor while no instance is followed: what the state has of it. */
export const asleep = (name: SensorName, store: StateStore): SensorStatus => ({
  name,
  running: store.cursor(name).running,
  elsewhere: false,
  ticking: false,
  lastTick: store.ticks.last(name),
  nextTickAt: null,
  cursor: null,
  behind: NO_LAG,
});
