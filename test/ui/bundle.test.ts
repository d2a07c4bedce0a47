import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { bundles } from '../../esbuild.mjs';
import { root } from '../../scripts/paths.ts';

/** Bytes that activation may cost: they are read and compiled before the first view shows. */
const LIMIT = 60_000;

type Metafile = Awaited<ReturnType<typeof bundled>>;
type Output = Metafile['outputs'][string];

/** The release's own files, as they are shipped, in `folder`. */
async function bundled(folder: string) {
  const { metafile } = await build({ ...bundles(true, folder).extension, metafile: true });
  return metafile;
}

/** The file that VS Code starts with, and all that it imports before anything is asked for, by path. */
function loadedAtActivation({ outputs }: Metafile): ReadonlyMap<string, Output> {
  const main = Object.keys(outputs).filter((name) => path.basename(name) === 'extension.cjs');
  const names = new Set(main);
  for (const name of names) {
    for (const { path: file, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') names.add(file);
  }
  return new Map([...names].flatMap((name) => (outputs[name] ? [[path.resolve(root, name), outputs[name]]] : [])));
}

describe('what VS Code loads at activation', function () {
  this.timeout(20_000);

  let folder: string;
  let metafile: Metafile;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-bundle-'));
    metafile = await bundled(folder);
  });

  after(() => rm(folder, { recursive: true, force: true }));

  it('is small, and holds neither Sentry nor axios nor SQLite nor any part of the engine', async () => {
    const loaded = loadedAtActivation(metafile);
    const outputs = [...loaded.values()];
    const sizes = await Promise.all([...loaded.keys()].map(async (file) => (await stat(file)).size));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
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
      imported.filter((name) => !allowed.has(name) && path.resolve(root, path.dirname(name)) !== folder),
      [],
    );
  });

  it('leaves commands, preview and panel for their first use', () => {
    const inputs = new Set([...loadedAtActivation(metafile).values()].flatMap(({ inputs: of }) => Object.keys(of)));
    for (const file of ['src/ui/commands/failures.ts', 'src/ui/preview/panel.ts', 'src/ui/ticks/view.ts']) {
      assert.ok(!inputs.has(file), file);
    }
  });
});
