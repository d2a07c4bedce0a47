import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { cache, root } from '../../scripts/paths.ts';

describe('npm run demo -- --headless', function () {
  this.timeout(150_000);

  const demo = (...args: string[]) =>
    exec(process.execPath, [path.join(root, 'scripts', 'start.mjs'), 'demo', '--headless', ...args]);

  it('brings what really fails to the inbox, says so, and leaves nothing behind', async () => {
    const before = await readdir(path.join(cache, 'demo')).catch(() => [] as string[]);
    const ran = await demo('--only', 'check-discrepancies,run-exception-lines,check-passes-again');
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
  });

  it('answers wrong words with one line and exit code 2', async () => {
    const ran = await demo('--no-such-option');
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /^firedrill: .*--no-such-option.*\n$/);
  });
});
