// `npm run lint`: Biome's rules and format for all files; `-- --write` puts right what it can.
import path from 'node:path';
import { runNode } from './child.ts';
import { root } from './paths.ts';
import { main } from './say.ts';

await main(async () => {
  const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { good } = await runNode([biome, 'check', '--error-on-warnings', ...process.argv.slice(2), root]);
  return good ? 0 : 1;
});
