import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { root } from '../../scripts/paths.ts';
import { evaluationJson } from '../dagster/reading/home.ts';
import { until } from '../engine/hostedEngine.ts';
import { insert, WrittenInstance } from './instances.ts';

const NOBODY = 65_534;

/** Every folder and file below, writable by its owner or by nobody. */
function setWritable(folder: string, writable: boolean): void {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    chmodSync(file, entry.isDirectory() ? (writable ? 0o755 : 0o555) : writable ? 0o644 : 0o444);
  }
  chmodSync(folder, writable ? 0o755 : 0o555);
}

/** `watch` by a user whom permissions bind: another one where the tests run as root, who may write everywhere. */
function watchAsBound(home: string, state: string) {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(state, NOBODY, NOBODY);
  const args = ['watch', '--home', home, '--state', state, '--webserver', 'http://127.0.0.1:9', '--inbox-port', '0'];
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', path.join(root, 'src', 'cli.ts'), ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    },
  );
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const stop = async () => {
    const gone = once(child, 'close');
    child.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null], complaint);
  };
  return { lines, stop };
}

describe('an instance in a folder that cannot be written', function () {
  this.timeout(60_000);

  it('is followed: what is recorded is found, also in a write-ahead log, and nothing is made there', async () => {
    const instance = await WrittenInstance.make();
    const state = mkdtempSync(path.join(os.tmpdir(), 'firedrill-faults-state-'));
    chmodSync(path.dirname(instance.home), 0o755);
    setWritable(instance.home, false);
    const watching = watchAsBound(instance.home, state);
    try {
      const isTold = (check: string) => () =>
        watching.lines.some((line) => line.includes('"failure"') && line.includes(` ${check} on `));
      await until(() => watching.lines.some((line) => line.includes('"following"')), 'it to be followed');
      const names = readdirSync(path.dirname(instance.log)).sort();
      setWritable(instance.home, true);
      const later = instance.fail();
      setWritable(instance.home, false);
      await until(isTold(later), later);
      // A writer that was killed leaves its log; without memory beside it there is only the copy to read.
      setWritable(instance.home, true);
      const writer = new DatabaseSync(instance.log);
      const seconds = Date.now() / 1000;
      insert(
        writer,
        'ASSET_CHECK_EVALUATION',
        'run-wal',
        seconds,
        evaluationJson('run-wal', seconds, { check: 'in_the_wal' }),
      );
      copyFileSync(`${instance.log}-wal`, `${instance.log}-wal.copy`);
      copyFileSync(instance.log, `${instance.log}.copy`);
      writer.close();
      copyFileSync(`${instance.log}.copy`, instance.log);
      copyFileSync(`${instance.log}-wal.copy`, `${instance.log}-wal`);
      for (const end of ['.copy', '-wal.copy']) rmSync(instance.log + end);
      rmSync(`${instance.log}-shm`, { force: true }); // the writer's: it stays where a read went on while that closed
      setWritable(instance.home, false);
      await until(isTold('in_the_wal'), 'in_the_wal');
      const { length } = watching.lines.filter((line) => line.includes('"failure"') && line.includes('in_the_wal'));
      assert.equal(length, 1);
      assert.deepEqual(readdirSync(path.dirname(instance.log)).sort(), [...names, 'index.db-wal'].sort());
      await watching.stop();
    } finally {
      setWritable(instance.home, true);
      instance.dispose();
      rmSync(state, { recursive: true, force: true });
    }
  });
});
