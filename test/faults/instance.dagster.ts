import assert from 'node:assert/strict';
import fs, {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import type { InstanceStatus } from '../../src/engine/api.ts';
import { previewed } from '../cli/previewed.ts';
import { evaluationJson } from '../dagster/reading/home.ts';
import { eventOf, Recorder } from '../endToEnd/recorder.ts';
import { HostedEngine, until } from '../engine/hostedEngine.ts';
import { insert, WrittenInstance } from './instances.ts';

describe('an instance with a fault', function () {
  this.timeout(60_000);
  let recorder: Recorder;
  let project: string;
  let instance: WrittenInstance;
  let hosted: HostedEngine;
  /** Checks whose failures must have arrived at the end, each once, and nothing else. */
  let expected: string[];

  before(async () => {
    recorder = await Recorder.start();
    project = mkdtempSync(path.join(os.tmpdir(), 'firedrill-faults-project-'));
    writeFileSync(path.join(project, '.env'), `SENTRY_DSN=${recorder.dsn}\n`);
  });
  after(async () => {
    await recorder?.stop();
    rmSync(project, { recursive: true, force: true });
  });
  beforeEach(async () => {
    expected = [];
    recorder.requests.length = 0;
    instance = await WrittenInstance.make();
  });
  afterEach(async () => {
    await hosted.dispose();
    instance.dispose();
  });

  const follow = async (stateFolder?: string): Promise<void> => {
    hosted = await HostedEngine.start(
      { dagsterHome: instance.home, workspaceFolders: [project], deliveryMode: 'automatic', approvedDsns: 'all' },
      stateFolder === undefined ? {} : { stateFolder },
    );
    assert.equal((await status()).state, 'following');
  };
  const status = async (): Promise<InstanceStatus> => (await hosted.engine.overview()).instance;
  const becomes = <S extends InstanceStatus['state']>(state: S) =>
    until(async () => {
      const now = await status();
      return now.state === state && (now as Extract<InstanceStatus, { state: S }>);
    }, `the instance to be ${state}`);
  const warned = (words: RegExp | null) =>
    until(async () => {
      const now = await status();
      if (now.state !== 'following') return false;
      return words === null ? now.warnings.length === 0 : now.warnings.some((text) => words.test(text));
    }, `the warning ${words}`);

  const checkOf = (message: unknown) => /: (\S+) on /.exec(String(message))?.[1] ?? String(message);
  const arrived = () => recorder.requests.map((request) => checkOf(eventOf(request).message));
  /** Waits for what is expected, and a while for what is not. */
  const settled = async (...more: string[]): Promise<void> => {
    expected.push(...more);
    await recorder.atLeast(expected.length);
    await pause(300);
    assert.deepEqual(arrived().sort(), [...expected].sort());
  };

  it('that disappears and returns: said so, and what it recorded meanwhile is found', async () => {
    await follow();
    await settled(instance.fail());
    instance.goAway();
    const lost = await becomes('lost');
    assert.match(lost.message, /index\.db is gone\. Was the Dagster home removed, or a temporary one closed\?$/);
    const meanwhile = instance.fail(0, instance.away);
    instance.comeBack();
    await becomes('following');
    await settled(meanwhile, instance.fail());
  });

  it('that another one took the place of: nothing of its history is sent, and the first carries on when it is back', async () => {
    const other = await WrittenInstance.make();
    try {
      // Neither has a name of its own: only when they were made tells them apart.
      for (const each of [instance, other]) each.name(null);
      other.makeAnother();
      await follow();
      await settled(instance.fail());
      const met = (await becomes('following')).since;
      const recent = other.fail(30);
      instance.goAway();
      fs.renameSync(other.home, instance.home);
      await until(async () => {
        const now = await status();
        return now.state === 'following' && now.since !== met;
      }, 'the other one to be followed');
      const before = await hosted.engine.failures({ status: 'pending', group: 'before', limit: 500, before: null });
      assert.ok(
        before.rows.some(({ title }) => checkOf(title) === recent),
        'its history is listed apart',
      );
      await settled(instance.fail()); // in the other one, which stands there now
      fs.renameSync(instance.home, other.home);
      await becomes('lost');
      const meanwhile = instance.fail(0, instance.away);
      instance.comeBack();
      await until(async () => {
        const now = await status();
        return now.state === 'following' && now.since === met;
      }, 'the first one to be followed again');
      await settled(meanwhile);
    } finally {
      other.dispose();
    }
  });

  it('that gets its name only later stays who it is, whoever asks', async () => {
    instance.name(null);
    const eventIds = async () => (await previewed(instance.home)).map(({ event }) => event.event_id);
    const nameless = await eventIds();
    assert.ok(nameless.length > 0);
    await follow();
    await settled(instance.fail());
    const { since } = await becomes('following');
    instance.name('5b6bd8a1-2a57-4f0a-9e52-6c0d8f3c1a7e');
    await hosted.engine.searchInstance();
    await settled(instance.fail());
    assert.equal((await becomes('following')).since, since);
    await hosted.stop();
    const meanwhile = instance.fail();
    await follow(hosted.stateFolder);
    assert.equal((await becomes('following')).since, since);
    await settled(meanwhile);
    const named = await eventIds();
    assert.deepEqual(named.slice(0, nameless.length), nameless);
    const sent = recorder.requests.map((request) => eventOf(request).event_id);
    assert.deepEqual(new Set(named.slice(nameless.length)), new Set(sent));
  });

  it('that is locked for ten seconds: said so after two, nothing waits for it, and then all is found', async () => {
    await follow();
    await settled(instance.fail());
    const program = new DatabaseSync(instance.log);
    program.exec('PRAGMA journal_mode=DELETE; BEGIN EXCLUSIVE'); // as a repair or a backup does
    const end = Date.now() + 10_000;
    try {
      const seconds = Date.now() / 1000;
      insert(
        program,
        'ASSET_CHECK_EVALUATION',
        'run-locked',
        seconds,
        evaluationJson('run-locked', seconds, { check: 'in_the_lock' }),
      );
      await warned(/index\.db is locked by another program\. Firedrill tries again\.$/);
      while (Date.now() < end) {
        const began = performance.now();
        await hosted.engine.overview();
        assert.ok(performance.now() - began < 1_000, 'the engine answers');
        await pause(100);
      }
      assert.deepEqual(arrived(), expected);
      program.exec('COMMIT; PRAGMA journal_mode=WAL');
    } finally {
      program.close();
    }
    await settled('in_the_lock', instance.fail());
    await warned(null);
    assert.equal(hosted.logged.filter((line) => line.includes('is locked')).length, 2, 'told once for each sensor');
  });

  it('with a damaged page: said so with what to do, it is not let go, and read on when it is mended', async () => {
    await follow();
    const first = instance.fail();
    await settled(first);
    await hosted.engine.setSensorRunning('asset_check_sentry_sensor', false);
    const large = instance.fail(0, instance.home, 'x'.repeat(200_000));
    const page = { at: statSync(instance.log).size - 3 * 4096, bytes: Buffer.alloc(4096) };
    const file = openSync(instance.log, 'r+');
    try {
      readSync(file, page.bytes, 0, 4096, page.at);
      writeSync(file, Buffer.alloc(4096, 0xff), 0, 4096, page.at);
      await hosted.engine.setSensorRunning('asset_check_sentry_sensor', true);
      await warned(
        /index\.db is damaged \(.+\)\. Stop Dagster and check it with: sqlite3 ".+index\.db" "pragma integrity_check"$/,
      );
      const last = await until(
        () =>
          hosted.ticks.findLast(({ sensor, end }) => sensor === 'asset_check_sentry_sensor' && end.kind === 'failure'),
        'the failed tick',
      );
      assert.ok(last.end.kind === 'failure' && /is damaged/.test(last.end.error));
      await pause(1_500); // the other sensor, which does not read the page, does not unsay it
      await warned(/is damaged/);
      writeSync(file, page.bytes, 0, 4096, page.at);
    } finally {
      closeSync(file);
    }
    await settled(large);
    await warned(null);
  });

  it('whose writer was killed: its write-ahead log is read without shared memory, and none is made', async () => {
    const dead = await WrittenInstance.make();
    try {
      await follow(); // ends with the test
      const writer = new DatabaseSync(dead.log);
      const seconds = Date.now() / 1000;
      insert(
        writer,
        'ASSET_CHECK_EVALUATION',
        'run-wal',
        seconds,
        evaluationJson('run-wal', seconds, { check: 'in_the_wal' }),
      );
      for (const end of ['', '-wal']) fs.copyFileSync(dead.log + end, `${dead.log}${end}.copy`);
      writer.close();
      for (const end of ['', '-wal']) fs.renameSync(`${dead.log}${end}.copy`, dead.log + end);
      assert.ok(!existsSync(`${dead.log}-shm`));
      await hosted.configure({ dagsterHome: dead.home });
      await until(async () => {
        const now = await status();
        return now.state === 'following' && now.home === dead.home;
      }, 'it to be followed');
      const { rows } = await hosted.engine.failures({ status: 'pending', group: 'before', limit: 500, before: null });
      assert.ok(rows.some(({ title }) => checkOf(title) === 'in_the_wal'));
      await pause(500);
      assert.ok(!existsSync(`${dead.log}-shm`), 'no file was made');
      await settled(dead.fail()); // Dagster starts again
    } finally {
      await hosted.stop();
      dead.dispose();
    }
  });

  for (const [what, watch] of [
    ['delivers no events', () => ({ on: () => undefined, close: () => undefined })],
    [
      'cannot be watched',
      () => {
        throw new Error('ENOSPC: System limit for number of file watchers reached');
      },
    ],
  ] as const) {
    it(`in a folder that ${what}: peeks find what it records`, async () => {
      const { watch: real } = fs;
      Object.assign(fs, { watch });
      syncBuiltinESMExports();
      try {
        await follow();
      } finally {
        Object.assign(fs, { watch: real });
        syncBuiltinESMExports();
      }
      for (let n = 0; n < 3; n += 1) {
        const began = Date.now();
        await settled(instance.fail());
        assert.ok(Date.now() - began < 2_000, `${Date.now() - began} ms`);
      }
    });
  }
});
