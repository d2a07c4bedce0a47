import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { EventLog } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import type { CheckFailure } from '../../../src/failure/failure.ts';
import { readAll, runFailureJson, WrittenHome } from './home.ts';

const T0 = 1_795_000_000;

describe('the SQLite event log', () => {
  let home: WrittenHome;
  let log: EventLog;

  beforeEach(async () => {
    home = new WrittenHome();
    log = await openEventLog(home.instance, { codeLocationOf: async () => null });
  });
  afterEach(() => {
    log.close();
    home.dispose();
  });

  const ids = async (from?: string) => {
    const { failures, cursor } = await readAll(log, 'check', from);
    return { ids: failures.map((f) => (f.origin.kind === 'recorded' ? f.origin.storageId : null)), cursor };
  };

  it('notices ids that are used again after the newest run was deleted', async () => {
    home.evaluation('old', T0);
    home.evaluation('deleted', T0 + 100);
    home.evaluation('deleted', T0 + 101);
    const read = await ids();
    assert.deepEqual(read.ids, [1, 2, 3]);
    home.deleteRun('deleted');
    assert.equal(home.evaluation('new', T0 + 200), 2);
    assert.equal(await log.hasNew('check', read.cursor), true);
    const page = await log.read('check', read.cursor, 100);
    assert.deepEqual(
      page.entries.map((entry) => entry.outcome === 'failure' && (entry.failure as CheckFailure).runId),
      ['new'],
    );
    assert.match(page.notes.join(), /Row 3 of the event log is no more what it was/);
    assert.equal(await log.hasNew('check', page.cursor), false);
    assert.deepEqual((await log.read('check', page.cursor, 100)).notes, []);
  });

  it('loses nothing and repeats only what is near, whatever is written and deleted between two reads', async function () {
    this.timeout(60_000);
    const Step = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          op: fc.constant('run' as const),
          rows: fc.integer({ min: 1, max: 4 }),
          gap: fc.integer({ min: 0, max: 90 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('delete' as const), back: fc.integer({ min: 0, max: 2 }) }) },
      { weight: 3, arbitrary: fc.record({ op: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 3 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(Step, { minLength: 5, maxLength: 30 }), async (steps) => {
        const written = new WrittenHome();
        const own = await openEventLog(written.instance, { codeLocationOf: async () => null });
        try {
          let now = T0;
          let cursor = await own.start('check');
          let serial = 0;
          const delivered = new Set<number>();
          const alive: { id: string; times: number[] }[] = [];
          const read = async (limit: number) => {
            const page = await own.read('check', cursor, limit);
            cursor = page.cursor;
            for (const entry of page.entries) if (entry.outcome === 'failure') delivered.add(entry.failure.timestamp);
            return page.hasMore;
          };
          for (const step of steps) {
            if (step.op === 'run') {
              serial += 1;
              const run = { id: `run-${serial}`, times: [] as number[] };
              for (let i = 0; i < step.rows; i += 1) {
                now += 0.25 + step.gap / step.rows;
                written.event(run.id, now, 'PIPELINE_START', '{}');
                written.evaluation(run.id, now);
                run.times.push(now);
              }
              alive.push(run);
            } else if (step.op === 'delete') {
              const [run] = alive.splice(Math.max(0, alive.length - 1 - step.back), 1);
              if (run) written.deleteRun(run.id);
            } else {
              await read(step.limit);
            }
          }
          while (await read(3));
          assert.deepEqual(
            alive.flatMap((run) => run.times).filter((time) => !delivered.has(time)),
            [],
          );
          assert.equal(await own.hasNew('check', cursor), false);
        } finally {
          own.close();
          written.dispose();
        }
      }),
      { numRuns: 40 },
    );
  });

  it('tells a row whose event is no text', async () => {
    home.event('c', T0, 'ASSET_CHECK_EVALUATION', new Uint8Array([1, 2, 3]));
    const { entries } = await readAll(log, 'check');
    assert.deepEqual(entries, [{ outcome: 'unreadable', storageId: 1, runId: 'c', reason: 'its event is no text' }]);
  });

  it('needs no folder events: a folder that cannot be watched is no error', () => {
    home.dispose();
    log.watch(() => assert.fail('nothing can change'))();
  });

  it('reads failures without runs.db, with less about their runs', async () => {
    home.event('r', T0, 'PIPELINE_FAILURE', runFailureJson('r', T0));
    const alone = await openEventLog(
      { ...home.instance, storage: { ...home.instance.storage, runs: '/nonexistent/runs.db' } },
      { codeLocationOf: async () => null },
    );
    const [failure] = (await readAll(alone, 'run')).failures;
    assert.ok(failure?.kind === 'run');
    assert.deepEqual([failure.jobName, failure.codeLocation, failure.step], ['nightly', null, null]);
    alone.close();
  });

  it('looks for nothing new in microseconds', async () => {
    for (let i = 0; i < 3_000; i += 1) home.evaluation('r', T0 + i);
    const cursor = await log.end('check');
    await delay(30);
    await log.hasNew('check', cursor);
    const began = performance.now();
    for (let i = 0; i < 500; i += 1) await log.hasNew('check', cursor);
    const micros = ((performance.now() - began) / 500) * 1000;
    assert.ok(micros < 300, `${micros} µs`);
  });
});

