import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';

/** What activation may cost: everything here is read and compiled before the first view shows. */
const LIMIT = 75_000;

describe('what VS Code loads at activation', function () {
  this.timeout(20_000);

  it('is small, and holds neither Sentry nor axios nor SQLite nor any part of the engine', async () => {
    const { metafile } = await build({
      absWorkingDir: path.join(import.meta.dirname, '..', '..'),
      entryPoints: ['src/extension.ts'],
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      external: ['vscode'],
      write: false,
      metafile: true,
    });
    const [output] = Object.values(metafile.outputs);
    assert.ok(output && output.bytes < LIMIT, `${output?.bytes} bytes`);
    const packages = new Set(
      Object.keys(output.inputs).flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []),
    );
    assert.deepEqual([...packages].sort(), ['birpc', 'valibot']);
    const parts = Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0);
    const folders = new Set(parts.flatMap(([file]) => /^src\/(\w+)\//.exec(file)?.[1] ?? []));
    assert.deepEqual(
      [...folders].filter((folder) => !['ui', 'failure', 'delivery', 'sensors'].includes(folder)),
      [],
    );
    const imported = metafile.outputs['extension.js']?.imports ?? output.imports;
    const allowed = new Set(['vscode', 'node:crypto', 'node:os', 'node:worker_threads']);
    assert.deepEqual(
      imported.map(({ path: name }) => name).filter((name) => !allowed.has(name)),
      [],
    );
  });
});
