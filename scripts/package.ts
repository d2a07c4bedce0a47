// `npm run package`: builds a release and packs it as firedrill-<version>.vsix, offline.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { packRelease } from './packing.ts';
import { root } from './paths.ts';
import { main, say } from './say.ts';

await main(async () => {
  const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const file = path.join(root, `firedrill-${version}.vsix`);
  const { repository, size } = await packRelease(file);
  say(
    `${path.basename(file)}: ${Math.round(size / 1000)} kB, ` +
      (repository === null
        ? 'without repository and support addresses, as this clone has no remote "origin"'
        : `repository ${repository}`),
  );
  return 0;
});
