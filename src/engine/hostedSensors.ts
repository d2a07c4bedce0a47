import type { EventLog, EventLogCursor } from '../dagster/eventLog.ts';
import { storageId } from '../failure/ids.ts';
import { SensorClock } from '../sensors/clock.ts';
import { runTick, type TickPage } from '../sensors/runTick.ts';
import { SENSOR_KIND, SENSOR_NAMES, type SensorName, type Tick, type TickTrigger } from '../sensors/tick.ts';
import type { LeaseWish } from '../store/lease.ts';
import type { StateStore, TickCommit, TickCommitted } from '../store/stateStore.ts';
import type { EngineSettings, SensorStatus } from './api.ts';
import { Lags } from './lags.ts';
import { Leadership } from './leadership.ts';
import { WishedTicks } from './wishedTicks.ts';

/** ms until a first contact that failed is made again. */
const MEET_AGAIN = 2_000;

export interface HostedSensorsPorts {
  readonly log: EventLog;
  readonly store: StateStore;
  readonly settings: EngineSettings;
  /** Done before the first tick; does nothing where it was done before. */
  firstContact(signal: AbortSignal): Promise<void>;
  prepare(page: TickPage): Promise<Omit<TickCommit, 'epoch'>>;
  skipReason(sensor: SensorName): Promise<string | null>;
  onTick(stored: Extract<TickCommitted, { outcome: 'committed' }>): void;
  /** The event log could not be read. */
  onFault(sensor: SensorName, error: unknown): void;
  /** It can be read again, or still. */
  onReadable(sensor: SensorName): void;
  /** The state could not be read or written. */
  onStateFault(error: unknown): void;
  /** It can be again. */
  onStateFine(): void;
  onStatus(): void;
  /** Failures or deliveries were forgotten, for their age or number. */
  onForgotten(): void;
}

/**
 * The two sensors on one instance: their clock, their cursors, and what they say of themselves. Of several windows at
 * one instance the one that leads ticks them; the others show what it stores, and take over when it is gone.
 */
export class HostedSensors {
  readonly #ports: HostedSensorsPorts;
  readonly #leadership: Leadership;
  readonly #stopping = new AbortController();
  readonly #lags: Lags;
  readonly #wishes: WishedTicks;
  #settings: EngineSettings;
  /** Ticks while this window leads. */
  #clock: SensorClock | null = null;
  /** Clocks of earlier leads that are ending. */
  readonly #ending = new Set<Promise<void>>();
  #beginning: Promise<void> = Promise.resolve();
  /** When a first contact that failed is made again. */
  #again: NodeJS.Timeout | undefined;
  /** The lead under which the first contact was made. */
  #metUnder: number | null = null;
  #started = false;

