import assert from 'node:assert/strict';
import { EventLogError } from '../../src/dagster/eventLog.ts';
import { firstContact } from '../../src/engine/history.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { MemoryLog } from '../sensors/memoryLog.ts';
import { checkFailure, found, openIn, tempFolder } from '../store/samples.ts';

const SENSORS = ['asset_check_sentry_sensor', 'run_failure_sentry_sensor'] as const;

describe('first contact with an instance', () => {
  let folder: ReturnType<typeof tempFolder>;
  let store: StateStore;
  let log: MemoryLog;
  beforeEach(() => {
    folder = tempFolder();
    store = openIn(folder.path);
    log = new MemoryLog();
    const now = Date.now() / 1000;
    for (let n = 0; n < 5_000; n += 1) {
      log.write('check', { outcome: 'failure', failure: checkFailure(n, { timestamp: now - 60 }) });
    }
  });
  afterEach(() => {
    store.close();
    folder.remove();
  });

  const meet = (signal: AbortSignal): Promise<unknown> =>
    firstContact(
      log,
      store,
      (failure) => found(failure, { beforeFiredrill: true }),
      () => undefined,
      signal,
    );
  const cursors = (): (string | null)[] => SENSORS.map((sensor) => store.cursor(sensor).cursor);

  it('is broken off within a page, sets no cursor, and is made anew the next time', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('closing')));
    await assert.rejects(meet(stop.signal), /closing/);
    assert.ok(log.reads < 10, `${log.reads} pages were read`);
    assert.deepEqual(cursors(), [null, null]);
    await meet(new AbortController().signal);
    assert.deepEqual(cursors(), ['5000', '0']);
    assert.equal(store.failures.pending().check, 0, 'all are from before Firedrill');
  });

  it('is broken off while it waits for a lock', async () => {
    log.read = async () => {
      throw new EventLogError('locked', 'Dagster writes.');
    };
    const began = performance.now();
    await assert.rejects(meet(AbortSignal.timeout(100)), { name: /Abort|Timeout/ });
    assert.ok(performance.now() - began < 2_000);
  });

  it('leaves a cursor alone that another window has set meanwhile', async () => {
    const slow = log.read.bind(log);
    log.read = async (...args) => {
      const other = openIn(folder.path);
      other.beginAt('asset_check_sentry_sensor', await log.after('check', 17));
      other.close();
      return slow(...args);
    };
    await meet(new AbortController().signal);
    assert.deepEqual(cursors(), ['17', '0']);
  });
});
