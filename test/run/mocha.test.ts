import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { node22 } from '../../scripts/node22.ts';
import { runMocha } from './mocha.ts';

const files = [path.join(import.meta.dirname, 'samples', 'mixed.ts')];
const sample = (grep: string, more: { limit?: number; node?: string } = {}) =>
  runMocha({ files, timeout: 5000, quiet: true, grep, ...more });

describe('a mocha run', function () {
  this.timeout(30_000);

  it('counts what passed and what failed', async () => {
    const { passed, failures } = await sample('passes|fails');
    assert.equal(passed, 1);
    assert.equal(failures.length, 1);
    assert.match(failures[0] ?? '', /^sample fails\n.*2 !== 3/s);
  });

  it('runs on Node 22 as well', async () => {
    assert.ok(existsSync(node22()));
    assert.deepEqual(await sample('passes', { node: node22() }), { passed: 1, failures: [] });
  });

  it('counts a test that is skipped as failed', async () => {
    const { passed, failures } = await sample('passes|is not written');
    assert.equal(passed, 1);
    assert.match(failures.join(), /^sample is not written yet\n/);
  });

  it('that is killed keeps what had passed and has failed once', async () => {
    const outcome = await sample('passes|dies');
    assert.deepEqual([outcome.passed, outcome.failures.length], [1, 1]);
    assert.match(outcome.failures.at(-1) ?? '', /ended before its tests had \(signal SIGKILL\)/);
  });

  it('that leaves with 0 in the middle has failed', async () => {
    const outcome = await sample('passes|leaves');
    assert.deepEqual([outcome.passed, outcome.failures.length], [1, 1]);
    assert.match(outcome.failures.at(-1) ?? '', /ended before its tests had/);
  });

  it('that hangs is ended and has failed', async () => {
    const outcome = await sample('passes|hangs', { limit: 3000 });
    assert.deepEqual([outcome.passed, outcome.failures.length], [1, 1]);
    assert.match(outcome.failures.at(-1) ?? '', /out of time after 3 s/);
  });

  it('that cannot load a file has failed', async () => {
    const outcome = await runMocha({
      files: [path.join(import.meta.dirname, 'samples', 'absent.ts')],
      timeout: 1000,
      quiet: true,
    });
    assert.deepEqual([outcome.passed, outcome.failures.length], [0, 1]);
  });
});
