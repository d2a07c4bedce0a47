import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { testFiles } from './stages.ts';

describe('the stages', () => {
  it('leave no test file out', async () => {
    const covered = new Set<string>();
    for (const pattern of Object.values(testFiles)) {
      for await (const file of glob(pattern, { cwd: root })) covered.add(file);
    }
    const left: string[] = [];
    for await (const file of glob('test/**/*.{test,dagster,host,ui,figures,versions,long}.ts', { cwd: root })) {
      // The probe's are run by the test of the host itself.
      if (!covered.has(file) && !file.startsWith(path.join('test', 'host', 'probe-tests'))) left.push(file);
    }
    assert.deepEqual(left, []);
  });

  it('run no test file twice, but for the engine’s, which run on Node 22 too', async () => {
    const { node22: _, ...others } = testFiles;
    const seen: string[] = [];
    for (const pattern of Object.values(others)) {
      for await (const file of glob(pattern, { cwd: root })) seen.push(file);
    }
    assert.deepEqual(
      seen.filter((file, index) => seen.indexOf(file) !== index),
      [],
    );
  });
});
