import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import type { EventLog } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import type { CheckFailure } from '../../../src/failure/failure.ts';
import { storageId } from '../../../src/failure/ids.ts';
import { readAll, WrittenHome } from './home.ts';

const T0 = 1_795_000_000;

describe('the SQLite event log', () => {
  let home: WrittenHome;
  let log: EventLog;
  let asked: string[][];

  beforeEach(async () => {
    home = new WrittenHome();
    asked = [];
    log = await openEventLog(home.instance, {
      codeLocationOf: async (assetKey) => {
        asked.push([...assetKey]);
        return 'ai_audi';
      },
    });
  });
  afterEach(() => {
    log.close();
    home.dispose();
  });

  const ids = async (from?: string) => {
    const { failures, cursor } = await readAll(log, 'check', from);
    return { ids: failures.map((f) => (f.origin.kind === 'recorded' ? f.origin.storageId : null)), cursor };
  };

  it('pages through the rows of one kind in id order', async () => {
    for (let i = 0; i < 25; i += 1) {
      home.event(`r${i}`, T0 + i, 'PIPELINE_START', '{}');
      home.evaluation(`r${i}`, T0 + i + 0.5, { passed: i % 5 === 0 });
    }
    const first = await log.read('check', await log.start('check'), 10);
    assert.equal(first.entries.length, 10);
    assert.equal(first.hasMore, true);
    assert.equal(log.describe(first.cursor), '20');
    const rest = await readAll(log, 'check', first.cursor, 10);
    assert.deepEqual(
      rest.entries.map((entry) => entry.outcome === 'passed' && entry.timestamp),
      Array.from({ length: 15 }, (_, i) => ((i + 10) % 5 === 0 ? T0 + i + 10.5 : false)),
    );
    const last = await log.read('check', rest.cursor, 10);
    assert.deepEqual([last.entries, last.hasMore, last.cursor], [[], false, rest.cursor]);
  });

  it('says whether there is something new, of this kind only', async () => {
    const start = await log.start('check');
    assert.equal(await log.hasNew('check', start), false);
    home.event('r', T0, 'PIPELINE_START', '{}');
    assert.equal(await log.hasNew('check', start), false);
    home.evaluation('r', T0);
    assert.equal(await log.hasNew('check', start), true);
    assert.equal(await log.hasNew('run', await log.start('run')), false);
    assert.equal(await log.hasNew('check', await log.end('check')), false);
  });

  it('tells how far a cursor is behind', async () => {
    for (let i = 0; i < 7; i += 1) home.evaluation('r', T0 + i);
    const after = await log.after('check', storageId(3));
    assert.deepEqual(await log.lag('check', after), { rows: 4, oldestUnread: T0 + 3 });
    assert.deepEqual(await log.lag('check', await log.end('check')), { rows: 0, oldestUnread: null });
  });

  it('finds its places: the start, the end, a time, a row', async () => {
    for (let i = 0; i < 7; i += 1) home.evaluation('r', T0 + i);
    assert.deepEqual((await ids()).ids, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual((await ids(await log.end('check'))).ids, []);
    assert.deepEqual((await ids(await log.at('check', T0 + 2))).ids, [3, 4, 5, 6, 7]);
    assert.deepEqual((await ids(await log.at('check', T0 - 5))).ids, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual((await ids(await log.after('check', storageId(5)))).ids, [6, 7]);
    assert.deepEqual((await ids(await log.after('check', storageId(0)))).ids, [1, 2, 3, 4, 5, 6, 7]);
    const beyond = await log.after('check', storageId(5000));
    assert.equal(log.describe(beyond), '7');
    home.evaluation('r', T0 + 9);
    assert.deepEqual((await ids(beyond)).ids, [8]);
  });

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

  it('goes on when a run in the middle was deleted, or everything', async () => {
    home.evaluation('a', T0);
    home.evaluation('b', T0 + 100);
    const { cursor } = await ids();
    home.deleteRun('b');
    home.deleteRun('a');
    const emptied = await log.read('check', cursor, 100);
    assert.deepEqual([emptied.entries, emptied.hasMore], [[], false]);
    home.evaluation('c', T0 + 200);
    assert.deepEqual((await ids(emptied.cursor)).ids, [1]);
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

  it('counts and names rows that cannot be decoded, and reads on', async () => {
    home.evaluation('a', T0);
    home.event('b', T0 + 1, 'ASSET_CHECK_EVALUATION', '{"__class__": "EventLogEntry", "dagster_ev');
    home.event('c', T0 + 2, 'ASSET_CHECK_EVALUATION', new Uint8Array([1, 2, 3]));
    home.event('', T0 + 3, 'ASSET_CHECK_EVALUATION', '{"__class__": "SomethingNew"}');
    home.evaluation('e', T0 + 4);
    const { entries } = await readAll(log, 'check');
    assert.deepEqual(
      entries.map((entry) => entry.outcome),
      ['failure', 'unreadable', 'unreadable', 'unreadable', 'failure'],
    );
    const told = entries.flatMap((entry) => (entry.outcome === 'unreadable' ? entry : []));
    assert.deepEqual(
      told.map((entry) => [entry.storageId, entry.runId]),
      [
        [2, 'b'],
        [3, 'c'],
        [4, null],
      ],
    );
    assert.match(told[0]?.reason ?? '', /JSON is broken/);
    assert.equal(told[1]?.reason, 'its event is no text');
    assert.match(told[2]?.reason ?? '', /unknown class 'SomethingNew'/);
  });

  it('asks for the code location of a run-less evaluation only', async () => {
    home.run('r', 'SUCCESS');
    home.evaluation('r', T0);
    home.evaluation('', T0 + 1);
    home.evaluation('', T0 + 2, { passed: true });
    const { failures } = await readAll(log, 'check');
    assert.deepEqual(
      failures.map((failure) => [failure.runId, failure.codeLocation]),
      [
        ['r', null],
        [null, 'ai_audi'],
      ],
    );
    assert.deepEqual(asked, [['audi', '2024', 'prices']]);
  });

  it('ends a page early where rows are large', async () => {
    const metadata = `{"t": {"__class__": "TextMetadataEntryData", "text": "${'x'.repeat(9_000_000)}"}}`;
    for (let i = 0; i < 4; i += 1) home.evaluation('r', T0 + i, { metadata });
    const page = await log.read('check', await log.start('check'), 100);
    assert.deepEqual([page.entries.length, page.hasMore], [3, true]);
    assert.equal((await log.read('check', page.cursor, 100)).entries.length, 1);
  }).timeout(10_000);

  it('refuses a cursor of another kind or log', async () => {
    await assert.rejects(log.read('run', await log.start('check'), 1), /no run cursor of a SQLite event log/);
    await assert.rejects(log.hasNew('run', '396' as never), /no run cursor/);
  });

  it('tells by the folder that something was written, soon', async () => {
    let told = 0;
    const stop = log.watch(() => {
      told += 1;
    });
    await delay(50);
    home.evaluation('r', T0);
    for (let i = 0; i < 100 && told === 0; i += 1) await delay(10);
    assert.ok(told > 0, 'not told within a second');
    stop();
    await delay(50);
    const before = told;
    home.evaluation('r', T0 + 1);
    await delay(100);
    assert.equal(told, before);
  });

  it('needs no folder events: a folder that cannot be watched is no error', () => {
    home.dispose();
    log.watch(() => assert.fail('nothing can change'))();
  });

  it('waits for a run that just failed to be marked by Dagster', async () => {
    const marked = await openEventLog({ ...home.instance, runRetries: true }, { codeLocationOf: async () => null });
    const now = Date.now() / 1000;
    home.run('r', 'STARTED');
    home.event('r', now, 'PIPELINE_FAILURE', runFailureJson('r', now));
    const reading = readAll(marked, 'run');
    await delay(60);
    home.run('r', 'FAILURE', now);
    await delay(60);
    home.runs.exec("insert into run_tags (run_id, key, value) values ('r', 'dagster/will_retry', 'true')");
    const [failure] = (await reading).failures;
    assert.ok(failure?.kind === 'run' && failure.willRetry);
    marked.close();
  });

  it('does not wait for ever for a run that is never marked', async () => {
    const now = Date.now() / 1000;
    home.run('r', 'STARTED');
    home.event('r', now, 'PIPELINE_FAILURE', runFailureJson('r', now));
    const [failure] = (await readAll(log, 'run')).failures;
    assert.ok(failure?.kind === 'run' && !failure.willRetry && failure.jobName === 'job');
    assert.ok(Date.now() / 1000 - now < 3);
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

function runFailureJson(runId: string, seconds: number): string {
  return `{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "PIPELINE_FAILURE", "message": "This run has been marked as failed from outside the execution context.", "pipeline_name": "nightly", "step_key": null}, "pipeline_name": "nightly", "run_id": "${runId}", "timestamp": ${seconds}, "user_message": ""}`;
}
