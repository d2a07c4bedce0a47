import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { bundles } from '../../../esbuild.mjs';
import { root } from '../../../scripts/paths.ts';

const folder = path.join(root, '.cache', 'webview-bundle');

/** Where the bundles under test are: each page's script and style, what they share, the icon font. */
export const bundleFolder = path.join(folder, 'webview');

/** Bundles both webviews as the product has them. */
export async function bundleWebviews(): Promise<void> {
  await mkdir(bundleFolder, { recursive: true });
  await build(bundles(true, folder).webview);
  const icons = path.join(root, 'node_modules', '@vscode', 'codicons', 'dist');
  for (const file of ['codicon.css', 'codicon.ttf']) await cp(path.join(icons, file), path.join(bundleFolder, file));
}
