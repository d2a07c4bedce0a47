import assert from 'node:assert/strict';
import { type EventLogCursor, EventLogError, type LogEntry } from '../../src/dagster/eventLog.ts';
import { failureId, runId, storageId } from '../../src/failure/ids.ts';
import { testCheckFailure } from '../../src/failure/testFailure.ts';
import { PAGE_ROWS, runTick, type TickPage, type TickPorts } from '../../src/sensors/runTick.ts';
import type { Tick } from '../../src/sensors/tick.ts';
import { MemoryLog } from './memoryLog.ts';

const SENSOR = 'asset_check_sentry_sensor';

const failure = (n: number): LogEntry => ({
  outcome: 'failure',
  failure: testCheckFailure({ id: failureId(`f${n}`), runId: runId('r'), now: n * 1000, codeLocation: null }),
});
const passed = (n: number): LogEntry => ({
  outcome: 'passed',
  storageId: storageId(n),
  timestamp: n,
  assetKey: ['a'],
  checkName: 'c',
  partition: null,
});

describe('one tick', () => {
  let log: MemoryLog;
  let stored: TickPage[];
  let cursor: EventLogCursor | null;
  let skip: string | null;
  let othersFirst: number;

  const ports = (): TickPorts => ({
    log,
    cursor: () => cursor,
    skipReason: async () => skip,
    now: () => 1000,
    elapsed: () => 0,
    commit: async (page) => {
      if (othersFirst > 0) {
        othersFirst -= 1;
        cursor = page.cursorAfter; // another window stored this very page
        return { outcome: 'cursor-moved' };
      }
      stored.push(page);
      cursor = page.cursorAfter;
      return { outcome: 'committed', tick: { id: page.continues ?? 7, sensor: SENSOR } as Tick };
    },
  });

  beforeEach(() => {
    log = new MemoryLog();
    stored = [];
    cursor = '0' as EventLogCursor;
    skip = null;
    othersFirst = 0;
  });

  it('stores the failures of a page together with the cursor behind it', async () => {
    log.write('check', passed(1), failure(2), passed(3));
    await runTick(SENSOR, 'peek', ports());
    const [page, ...more] = stored;
    assert.equal(more.length, 0);
    assert.deepEqual(
      page?.failures.map(({ id }) => id),
      ['f2'],
    );
    assert.deepEqual(
      page?.passed.map(({ timestamp }) => timestamp),
      [1, 3],
    );
    assert.equal(page?.rowsRead, 3);
    assert.equal(page?.cursorBefore, '0');
    assert.equal(page?.cursorAfter, '3');
    assert.deepEqual(page?.end, { kind: 'success' });
  });

  it('pages on until the log is read, as one tick', async () => {
    for (let n = 0; n < PAGE_ROWS * 2 + 5; n++) log.write('check', failure(n));
    await runTick(SENSOR, 'interval', ports());
    assert.deepEqual(
      stored.map(({ failures, continues, more }) => ({ found: failures.length, continues, more })),
      [
        { found: 100, continues: null, more: true },
        { found: 100, continues: 7, more: true },
        { found: 5, continues: 7, more: false },
      ],
    );
  });

  it('lets other work run between pages', async () => {
    for (let n = 0; n < PAGE_ROWS * 3; n++) log.write('check', failure(n));
    let turns = 0;
    const timer = setInterval(() => (turns += 1), 0);
    await runTick(SENSOR, 'interval', {
      ...ports(),
      commit: async (page) => {
        for (const end = performance.now() + 5; performance.now() < end; );
        return ports().commit(page);
      },
    });
    clearInterval(timer);
    assert.ok(turns >= 2, `${turns} turns`);
  });

  it('ends as skipped with the reason, and lists what it found all the same', async () => {
    skip = 'SENTRY_DSN is not set';
    log.write('check', failure(1));
    await runTick(SENSOR, 'peek', ports());
    assert.deepEqual(stored[0]?.end, { kind: 'skipped', reason: 'SENTRY_DSN is not set' });
    assert.equal(stored[0]?.failures.length, 1);
  });

  it('ends as failure with the error, leaves the cursor, and tells its caller', async () => {
    log.write('check', failure(1));
    log.fault = new Error('the disk is gone');
    await assert.rejects(runTick(SENSOR, 'peek', ports()), /the disk is gone/);
    assert.deepEqual(stored[0]?.end, { kind: 'failure', error: 'the disk is gone' });
    assert.equal(stored[0]?.cursorAfter, '0');
    assert.equal(stored[0]?.failures.length, 0);
  });

  it('waits for a lock to pass instead of failing', async () => {
    log.write('check', failure(1));
    log.fault = new EventLogError('locked', 'Dagster is writing');
    setTimeout(() => (log.fault = null), 120);
    await runTick(SENSOR, 'peek', { ...ports(), elapsed: () => performance.now() });
    assert.deepEqual(
      stored.map(({ end, failures }) => [end.kind, failures.length]),
      [['success', 1]],
    );
  });

  it('counts, names and skips rows that cannot be decoded', async () => {
    const broken: LogEntry = { outcome: 'unreadable', storageId: storageId(2), runId: runId('r2'), reason: 'no JSON' };
    log.write('check', failure(1), broken, failure(3));
    await runTick(SENSOR, 'peek', ports());
    assert.equal(stored[0]?.unreadable, 1);
    assert.deepEqual(stored[0]?.notes, ['Skipped row 2 of run r2: no JSON']);
    assert.equal(stored[0]?.failures.length, 2);
  });

  it('goes on behind what another window stored meanwhile, and stores nothing twice', async () => {
    for (let n = 0; n < PAGE_ROWS + 1; n++) log.write('check', failure(n));
    othersFirst = 1;
    await runTick(SENSOR, 'peek', ports());
    assert.deepEqual(
      stored.flatMap(({ failures }) => failures.map(({ id }) => id)),
      ['f100'],
    );
  });

  it('ends when another window read everything', async () => {
    log.write('check', failure(1));
    const moving = { ...ports(), commit: async () => ({ outcome: 'cursor-moved' as const }) };
    assert.equal(await runTick(SENSOR, 'peek', moving), null);
  });
});
