// `npm run package`: builds a release and packs it as firedrill-<version>.vsix, offline.
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from '../esbuild.mjs';
import { runNode } from './child.ts';
import { notices } from './notices.ts';
import { root } from './paths.ts';
import { main, say } from './say.ts';

await main(async () => {
  await build({ release: true });
  await writeFile(path.join(root, 'dist', 'THIRD_PARTY_NOTICES.txt'), await notices());
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, `firedrill-${version}.vsix`);
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // README links stay relative: they name files of the package or the repository, wherever that is kept.
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
  const { good, how } = await runNode([vsce, 'package', ...options]);
  if (!good) say(`vsce did not pack the extension (${how})`);
  return good ? 0 : 1;
});
