import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { exec } from '../../../scripts/exec.ts';
import { pythonEnv } from '../../../scripts/python.ts';
import { type EventLog, EventLogError } from '../../../src/dagster/eventLog.ts';
import { openEventLog } from '../../../src/dagster/openEventLog.ts';
import { DagsterInstance } from '../dagsterInstance.ts';
import { pythonEnvironment } from '../provoker.ts';
import { instanceIn, newFolder, readAll, removeFolder } from './home.ts';

const open = (home: string): Promise<EventLog> => openEventLog(instanceIn(home), { codeLocationOf: async () => null });

/** Does these things to the instance, see python/act.py; answers the run ids. */
async function act(home: string, ...steps: string[]): Promise<string[]> {
  const { python } = await pythonEnv();
  const program = path.join(import.meta.dirname, 'python', 'act.py');
  const ran = await exec(python, [program, '--home', home, ...steps], { env: pythonEnvironment(home) });
  assert.equal(ran.code, 0, ran.stderr);
  return ran.stdout.trim().split('\n');
}

const faultOf = async (reading: Promise<unknown>) => {
  const error = await reading.then(
    () => assert.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof EventLogError, String(error));
  return error.fault;
};

describe('an instance that changes while it is read', () => {
  let template: DagsterInstance;
  let instance: DagsterInstance;
  let log: EventLog | undefined;
  before(async () => {
    template = await DagsterInstance.empty();
    await act(template.home, 'fail', 'check', 'fail', 'check');
  });
  after(() => template.dispose());
  beforeEach(async () => {
    instance = await DagsterInstance.empty();
    cpSync(template.home, instance.home, { recursive: true });
  });
  afterEach(async () => {
    log?.close();
    log = undefined;
    await instance.dispose();
  });

  it('gives the ids of a deleted run to the next one, which is not skipped', async () => {
    log = await open(instance.home);
    const checks = await readAll(log, 'check');
    const runs = await readAll(log, 'run');
    const [deleted, again] = await act(instance.home, 'delete', 'check');
    assert.equal(checks.failures.at(-1)?.runId, deleted);
    const next = await readAll(log, 'check', checks.cursor);
    const known = new Set(checks.failures.map(({ id }) => id));
    const fresh = next.failures.filter(({ id }) => !known.has(id));
    assert.deepEqual(
      fresh.map(({ runId }) => runId),
      [again],
    );
    assert.ok(fresh[0]?.origin.kind === 'recorded' && checks.failures.at(-1)?.origin.kind === 'recorded');
    assert.deepEqual(fresh[0].origin, checks.failures.at(-1)?.origin, 'the id was not used again');
    assert.match(next.notes.join(), /ids are used again/);
    assert.deepEqual((await readAll(log, 'run', runs.cursor)).failures, []);
  });

  it('tells a corrupted row and goes on', async () => {
    const database = new DatabaseSync(path.join(instance.home, 'history', 'runs', 'index.db'));
    for (const type of ['ASSET_CHECK_EVALUATION', 'PIPELINE_FAILURE']) {
      database.exec(`update event_logs set event = substr(event, 1, 300)
        where id = (select min(id) from event_logs where dagster_event_type = '${type}')`);
    }
    database.close();
    log = await open(instance.home);
    for (const kind of ['check', 'run'] as const) {
      const { entries } = await readAll(log, kind);
      assert.deepEqual(
        entries.map(({ outcome }) => outcome),
        ['unreadable', 'failure'],
      );
    }
  });

  it('is told as gone when its home is removed, and as replaced when it is made anew', async () => {
    log = await open(instance.home);
    const cursor = await log.start('check');
    const aside = newFolder();
    renameSync(instance.home, path.join(aside, 'home'));
    assert.equal(await faultOf(log.hasNew('check', cursor)), 'gone');
    assert.equal(await faultOf(log.read('check', cursor, 10)), 'gone');
    cpSync(path.join(aside, 'home'), instance.home, { recursive: true });
    assert.equal(await faultOf(log.read('check', cursor, 10)), 'replaced');
    rmSync(instance.home, { recursive: true });
    renameSync(path.join(aside, 'home'), instance.home);
    assert.equal((await log.read('check', cursor, 10)).entries.length, 2);
    removeFolder(aside);
  });

  it('is told as locked while a program holds its file, and read when it is free', async () => {
    log = await open(instance.home);
    const cursor = await log.start('check');
    const writer = new DatabaseSync(path.join(instance.home, 'history', 'runs', 'index.db'));
    writer.exec('PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE'); // as a repair or a copy tool does
    assert.equal(await faultOf(log.read('check', cursor, 10)), 'locked');
    writer.exec('COMMIT; PRAGMA journal_mode=WAL');
    writer.close();
    assert.equal((await log.read('check', cursor, 10)).entries.length, 2);
  });

  it('is read at once while Dagster writes: every failure is told by the folder and found', async () => {
    log = await open(instance.home);
    const following = log;
    let cursor = await following.end('check');
    const delays: number[] = [];
    let peeking = Promise.resolve();
    const peek = async () => {
      if (!(await following.hasNew('check', cursor))) return;
      const page = await following.read('check', cursor, 100);
      cursor = page.cursor;
      for (const entry of page.entries) {
        if (entry.outcome === 'failure') delays.push(Date.now() - entry.failure.timestamp * 1000);
      }
    };
    const stop = following.watch(() => {
      peeking = peeking.then(peek);
    });
    await act(instance.home, 'check', 'check', 'check', 'check', 'check');
    await delay(200);
    stop();
    await peeking;
    assert.equal(delays.length, 5);
    const sorted = delays.sort((a, b) => a - b);
    console.log(
      `      from the event's timestamp to the decoded failure: ${sorted.map((ms) => ms.toFixed(0)).join(', ')} ms`,
    );
    assert.ok((sorted[2] ?? Infinity) < 1_000);
  });
});
