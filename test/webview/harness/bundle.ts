import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../../../scripts/paths.ts';

/** Where the bundles under test are: `preview.js`, `preview.css`, `ticks.js`, `ticks.css`, the icon font. */
export const bundleFolder = path.join(root, '.cache', 'webview-bundle');

/** Bundles both webviews as the product has them, minified. */
export async function bundleWebviews(): Promise<void> {
  await mkdir(bundleFolder, { recursive: true });
  const source = path.join(root, 'src', 'webview');
  await build({
    entryPoints: ['preview', 'ticks'].flatMap((name) => [
      { in: path.join(source, name, 'main.ts'), out: name },
      { in: path.join(source, name, 'style.css'), out: name },
    ]),
    outdir: bundleFolder,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'chrome128',
    logLevel: 'warning',
  });
  const icons = path.join(root, 'node_modules', '@vscode', 'codicons', 'dist');
  for (const file of ['codicon.css', 'codicon.ttf']) await cp(path.join(icons, file), path.join(bundleFolder, file));
}
