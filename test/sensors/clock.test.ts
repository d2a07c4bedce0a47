import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type EventLogCursor, EventLogError } from '../../src/dagster/eventLog.ts';
import { storageId } from '../../src/failure/ids.ts';
import { SensorClock } from '../../src/sensors/clock.ts';
import { SENSOR_KIND, type SensorName, type Tick, type TickTrigger } from '../../src/sensors/tick.ts';
import { MemoryLog } from './memoryLog.ts';

const CHECK: SensorName = 'asset_check_sentry_sensor';
const RUN: SensorName = 'run_failure_sentry_sensor';
const PEEK = 20;
const row = {
  outcome: 'passed',
  storageId: storageId(1),
  timestamp: 1,
  assetKey: ['a'],
  checkName: 'c',
  partition: null,
} as const;

describe('the sensors’ clock', () => {
  let log: MemoryLog;
  let clock: SensorClock;
  let ticks: { sensor: SensorName; trigger: TickTrigger }[];
  let cursors: Record<SensorName, number>;
  let running: Record<SensorName, boolean>;
  let faults: unknown[];
  let readable: number;
  let tickTakes: Record<SensorName, number>;
  let under: Record<SensorName, number>;
  let overlaps: number;

  const start = (tickInterval = 60_000): void => {
    clock = new SensorClock(
      {
        log,
        cursor: (sensor) => String(cursors[sensor]) as EventLogCursor,
        isRunning: (sensor) => running[sensor],
        onFault: (_, error) => faults.push(error),
        onReadable: () => (readable += 1),
        onTicking: () => undefined,
        now: Date.now,
        runTick: async (sensor, trigger) => {
          overlaps += under[sensor]++ > 0 ? 1 : 0;
          try {
            ticks.push({ sensor, trigger });
            const end = log.entries[SENSOR_KIND[sensor]].length;
            if (log.fault) throw log.fault;
            await pause(tickTakes[sensor]);
            cursors[sensor] = end;
            return { id: ticks.length } as Tick;
          } finally {
            under[sensor]--;
          }
        },
      },
      { tickInterval, peekInterval: PEEK },
    );
  };
  const of = (sensor: SensorName): TickTrigger[] =>
    ticks.filter((tick) => tick.sensor === sensor).map((t) => t.trigger);

  beforeEach(() => {
    log = new MemoryLog();
    ticks = [];
    faults = [];
    readable = 0;
    cursors = { [CHECK]: 0, [RUN]: 0 } as Record<SensorName, number>;
    running = { [CHECK]: true, [RUN]: true } as Record<SensorName, boolean>;
    tickTakes = { [CHECK]: 0, [RUN]: 0 } as Record<SensorName, number>;
    under = { [CHECK]: 0, [RUN]: 0 } as Record<SensorName, number>;
    overlaps = 0;
  });
  afterEach(() => clock.stop());

  it('does not tick while nothing is new', async () => {
    start();
    await pause(PEEK * 6);
    assert.deepEqual(ticks, []);
  });

  it('ticks the sensor whose rows a peek sees, and only that', async () => {
    start();
    log.write('check', row);
    await pause(PEEK * 4);
    assert.deepEqual(ticks, [{ sensor: CHECK, trigger: 'peek' }]);
  });

  it('peeks at once when the folder reports a change', async () => {
    start();
    await pause(PEEK / 2); // the first peek is over
    log.write('run', row);
    log.changed();
    await pause(5);
    assert.deepEqual(of(RUN), ['peek']);
  });

  it('ticks at its interval though nothing is new', async () => {
    start(100);
    await pause(260);
    assert.deepEqual(of(CHECK), ['interval', 'interval']);
    assert.deepEqual(of(RUN), ['interval', 'interval']);
  });

  it('never overlaps the ticks of one sensor, and misses nothing that was written meanwhile', async () => {
    tickTakes[CHECK] = 60;
    start();
    for (let n = 0; n < 8; n++) {
      log.write('check', row);
      log.changed();
      await pause(15);
    }
    await pause(200);
    assert.equal(overlaps, 0);
    assert.equal(cursors[CHECK], 8);
  });

  it('lets a long tick of one sensor not delay the other', async () => {
    tickTakes[CHECK] = 400;
    start();
    log.write('check', row);
    await pause(PEEK * 3);
    log.write('run', row);
    await pause(PEEK * 4);
    assert.deepEqual(of(RUN), ['peek']);
  });

  it('does not tick a stopped sensor, but does so by hand', async () => {
    running[CHECK] = false;
    log.write('check', row);
    start(50);
    await pause(120);
    assert.deepEqual(of(CHECK), []);
    assert.equal(clock.nextTickAt(CHECK), null);
    await clock.tickNow(CHECK, 'manual');
    assert.deepEqual(of(CHECK), ['manual']);
  });

  it('counts the interval from the last tick', async () => {
    start(10_000);
    const before = Date.now();
    await clock.tickNow(CHECK, 'manual');
    const next = clock.nextTickAt(CHECK) ?? 0;
    assert.ok(next >= before + 10_000 && next <= Date.now() + 10_000);
  });

  it('looks again soon when Dagster holds the log locked for a moment', async () => {
    log.fault = new EventLogError('locked', 'somebody writes');
    log.write('check', row);
    start();
    await pause(PEEK * 3);
    log.fault = null;
    await pause(PEEK * 3);
    assert.deepEqual(of(CHECK), ['peek']);
    assert.deepEqual(faults, []);
  });

  it('tells a lock that lasts, and that the log can be read again', async () => {
    log.fault = new EventLogError('locked', 'somebody writes');
    start();
    await pause(2_000 + PEEK * 10);
    assert.ok(faults.length > 0 && faults.every((fault) => fault === log.fault), `${faults.length}`);
    assert.equal(readable, 0);
    const before = faults.length;
    log.fault = null;
    await pause(PEEK * 4);
    assert.ok(readable > 0);
    assert.equal(faults.length, before);
  });

  it('tells a fault and pauses, so that a lasting one makes no four ticks a second', async () => {
    log.fault = new Error('locked');
    start();
    await pause(PEEK * 6);
    assert.equal(faults.length, 2, 'one for each sensor');
  });

  it('stops watching, and begins no tick after stop', async () => {
    start();
    assert.equal(log.watchers, 1);
    await clock.stop();
    assert.equal(log.watchers, 0);
    log.write('check', row);
    await pause(PEEK * 3);
    assert.deepEqual(ticks, []);
  });
});
