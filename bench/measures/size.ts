import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { runNode } from '../../scripts/child.ts';
import { root } from '../../scripts/paths.ts';
import type { Measured } from '../figure.ts';
import { short } from '../stats.ts';

const KB = 1000;
const meta = v.object({
  outputs: v.record(
    v.string(),
    v.object({ bytes: v.number(), imports: v.array(v.object({ path: v.string(), kind: v.string() })) }),
  ),
});

/** Sizes of what is shipped: what activation reads, and the package. */
export async function size(): Promise<Measured> {
  const packed = await runNode(['scripts/package.ts'], { timeout: 120_000 });
  if (!packed.good) throw new Error(`npm run package ${packed.how}`);
  const file = (await readdir(root)).find((name) => name.endsWith('.vsix'));
  const vsix = (await stat(path.join(root, file ?? ''))).size / KB;
  const loaded = (await activationBytes()) / KB;
  return {
    title: 'Size',
    how: 'Of a release build. What activation reads: dist/extension.cjs and every part that it imports at once.',
    figures: [
      { figure: 'main bundle', goal: '< 60 kB', measured: `${short(loaded)} kB`, met: loaded < 60 },
      { figure: 'VSIX', goal: '< 400 kB', measured: `${short(vsix)} kB`, met: vsix < 400 },
    ],
  };
}

async function activationBytes(): Promise<number> {
  const text = await readFile(path.join(root, 'dist', 'meta-extension.json'), 'utf8');
  const { outputs } = v.parse(meta, JSON.parse(text));
  const names = new Set(['dist/extension.cjs']);
  for (const name of names) {
    for (const { path: file, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') names.add(file);
  }
  const sizes = await Promise.all(
    [...names].flatMap((name) => (name in outputs ? stat(path.join(root, name)).then(({ size: bytes }) => bytes) : [])),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
