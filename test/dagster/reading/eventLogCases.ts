import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import { storageId } from '../../../src/failure/ids.ts';
import { readAll, runFailureJson } from './home.ts';
import type { WrittenStorage } from './writtenStorage.ts';

const T0 = 1_795_000_000;

/** What every event log does, whatever storage it stands in: to be called inside a `describe`. */
export function eventLogCases(newStorage: () => Promise<WrittenStorage>): void {
  let storage: WrittenStorage;
  let log: EventLog;
  let asked: string[][];

  beforeEach(async () => {
    storage = await newStorage();
    asked = [];
    log = await open();
  });
  afterEach(async () => {
    log.close();
    await storage.dispose();
  });

  const open = (instance = storage.instance) =>
    openEventLog(instance, {
      codeLocationOf: async (assetKey) => {
        asked.push([...assetKey]);
        return 'ai_audi';
      },
    });
  const evaluations = async (count: number) => {
    const ids: number[] = [];
    for (let i = 0; i < count; i += 1) ids.push(await storage.evaluation('r', T0 + i));
    return ids;
  };
  const read = async (from?: string) => {
    const { failures, cursor } = await readAll(log, 'check', from);
    return { ids: failures.map((f) => (f.origin.kind === 'recorded' ? f.origin.storageId : null)), cursor };
  };

  it('pages through the rows of one kind in id order', async () => {
    const ids: number[] = [];
    for (let i = 0; i < 25; i += 1) {
      await storage.event(`r${i}`, T0 + i, 'PIPELINE_START', '{}');
      ids.push(await storage.evaluation(`r${i}`, T0 + i + 0.5, { passed: i % 5 === 0 }));
    }
    const first = await log.read('check', await log.start('check'), 10);
    assert.equal(first.entries.length, 10);
    assert.equal(first.hasMore, true);
    assert.equal(log.describe(first.cursor), String(ids[9]));
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
    await storage.event('r', T0, 'PIPELINE_START', '{}');
    assert.equal(await log.hasNew('check', start), false);
    await storage.evaluation('r', T0);
    assert.equal(await log.hasNew('check', start), true);
    assert.equal(await log.hasNew('run', await log.start('run')), false);
    assert.equal(await log.hasNew('check', await log.end('check')), false);
  });

  it('tells how far a cursor is behind', async () => {
    const ids = await evaluations(7);
    const after = await log.after('check', storageId(ids[2] ?? 0));
    assert.deepEqual(await log.lag('check', after), { rows: 4, oldestUnread: T0 + 3 });
    assert.deepEqual(await log.lag('check', await log.end('check')), { rows: 0, oldestUnread: null });
  });

  it('finds its places: the start, the end, a time, a row', async () => {
    const ids = await evaluations(7);
    const [first = 0, , , , fifth = 0, , last = 0] = ids;
    assert.deepEqual((await read()).ids, ids);
    assert.deepEqual((await read(await log.end('check'))).ids, []);
    assert.deepEqual((await read(await log.at('check', T0 + 2))).ids, ids.slice(2));
    assert.deepEqual((await read(await log.at('check', T0 - 5))).ids, ids);
    assert.deepEqual((await read(await log.after('check', storageId(fifth)))).ids, ids.slice(5));
    assert.deepEqual((await read(await log.after('check', storageId(first - 1)))).ids, ids);
    const beyond = await log.after('check', storageId(last + 5000));
    assert.equal(log.describe(beyond), String(last));
    const next = await storage.evaluation('r', T0 + 9);
    assert.deepEqual((await read(beyond)).ids, [next]);
  });

  it('goes on from a cursor when it is opened again', async () => {
    const [, second = 0, third = 0] = await evaluations(3);
    const page = await log.read('check', await log.start('check'), 1);
    log.close();
    log = await open();
    assert.deepEqual((await read(page.cursor)).ids, [second, third]);
  });

  it('gives an evaluation the same identity whenever it is read, and every one another', async () => {
    await evaluations(3);
    const failures = async () => (await readAll(log, 'check')).failures.map(({ id }) => id);
    const first = await failures();
    assert.equal(new Set(first).size, 3);
    assert.deepEqual(await failures(), first);
  });

  it('goes on when runs were deleted, or all of them', async () => {
    await storage.evaluation('a', T0);
    await storage.evaluation('b', T0 + 100);
    const { cursor } = await read();
    await storage.deleteRun('b');
    await storage.deleteRun('a');
    const emptied = await log.read('check', cursor, 100);
    assert.deepEqual([emptied.entries, emptied.hasMore], [[], false]);
    assert.equal(await log.hasNew('check', emptied.cursor), false);
    const next = await storage.evaluation('c', T0 + 200);
    assert.deepEqual((await read(emptied.cursor)).ids, [next]);
  });

  it('counts and names rows that cannot be decoded, and reads on', async () => {
    await storage.evaluation('a', T0);
    const broken = await storage.event('b', T0 + 1, 'ASSET_CHECK_EVALUATION', '{"__class__": "EventLogEntry", "dag');
    const unknown = await storage.event('', T0 + 3, 'ASSET_CHECK_EVALUATION', '{"__class__": "SomethingNew"}');
    await storage.evaluation('e', T0 + 4);
    const { entries } = await readAll(log, 'check');
    assert.deepEqual(
      entries.map((entry) => entry.outcome),
      ['failure', 'unreadable', 'unreadable', 'failure'],
    );
    const told = entries.flatMap((entry) => (entry.outcome === 'unreadable' ? entry : []));
    assert.deepEqual(
      told.map((entry) => [entry.storageId, entry.runId]),
      [
        [broken, 'b'],
        [unknown, null],
      ],
    );
    assert.match(told[0]?.reason ?? '', /JSON is broken/);
    assert.match(told[1]?.reason ?? '', /unknown class 'SomethingNew'/);
  });

  it('asks for the code location of a run-less evaluation only', async () => {
    await storage.run('r', 'SUCCESS');
    await storage.evaluation('r', T0);
    await storage.evaluation('', T0 + 1);
    await storage.evaluation('', T0 + 2, { passed: true });
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
    for (let i = 0; i < 4; i += 1) await storage.evaluation('r', T0 + i, { metadata });
    const page = await log.read('check', await log.start('check'), 100);
    assert.deepEqual([page.entries.length, page.hasMore], [3, true]);
    assert.equal((await log.read('check', page.cursor, 100)).entries.length, 1);
  }).timeout(20_000);

  it('refuses a cursor of another kind or log', async () => {
    await assert.rejects(log.read('run', await log.start('check'), 1), /no run cursor of an event log/);
    await assert.rejects(log.hasNew('run', '396' as never), /no run cursor/);
  });

  it('tells that something was written, soon, and no more when it is stopped', async () => {
    let told = 0;
    const stop = log.watch(() => {
      told += 1;
    });
    await delay(50);
    told = 0;
    await storage.evaluation('r', T0);
    for (let i = 0; i < 100 && told === 0; i += 1) await delay(10);
    assert.ok(told > 0, 'not told within a second');
    stop();
    await delay(50);
    const before = told;
    await storage.evaluation('r', T0 + 1);
    await delay(100);
    assert.equal(told, before);
  });

  it('adds what is known of a failed run: its job, its partition, its first failed step', async () => {
    await storage.run('r', 'FAILURE', T0);
    await storage.tag('r', 'dagster/partition', '2026-05-01');
    await storage.tag('r', 'dagster/code_location', 'ai_audi');
    await storage.stepFailure('other', T0, 'audi__elsewhere');
    await storage.stepFailure('r', T0, 'audi__prices');
    await storage.stepFailure('r', T0 + 1, 'audi__stock');
    await storage.event('r', T0 + 2, 'PIPELINE_FAILURE', runFailureJson('r', T0 + 2));
    const [failure] = (await readAll(log, 'run')).failures;
    assert.ok(failure?.kind === 'run');
    assert.deepEqual(
      [failure.jobName, failure.codeLocation, failure.partition, failure.step?.key, failure.step?.error?.className],
      ['job', 'ai_audi', '2026-05-01', 'audi__prices', 'ValueError'],
    );
  });

  it('waits for a run that just failed to be marked by Dagster', async () => {
    const marked = await open({ ...storage.instance, runRetries: true });
    const now = Date.now() / 1000;
    await storage.run('r', 'STARTED');
    await storage.event('r', now, 'PIPELINE_FAILURE', runFailureJson('r', now));
    const reading = readAll(marked, 'run');
    await delay(60);
    await storage.run('r', 'FAILURE', now);
    await delay(60);
    await storage.tag('r', 'dagster/will_retry', 'true');
    const [failure] = (await reading).failures;
    assert.ok(failure?.kind === 'run' && failure.willRetry);
    marked.close();
  });

  it('does not wait for ever for a run that is never marked', async () => {
    const now = Date.now() / 1000;
    await storage.run('r', 'STARTED');
    await storage.event('r', now, 'PIPELINE_FAILURE', runFailureJson('r', now));
    const [failure] = (await readAll(log, 'run')).failures;
    assert.ok(failure?.kind === 'run' && !failure.willRetry && failure.jobName === 'job');
    assert.ok(Date.now() / 1000 - now < 3);
  });
}