describe('evaluations of Dagster before 1.12.11', () => {
  let home: WrittenHome;
  let log: EventLog;
  let now: number;

  beforeEach(async () => {
    home = new WrittenHome();
    now = T0 + 10;
    log = await openEventLog(home.instance, { codeLocationOf: async () => null, now: () => now * 1000 });
  });
  afterEach(() => {
    log.close();
    home.dispose();
  });

  const times = async (from?: string, limit?: number) => {
    const { failures, cursor } = await readAll(log, 'check', from, limit);
    return { times: failures.map((failure) => failure.timestamp - T0), cursor };
  };

  it('are found when a planned row becomes final, in whatever order', async () => {
    home.run('r', 'STARTED');
    const [a, b, c] = [home.planned('r', T0), home.planned('r', T0), home.planned('r', T0)];
    const { cursor, times: none } = await times();
    assert.deepEqual(none, []);
    assert.equal(await log.hasNew('check', cursor), false);
    home.evaluate(c, 'r', T0 + 1);
    assert.equal(await log.hasNew('check', cursor), true);
    const first = await times(cursor);
    assert.deepEqual(first.times, [1]);
    assert.equal(await log.hasNew('check', first.cursor), false);
    home.evaluate(a, 'r', T0 + 2);
    home.evaluate(b, 'r', T0 + 3, { passed: true });
    const second = await log.read('check', first.cursor, 100);
    assert.deepEqual(
      second.entries.map((entry) => entry.outcome),
      ['failure', 'passed'],
    );
    assert.equal(await log.hasNew('check', second.cursor), false);
  });

  it('are found again when a step is retried in the same run', async () => {
    home.run('r', 'STARTED');
    const id = home.planned('r', T0);
    home.evaluate(id, 'r', T0 + 1);
    const first = await times();
    assert.deepEqual(first.times, [1]);
    home.evaluate(id, 'r', T0 + 2);
    assert.equal(await log.hasNew('check', first.cursor), true);
    assert.deepEqual((await times(first.cursor)).times, [2]);
  });

  it('of an ended run are not waited for any longer', async () => {
    home.run('r', 'STARTED');
    home.planned('r', T0);
    const watched = await log.end('check');
    home.run('r', 'FAILURE', T0 + 5);
    now = T0 + 4000;
    const { cursor } = await log.read('check', watched, 100);
    assert.ok(cursor.length < watched.length);
    assert.ok(!cursor.includes('"open":[['));
  });

  it('that were made while nobody looked are all found, page by page, although their run has ended', async () => {
    home.run('r', 'STARTED');
    const planned = Array.from({ length: 9 }, () => home.planned('r', T0));
    const watched = await log.end('check');
    for (const [i, id] of planned.entries()) home.evaluate(id, 'r', T0 + 1 + i);
    home.run('r', 'SUCCESS', T0 + 20);
    now = T0 + 90_000;
    assert.deepEqual((await times(watched, 2)).times, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('are found by time, whenever they were planned', async () => {
    home.run('r', 'STARTED');
    const early = home.planned('r', T0);
    const done = home.planned('r', T0);
    home.evaluate(done, 'r', T0 + 1);
    const late = home.planned('r', T0 + 2);
    home.evaluate(late, 'r', T0 + 5);
    home.evaluate(early, 'r', T0 + 6);
    assert.deepEqual((await times(await log.at('check', T0 + 4))).times.sort(), [5, 6]);
    assert.deepEqual((await times(await log.at('check', T0 + 7))).times, []);
    assert.deepEqual((await times(await log.end('check'))).times, []);
    assert.deepEqual(await log.lag('check', await log.start('check')), { rows: 3, oldestUnread: T0 + 1 });
  });

  it('stand before those of a later Dagster in an upgraded instance, each once', async () => {
    home.run('old', 'SUCCESS', T0);
    home.run('new', 'SUCCESS', T0 + 9);
    home.evaluate(home.planned('old', T0), 'old', T0 + 1);
    const id = home.planned('new', T0 + 2);
    home.evaluate(id, 'new', T0 + 3, { storageId: home.evaluation('new', T0 + 3) });
    const { failures } = await readAll(log, 'check');
    assert.deepEqual(
      failures.map((failure) => [
        failure.timestamp - T0,
        failure.origin.kind === 'recorded' && failure.origin.storageId,
      ]),
      [
        [1, null],
        [3, 1],
      ],
    );
  });

  it('have one identity in both places', async () => {
    home.run('r', 'SUCCESS', T0 + 9);
    home.evaluate(home.planned('r', T0), 'r', T0 + 1.123456);
    home.evaluation('r', T0 + 1.123456);
    const { failures } = await readAll(log, 'check');
    assert.equal(failures.length, 2);
    assert.equal(failures[0]?.id, failures[1]?.id);
  });

  it('end a page early where they are large, and lose none', async () => {
    home.run('r', 'SUCCESS', T0);
    const metadata = `{"t": {"__class__": "TextMetadataEntryData", "text": "${'x'.repeat(9_000_000)}"}}`;
    for (let i = 1; i < 5; i += 1) home.evaluate(home.planned('r', T0), 'r', T0 + i, { metadata });
    const page = await log.read('check', await log.start('check'), 100);
    assert.deepEqual([page.entries.length, page.hasMore], [3, true]);
    assert.deepEqual((await times(page.cursor)).times, [4]);
  }).timeout(10_000);

  it('begin again where the table was emptied', async () => {
    home.run('r', 'SUCCESS', T0);
    home.evaluate(home.planned('r', T0), 'r', T0 + 1);
    home.evaluate(home.planned('r', T0), 'r', T0 + 2);
    const { cursor } = await times();
    home.index.exec('delete from asset_check_executions');
    home.evaluate(home.planned('r2', T0 + 500), 'r2', T0 + 501);
    const page = await log.read('check', cursor, 100);
    assert.deepEqual(
      page.entries.map((entry) => entry.outcome === 'failure' && entry.failure.timestamp - T0),
      [501],
    );
    assert.match(page.notes.join(), /asset_check_executions/);
  });
});
