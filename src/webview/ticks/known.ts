import type { FailureRow, OwnSensor } from '../../engine/api.ts';
import type { LaneTick, TicksInstance, ToTicks } from '../protocol.ts';
import { fromSnapshot, type Held, merge, NOTHING } from './held.ts';
import { lanesOf, type SensorLane } from './lane.ts';

/** What the extension told so far. */
export interface Known {
  /** null until the first message. */
  readonly instance: TicksInstance | null;
  readonly lanes: readonly SensorLane[];
  readonly ownSensors: readonly OwnSensor[];
  readonly held: Held;
  /** Failures of ticks by the tick's id, as far as they were asked for. */
  readonly found: ReadonlyMap<number, readonly FailureRow[]>;
  /** Home of the instance whose ticks are held: another one's have the same ids. */
  readonly home: string | null;
}

export const nothingKnown = (home: string | null): Known => ({
  instance: null,
  lanes: [],
  ownSensors: [],
  held: NOTHING,
  found: new Map(),
  home,
});

/** What is known after a message; pure. `now` in ms. */
export const learn = (known: Known, message: ToTicks, now: number): Known => {
  switch (message.type) {
    case 'snapshot': {
      const { instance, ownSensors } = message;
      const home = 'home' in instance ? instance.home : known.home;
      return {
        instance,
        lanes: lanesOf(message.sensors, ownSensors),
        ownSensors,
        held: fromSnapshot(message.ticks, message, now),
        found: home === known.home ? known.found : new Map(),
        home,
      };
    }
    case 'update': {
      const ownSensors = message.ownSensors ?? known.ownSensors;
      return {
        ...known,
        instance: message.instance,
        lanes: lanesOf(message.sensors, ownSensors),
        ownSensors,
        held: merge(known.held, message.ticks),
      };
    }
    case 'tick-failures':
      return { ...known, found: new Map(known.found).set(message.tick, message.failures) };
    case 'jump':
    case 'show-lane':
    case 'find':
    case 'clear-filter':
      return known;
  }
};

/** Failures that hosted sensors found in these ticks. */
export const failuresIn = (ticks: readonly LaneTick[]): number =>
  ticks.reduce((sum, tick) => sum + (tick.trigger === 'daemon' ? 0 : tick.failuresFound), 0);