  constructor(ports: HostedSensorsPorts) {
    this.#ports = ports;
    this.#settings = ports.settings;
    this.#leadership = new Leadership(wishOf(ports.settings), {
      lease: ports.store.lease,
      onLead: (epoch) => this.#lead(epoch),
      onLost: () => this.#follow(),
      onFault: ports.onStateFault,
      onFine: ports.onStateFine,
    });
    this.#wishes = new WishedTicks(ports.store, ports.onStateFault);
    this.#lags = new Lags({ log: ports.log, store: ports.store, onChange: ports.onStatus });
  }

  /**
   * Leads where nobody else does: then the first contact is made when this resolves. Rejects when it failed or was
   * broken off. Nothing ticks before `start`.
   */
  async meet(): Promise<void> {
    this.#leadership.look();
    await this.#beginning;
  }

  start(): void {
    this.#started = true;
    this.#tickIfLeading();
  }

  configure(settings: EngineSettings): void {
    this.#settings = settings;
    this.#clock?.configure(clockSettings(settings));
    this.#leadership.configure(wishOf(settings));
  }

  status(): SensorStatus[] {
    const { store, log } = this.#ports;
    return SENSOR_NAMES.map((name) => {
      const { cursor, running } = store.cursor(name);
      const lastTick = store.ticks.last(name);
      return {
        name,
        running,
        elsewhere: this.#leadership.epoch === null,
        ticking: this.#clock?.isTicking(name) ?? false,
        lastTick,
        nextTickAt: this.#clock ? this.#clock.nextTickAt(name) : running ? this.#nextElsewhere(lastTick) : null,
        cursor: cursor === null ? null : log.describe(cursor),
        behind: this.#lags.of(name),
      };
    });
  }

  /** One tick by hand; throws what kept the log from being read, after the failed tick was stored. */
  async tickNow(sensor: SensorName): Promise<Tick> {
    if (this.#clock === null) return await this.#wishes.wish(sensor);
    return (await this.#clock.tickNow(sensor, 'manual')) ?? (await this.#wishes.wish(sensor)); // it lost the lead
  }

  /** Another window wrote to the state: it may wish for a tick, which only the one that leads makes. */
  othersWrote(): void {
    const clock = this.#clock;
    if (clock !== null) this.#wishes.grant((sensor) => clock.tickNow(sensor, 'manual'));
  }

  /** Reads on behind the row with this storage id. */
  async setCursor(sensor: SensorName, id: number): Promise<void> {
    this.#ports.store.setCursor(sensor, await this.#ports.log.after(SENSOR_KIND[sensor], storageId(id)));
    await this.#lags.measure();
  }

  setRunning(sensor: SensorName, running: boolean): void {
    this.#ports.store.setRunning(sensor, running);
    this.#ports.onStatus();
  }

  /** Breaks off the first contact, lets running ticks end, and lets another window lead. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#again);
    this.#lags.close();
    await this.#beginning.catch(() => undefined); // told to whoever began it
    this.#follow();
    await Promise.all(this.#ending);
    this.#leadership.stop();
  }

  #lead(epoch: number): void {
    if (this.#stopping.signal.aborted) return;
    this.#beginning = this.#ports.firstContact(this.#stopping.signal).then(() => {
      this.#metUnder = epoch;
      this.#tickIfLeading();
    });
    this.#beginning.catch((error: unknown) => {
      if (!this.#started || this.#stopping.signal.aborted) return; // told to whoever meets
      this.#ports.onFault(SENSOR_NAMES[0], error);
      this.#again = setTimeout(() => {
        if (this.#leadership.epoch === epoch) this.#lead(epoch);
      }, MEET_AGAIN);
    });
  }

  #tickIfLeading(): void {
    const { epoch } = this.#leadership;
    if (!this.#started || this.#stopping.signal.aborted || this.#clock !== null) return;
    if (epoch === null || this.#metUnder !== epoch) return;
    this.#clock = this.#startClock(epoch);
    this.#ports.onStatus();
    this.othersWrote(); // a wish that the window which led before did not grant
  }

  #follow(): void {
    const clock = this.#clock;
    if (clock === null) return;
    this.#clock = null;
    const ending = clock.stop();
    this.#ending.add(ending);
    void ending.finally(() => this.#ending.delete(ending));
    this.#ports.onStatus();
  }

  #startClock(epoch: number): SensorClock {
    const { log, store, onFault, onReadable, onStatus } = this.#ports;
    return new SensorClock(
      {
        log,
        cursor: (sensor) => store.cursor(sensor).cursor,
        isRunning: (sensor) => store.cursor(sensor).running,
        runTick: (sensor, trigger) => this.#runTick(sensor, trigger, epoch),
        onFault,
        onReadable,
        onTicking: onStatus,
        now: Date.now,
      },
      clockSettings(this.#settings),
    );
  }

  /** Apart from the tick: what hinders it must not hide what was found. */
  #forgetOld(): void {
    try {
      if (this.#ports.store.pruneNowAndThen()) this.#ports.onForgotten();
    } catch (error) {
      this.#ports.onStateFault(error);
    }
  }

  #runTick(sensor: SensorName, trigger: TickTrigger, epoch: number): Promise<Tick | null> {
    const { log, store } = this.#ports;
    return runTick(sensor, trigger, {
      log,
      cursor: (name): EventLogCursor | null => store.cursor(name).cursor,
      skipReason: (name) => this.#ports.skipReason(name),
      now: Date.now,
      elapsed: () => performance.now(),
      commit: async (page) => {
        const stored = store.commitTick({ ...(await this.#ports.prepare(page)), epoch });
        if (stored.outcome === 'fenced') this.#leadership.look();
        if (stored.outcome !== 'committed') return stored;
        this.#ports.onTick(stored);
        this.#forgetOld();
        return { outcome: 'committed', tick: stored.tick };
      },
    });
  }

  /** What the window that leads counts down to, as far as it can be known from here. */
  #nextElsewhere(lastTick: Tick | null): number | null {
    return lastTick === null ? null : lastTick.lastStartedAt + this.#ports.store.lease.holder().tickInterval;
  }
}

const clockSettings = (settings: EngineSettings) => ({
  tickInterval: settings.tickInterval * 1000,
  peekInterval: settings.peekInterval,
});

/** Who sends what it finds goes before who holds it: else `watch --deliver dsn` beside a window would send nothing. */
const wishOf = ({ deliveryMode, tickInterval }: EngineSettings): LeaseWish => ({
  rank: deliveryMode === 'hold' ? 0 : 1,
  tickInterval: tickInterval * 1000,
});
