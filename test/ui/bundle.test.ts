import assert from 'node:assert/strict';
import path from 'node:path';
import { build } from 'esbuild';
import { bundles } from '../../esbuild.mjs';

/** Bytes that activation may cost: they are read and compiled before the first view shows. */
const LIMIT = 60_000;

type Metafile = Awaited<ReturnType<typeof bundled>>['metafile'];
type Output = Metafile['outputs'][string];

/** The release's own bundle, of which nothing is written. */
function bundled() {
  const { plugins = [], ...options } = bundles(true).extension;
  return build({ ...options, plugins: plugins.filter(({ name }) => name !== 'as-commonjs'), metafile: true });
}

/** The output that VS Code starts with, and all that it imports before anything is asked for. */
function loadedAtActivation({ outputs }: Metafile): Output[] {
  const names = new Set(['dist/extension.cjs']);
  for (const name of names) {
    for (const { path: file, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') names.add(file);
  }
  return [...names].flatMap((name) => outputs[name] ?? []);
}

describe('what VS Code loads at activation', function () {
  this.timeout(20_000);

  it('is small, and holds neither Sentry nor axios nor SQLite nor any part of the engine', async () => {
    const { metafile } = await bundled();
    const outputs = loadedAtActivation(metafile);
    const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
    assert.ok(bytes > 10_000 && bytes < LIMIT, `${bytes} bytes`);
    const inputs = outputs.flatMap((output) =>
      Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    const packages = inputs.flatMap((file) => /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
    assert.deepEqual([...new Set(packages)].sort(), ['birpc', 'valibot']);
    const folders = new Set(inputs.flatMap((file) => /^src\/(\w+)\//.exec(file)?.[1] ?? []));
    assert.deepEqual(
      [...folders].filter((folder) => !['ui', 'failure', 'delivery', 'sensors'].includes(folder)),
      [],
    );
    const allowed = new Set(['vscode', 'node:crypto', 'node:os', 'node:worker_threads']);
    const imported = outputs.flatMap((output) => output.imports.map(({ path: name }) => name));
    assert.deepEqual(
      imported.filter((name) => !allowed.has(name) && path.dirname(name) !== 'dist'),
      [],
    );
  });

  it('leaves commands, preview and panel for their first use', async () => {
    const { metafile } = await bundled();
    const inputs = new Set(loadedAtActivation(metafile).flatMap((output) => Object.keys(output.inputs)));
    for (const file of ['src/ui/commands/failures.ts', 'src/ui/preview/panel.ts', 'src/ui/ticks/view.ts']) {
      assert.ok(!inputs.has(file), file);
    }
  });
});
