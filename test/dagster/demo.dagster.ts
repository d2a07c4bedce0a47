import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { cache, root } from '../../scripts/paths.ts';
import { readManifest } from './manifest.ts';

describe('npm run demo -- --headless', function () {
  this.timeout(150_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-demo-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const demo = (...args: string[]) =>
    exec(process.execPath, [path.join(root, 'scripts', 'start.mjs'), 'demo', '--headless', ...args]);
  const kept = () => path.join(folder, 'manifest.json');

  it('brings what really fails to the inbox, says so, and leaves nothing behind', async () => {
    const before = await readdir(path.join(cache, 'demo')).catch(() => [] as string[]);
    const cases = 'check-discrepancies,run-exception-lines,check-passes-again';
    const ran = await demo('--only', cases, '--manifest', kept());
    assert.equal(ran.code, 0, ran.stdout + ran.stderr);
    assert.match(ran.stdout, /2 of 2 failures have arrived/);
    assert.match(ran.stdout, /received Dagster asset check failure: discrepancies on audi\/2024\/prices \(WARN\)/);
    assert.match(ran.stdout, /received Dagster run failure: audi\/failing\/lines_and_markup \(ValueError\)/);
    assert.match(ran.stdout, /tick +run_failure_sentry_sensor success: 1 rows, 1 failures/);
    const after = await readdir(path.join(cache, 'demo'));
    assert.deepEqual(
      after.filter((name) => !before.includes(name)),
      [],
    );

    assert.ok(ran.stdout.trimEnd().endsWith(kept()), ran.stdout);
    const manifest = await readManifest(folder);
    assert.deepEqual(
      manifest.map((entry) => entry.case),
      ['check-discrepancies', 'run-exception-lines'],
    );
    for (const { case: name, storage_id } of manifest) {
      assert.ok(Number.isInteger(storage_id), `${name}: ${storage_id}`);
      assert.match(ran.stdout, new RegExp(`storage id ${storage_id} ${name}: received `));
    }
  });

  it('says each step, names a case that there is not, exits with 1, and keeps the manifest of what did happen', async () => {
    const ran = await demo('--only', 'no-such-case', '--manifest', kept());
    assert.equal(ran.code, 1, ran.stdout + ran.stderr);
    assert.match(ran.stderr, /^firedrill: There is no case "no-such-case"\.$/m);
    const steps = ['Preparing Python', 'Starting dagster dev', 'Dagster is up', 'Starting the engine', 'Ending what'];
    assert.match(ran.stdout, new RegExp(steps.join('[^]*')));
    assert.equal(await readFile(kept(), 'utf8'), '[]\n'); // not the one of an earlier demo
  });

  it('answers wrong words with one line and exit code 2', async () => {
    const ran = await demo('--no-such-option');
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /^firedrill: .*--no-such-option.*\n$/);
  });
});
