import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import { eventOf, RECORDER_KEY, Recorder } from '../endToEnd/recorder.ts';
import { until } from '../engine/hostedEngine.ts';
import { assertSpecified, cli, previewed, program } from './previewed.ts';

describe('the command line', function () {
  this.timeout(60_000);

  describe('preview', () => {
    it('prints the specified event of every failure of a real history, in log order', async () => {
      const instance = await DagsterInstance.withHistory();
      try {
        const before = await hashes(instance.home);
        const lines = await previewed(instance.home);
        assert.deepEqual(await hashes(instance.home), before, 'no file was changed, added or removed');
        const ids = lines.map((line) => line.storage_id ?? assert.fail('an id is missing'));
        assert.deepEqual(
          ids,
          ids.toSorted((a, b) => a - b),
        );
        const manifest = await instance.manifest();
        assert.equal(lines.length, manifest.length);
        for (const entry of manifest) {
          const line = lines.find((each) => each.storage_id === entry.storage_id);
          assert.ok(line, entry.case);
          assert.equal(line.kind, entry.kind, entry.case);
          assertSpecified(line, entry);
        }
      } finally {
        await instance.dispose();
      }
    });

    it('says what is wrong with a folder that is no Dagster home', async () => {
      const ran = await cli(['preview', '--home', os.tmpdir()]);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /^firedrill: .+ is no Dagster home: .+\n$/);
      assert.equal(ran.stdout, '');
    });
  });

  describe('send-test', () => {
    let recorder: Recorder;
    before(async () => {
      recorder = await Recorder.start();
    });
    after(() => recorder.stop());

    for (const kind of ['check', 'run']) {
      it(`sends the specified event of a ${kind} failure and prints the receipt`, async () => {
        recorder.requests.length = 0;
        const ran = await cli(['send-test', kind], { SENTRY_DSN: recorder.dsn });
        assert.equal(ran.code, 0, ran.stderr);
        const [request] = await recorder.atLeast(1);
        assert.ok(request);
        const event = eventOf(request);
        const receipt = JSON.parse(ran.stdout);
        assert.equal(receipt.outcome, 'accepted');
        assert.equal(receipt.event_id, event.event_id);
        assert.equal(receipt.title, event.message);
        assert.match(
          String(event.message),
          kind === 'check' ? /^Dagster asset check failure: / : /^Dagster run failure: /,
        );
        const tags =
          kind === 'check'
            ? ['oem', 'check_name', 'severity', 'partition_date']
            : ['job_name', 'oem', 'partition_date'];
        assert.deepEqual(Object.keys(event.tags as object), tags);
        assert.equal(event.environment, 'firedrill-test');
        assert.ok(!(ran.stdout + ran.stderr).includes(RECORDER_KEY));
      });
    }

    it('sends it under the environment that is named', async () => {
      recorder.requests.length = 0;
      const ran = await cli(['send-test', 'run', '--environment', 'staging'], { SENTRY_DSN: recorder.dsn });
      assert.equal(ran.code, 0, ran.stderr);
      const [request] = await recorder.atLeast(1);
      assert.equal(request && eventOf(request).environment, 'staging');
    });

    it('exits with 1 and the endpoint’s reason when it was not accepted, without a key that it repeats', async () => {
      const key = '0123456789abcdef0123456789abcdef';
      const server = http.createServer((_, answer) => {
        const headers = { 'content-type': 'application/json', 'x-sentry-error': `no such key ${key}` };
        answer.writeHead(403, headers).end(`{"detail":"event submission rejected: ${key}"}`);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const ran = await cli(['send-test', 'check'], { SENTRY_DSN: `http://${key}@127.0.0.1:${port}/1` });
      server.close();
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /403.*no such key •+.*event submission rejected/);
      assert.ok(!ran.stderr.includes(key));
      assert.equal(ran.stdout, '');
    });

    it('exits with 1 without SENTRY_DSN, and with one that is malformed, whose text it does not repeat', async () => {
      assert.match((await cli(['send-test', 'check'])).stderr, /SENTRY_DSN is not set/);
      const ran = await cli(['send-test', 'run'], { SENTRY_DSN: 'htp://secretkey@host/1' });
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /^firedrill: SENTRY_DSN: /);
      assert.ok(!ran.stderr.includes('secretkey'));
    });
  });

  describe('watch', () => {
    let instance: DagsterInstance;
    let state: string;
    let child: ChildProcess;

    beforeEach(async () => {
      instance = await DagsterInstance.empty();
      state = await mkdtemp(path.join(os.tmpdir(), 'firedrill-watch-'));
    });
    afterEach(async () => {
      child?.kill('SIGKILL');
      await instance.dispose();
      await rm(state, { recursive: true, force: true, maxRetries: 10 });
    });

    const watch = (deliver: string, workspace = state): Record<string, unknown>[] => {
      const { SENTRY_DSN: _, ...env } = process.env;
      const args = ['watch', '--home', instance.home, '--deliver', deliver, '--state', path.join(state, 'state')];
      child = spawn(process.execPath, [...program, ...args, '--workspace', workspace, '--inbox-port', '0'], { env });
      const lines: Record<string, unknown>[] = [];
      assert.ok(child.stdout);
      createInterface({ input: child.stdout }).on('line', (text) => lines.push(JSON.parse(text)));
      return lines;
    };
    const line = (lines: Record<string, unknown>[], type: string, key: string, value: unknown) =>
      until(() => lines.find((each) => each.type === type && each[key] === value), `${type} ${key} ${value}`);
    const following = (lines: Record<string, unknown>[]) =>
      until(() => JSON.stringify(lines).includes('"following"'), 'following');

    it('prints ticks, failures, receipts and what the inbox received, and ends when interrupted', async () => {
      const provoker = await instance.serve();
      await provoker.provoke('check-integrity');
      const lines = watch('inbox');
      await following(lines);
      const [failed] = await provoker.provoke('check-discrepancies');
      const title = failed?.expected.message;
      await line(lines, 'failure', 'title', title);
      await line(lines, 'tick', 'sensor', 'asset_check_sentry_sensor');
      await line(lines, 'received', 'title', title);
      await until(() => JSON.stringify(lines).includes('"kind":"accepted"'), 'a receipt');
      child.kill('SIGINT');
      assert.deepEqual(await once(child, 'exit'), [0, null]);
    });

    it('delivers to the DSN of the code location with --deliver dsn, and holds by default', async () => {
      const recorder = await Recorder.start();
      try {
        const provoker = await instance.serve();
        await provoker.provoke('check-integrity');
        await writeFile(path.join(state, '.env'), `SENTRY_DSN=${recorder.dsn}\n`);
        const held = watch('hold');
        await following(held);
        const [first] = await provoker.provoke('check-discrepancies');
        await line(held, 'failure', 'title', first?.expected.message);
        child.kill('SIGINT');
        await once(child, 'exit');
        assert.equal(recorder.requests.length, 0);

        await following(watch('dsn'));
        const [second] = await provoker.provoke('check-unresolved-refs');
        const [request] = await recorder.atLeast(1);
        assert.ok(request);
        assert.equal(eventOf(request).message, second?.expected.message, 'what was held stays held');
      } finally {
        await recorder.stop();
      }
    });
  });

  describe('wrong usage', () => {
    for (const args of [
      [],
      ['prevew'],
      ['preview'],
      ['preview', '--home'],
      ['preview', '--home', 'x', 'y'],
      ['preview', '--hom', 'x'],
      ['preview', '--home', 'x', '--oem-pattern', '('],
      ['send-test'],
      ['send-test', 'both'],
      ['send-test', 'check', '--environment', 'a/b'],
      ['watch'],
      ['watch', '--home', 'x', '--deliver', 'everywhere'],
      ['watch', '--home', 'x', '--inbox-port', '99999'],
    ]) {
      it(`of "${args.join(' ')}" is one line and exit code 2`, async () => {
        const ran = await cli(args);
        assert.equal(ran.code, 2, ran.stderr);
        assert.match(ran.stderr, /^firedrill: [^\n]+\n$/);
        assert.equal(ran.stdout, '');
      });
    }

    for (const args of [['--help'], ['preview', '--help'], ['send-test', '--help'], ['watch', '--help']]) {
      it(`${args.join(' ')} helps`, async () => {
        const ran = await cli(args);
        assert.equal(ran.code, 0);
        assert.match(ran.stdout, /--home|check\|run/);
      });
    }
  });
});

/** SHA-256 of every file below a folder, by path. */
async function hashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const hashed = await Promise.all(
    files.sort().map(
      async (file) =>
        [
          file,
          createHash('sha256')
            .update(await readFile(file))
            .digest('hex'),
        ] as const,
    ),
  );
  return Object.fromEntries(hashed);
}
