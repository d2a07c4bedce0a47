import assert from 'node:assert/strict';
import { EventLogError } from '../../src/dagster/eventLog.ts';
import { HostedSensors } from '../../src/engine/hostedSensors.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { MemoryLog } from '../sensors/memoryLog.ts';
import { clockAt, openIn, tempFolder } from '../store/samples.ts';
import { DEFAULTS, until } from './hostedEngine.ts';

const CLOCK = { ...clockAt(), now: Date.now };

describe('hosted sensors', () => {
  let folder: ReturnType<typeof tempFolder>;
  let [store, other]: StateStore[] = [];
  beforeEach(() => {
    folder = tempFolder();
    store = openIn(folder.path, CLOCK);
    other = openIn(folder.path, CLOCK);
  });
  afterEach(() => {
    store?.close();
    other?.close();
    folder.remove();
  });

  it('meet the instance again when that failed as they took over, and tick then', async function () {
    this.timeout(10_000);
    assert.ok(store && other);
    const wish = { rank: 0, tickInterval: 60_000 };
    const epoch = other.lease.take(wish) ?? assert.fail('not taken');
    const faults: unknown[] = [];
    let meetings = 0;
    const sensors = new HostedSensors({
      log: new MemoryLog(),
      store,
      settings: DEFAULTS,
      firstContact: async () => {
        meetings += 1;
        if (meetings === 1) throw new EventLogError('locked', 'Dagster writes.');
      },
      prepare: async ({ failures: _, ...page }) => ({ ...page, found: [], outbox: [] }),
      skipReason: async () => null,
      onTick: () => undefined,
      onFault: (_, error) => faults.push(error),
      onReadable: () => undefined,
      onStateFault: (error) => faults.push(error),
      onStateFine: () => undefined,
      onForgotten: () => undefined,
      onStatus: () => undefined,
    });
    try {
      await sensors.meet();
      sensors.start();
      other.lease.release(epoch);
      await until(() => faults.length > 0, 'the fault to be told');
      await until(() => sensors.status().every(({ lastTick }) => lastTick !== null), 'both to tick');
      assert.deepEqual([meetings, faults.length], [2, 1]);
    } finally {
      await sensors.stop();
    }
  });
});
