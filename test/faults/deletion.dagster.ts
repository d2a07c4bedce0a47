import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonEnv } from '../../scripts/python.ts';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import { pythonEnvironment } from '../dagster/provoker.ts';
import { eventOf, Recorder } from '../endToEnd/recorder.ts';
import { HostedEngine, until } from '../engine/hostedEngine.ts';

/** A Dagster that does one thing after the other to a home, see reading/python/act.py. */
class Actor {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.resume();
  }

  static async start(home: string): Promise<Actor> {
    const { python } = await pythonEnv();
    const program = path.join(import.meta.dirname, '..', 'dagster', 'reading', 'python', 'act.py');
    return new Actor(spawn(python, [program, '--home', home, '-'], { env: pythonEnvironment(home) }));
  }

  /** Answers the run's id. */
  async act(step: 'check' | 'delete' | 'wipe'): Promise<string> {
    this.#child.stdin.write(`${step}\n`);
    const { value, done } = await this.#lines.next();
    return done ? assert.fail(`Dagster ended at ${step}`) : value;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    await gone;
  }
}

describe('an instance in which Dagster deletes', function () {
  this.timeout(60_000);
  let recorder: Recorder;
  let project: string;
  let instance: DagsterInstance;
  let dagster: Actor;
  let hosted: HostedEngine;
  let runs: string[];

  before(async () => {
    recorder = await Recorder.start();
    project = mkdtempSync(path.join(os.tmpdir(), 'firedrill-faults-project-'));
    writeFileSync(path.join(project, '.env'), `SENTRY_DSN=${recorder.dsn}\n`);
    instance = await DagsterInstance.empty();
    dagster = await Actor.start(instance.home);
    runs = [];
    await dagster.act('check'); // before Firedrill
    hosted = await HostedEngine.start({
      dagsterHome: instance.home,
      workspaceFolders: [project],
      deliveryMode: 'automatic',
      approvedDsns: 'all',
    });
  });
  after(async () => {
    await hosted?.dispose();
    await dagster?.stop();
    await instance?.dispose();
    await recorder?.stop();
    rmSync(project, { recursive: true, force: true });
  });

  /** Each run's failure arrives once, and nothing else. */
  const arrives = async (run: string): Promise<void> => {
    runs.push(run);
    await recorder.atLeast(runs.length);
    await pause(300);
    const arrived = recorder.requests.map((request) => (eventOf(request).extra as { run_id: string }).run_id);
    assert.deepEqual(arrived.sort(), [...runs].sort());
  };
  const storageIdOf = (run: string) =>
    until(async () => {
      const row = hosted.failures.find(({ runId }) => runId === run);
      return row && (await hosted.engine.failure(row.id));
    }, `the failure of ${run}`);

  it('the newest run: the next one gets its ids, is found all the same, and the tick says so', async () => {
    const deleted = await dagster.act('check');
    await arrives(deleted);
    await dagster.act('delete');
    const next = await dagster.act('check');
    await arrives(next);
    assert.deepEqual((await storageIdOf(next)).origin, (await storageIdOf(deleted)).origin, 'the ids are the same');
    const told = hosted.logged.filter((line) =>
      /is no more what it was \(its run was deleted, ids are used again\)/.test(line),
    );
    assert.ok(told.length >= 1, hosted.logged.join('\n'));
  });

  it('everything: what it records afterwards is found, and it is the same instance', async () => {
    const before = (await hosted.engine.overview()).instance;
    await dagster.act('wipe');
    await pause(500);
    await arrives(await dagster.act('check'));
    const after = (await hosted.engine.overview()).instance;
    assert.ok(before.state === 'following' && after.state === 'following');
    assert.equal(after.since, before.since);
  });

  it('and whose folder is emptied by hand: said so; what Dagster then makes there is another instance', async () => {
    const before = (await hosted.engine.overview()).instance;
    assert.ok(before.state === 'following');
    await dagster.stop();
    for (const name of readdirSync(instance.home)) {
      if (name !== 'dagster.yaml') rmSync(path.join(instance.home, name), { recursive: true });
    }
    const lost = await until(async () => {
      const now = (await hosted.engine.overview()).instance;
      return now.state === 'lost' && now;
    }, 'the loss to be noticed');
    assert.match(lost.message, /index\.db is gone\. Was the Dagster home removed/);
    dagster = await Actor.start(instance.home);
    const first = await dagster.act('check');
    await until(async () => {
      const now = (await hosted.engine.overview()).instance;
      return now.state === 'following' && now.since !== before.since;
    }, 'the new one to be followed');
    const { rows } = await hosted.engine.failures({ status: 'all', group: null, limit: 100, before: null });
    assert.deepEqual(
      rows.map(({ runId }) => runId),
      [first],
      'of the first instance nothing is listed',
    );
    if (!rows[0]?.beforeFiredrill) runs.push(first);
    await arrives(await dagster.act('check'));
  });
});
