import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { cache, root } from '../../scripts/paths.ts';

/**
 * Bundles the mocha entry and test files to CommonJS, which every VS Code's extension host can load, whichever Node it
 * has. Packages are not bundled: they are found from `.cache`, which lies in the repository.
 */
export async function bundleForHost(files: string[]): Promise<{ entry: string; files: string[] }> {
  const outdir = path.join(cache, 'host-tests');
  const entry = path.join(import.meta.dirname, 'mocha-entry.ts');
  const all = [entry, ...files.map((file) => path.resolve(file))];
  await build({
    entryPoints: all,
    outdir,
    outbase: root,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    packages: 'external',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'error',
    plugins: [ownPaths],
  });
  const bundled = (file: string) => path.join(outdir, `${path.relative(root, file).replace(/\.ts$/, '')}.cjs`);
  return { entry: bundled(entry), files: all.slice(1).map(bundled) };
}

/** `import.meta.dirname` and its like mean the source file's place in a bundle, too. */
const ownPaths: Plugin = {
  name: 'own-paths',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => ({
      loader: 'ts',
      contents: (await readFile(file, 'utf8'))
        .replaceAll('import.meta.dirname', JSON.stringify(path.dirname(file)))
        .replaceAll('import.meta.filename', JSON.stringify(file))
        .replaceAll('import.meta.url', `require('node:url').pathToFileURL(${JSON.stringify(file)}).href`),
    }));
  },
};
