import assert from 'node:assert/strict';
import { EventLogError } from '../../src/dagster/eventLog.ts';
import { firstContact } from '../../src/engine/history.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { MemoryLog } from '../sensors/memoryLog.ts';
import { alertFor, checkFailure, cursorText, found, openIn, tempFolder, tickPage } from '../store/samples.ts';

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
  const total = (): number => store.failureLists.page({ status: 'all', group: null, limit: 1, before: null }).total;
  const cursors = (): (string | null)[] => SENSORS.map((sensor) => store.cursor(sensor).cursor);

  it('is broken off within a page, and lists the rest the next time', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('closing')));
    await assert.rejects(meet(stop.signal), /closing/);
    assert.ok(log.reads < 10, `${log.reads} pages were read`);
    const listed = total();
    assert.ok(listed < 5_000, `${listed} were listed`);
    await meet(new AbortController().signal);
    assert.equal(total(), 5_000);
    assert.equal(store.failures.pending().check, 0, 'all are from before Firedrill');
    const { reads } = log;
    await meet(new AbortController().signal);
    assert.equal(log.reads, reads, 'done once');
  });

  it('leaves what is recorded while it lists, and after it was broken off, to the sensor', async () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(new Error('closing')));
    await assert.rejects(meet(stop.signal), /closing/);
    const late = checkFailure(9_000, { timestamp: Date.now() / 1000 - 1 });
    log.write('check', { outcome: 'failure', failure: late });
    await meet(new AbortController().signal);
    assert.equal(
      store.failures.find(late.id)?.beforeFiredrill,
      true,
      'listed, as it was recorded before the list ended',
    );
    const cursor = store.cursor('asset_check_sentry_sensor').cursor;
    assert.equal(cursor, '5000');
    const page = tickPage({ cursorBefore: cursor, cursorAfter: cursorText('5001'), found: [found(late)] });
    const ticked = store.commitTick({ ...page, outbox: [alertFor(late)] });
    assert.ok(ticked.outcome === 'committed');
    assert.deepEqual([ticked.added.length, ticked.queued.length], [1, 1]);
  });

  it('is broken off while it waits for a lock', async () => {
    log.read = async () => {
      throw new EventLogError('locked', 'Dagster writes.');
    };
    const began = performance.now();
    await assert.rejects(meet(AbortSignal.timeout(100)), { name: /Abort|Timeout/ });
    assert.ok(performance.now() - began < 2_000);
  });

  for (const asked of ['end', 'at', 'read'] as const) {
    it(`is broken off at once while the log does not answer (${asked})`, async () => {
      log[asked] = () => new Promise<never>(() => undefined);
      const began = performance.now();
      await assert.rejects(meet(AbortSignal.timeout(50)), { name: 'TimeoutError' });
      assert.ok(performance.now() - began < 1_000);
    });
  }

  it('leaves a cursor alone that another window has set meanwhile', async () => {
    const end = log.end.bind(log);
    log.end = async (kind) => {
      const other = openIn(folder.path);
      other.beginAt('asset_check_sentry_sensor', await log.after('check', 17));
      other.close();
      return end(kind);
    };
    await meet(new AbortController().signal);
    assert.deepEqual(cursors(), ['17', '0']);
  });
});
