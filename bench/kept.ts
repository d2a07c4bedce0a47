import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { exec } from '../scripts/exec.ts';
import { cache, root } from '../scripts/paths.ts';
import type { Kept, Measured } from './figure.ts';

const folder = path.join(cache, 'bench');
const fileOf = (name: string): string => path.join(folder, `${name}.json`);

const figure = v.object({ figure: v.string(), goal: v.string(), measured: v.string(), met: v.nullable(v.boolean()) });
const keptGroup = v.object({
  title: v.string(),
  how: v.string(),
  figures: v.array(figure),
  at: v.string(),
  commit: v.string(),
});

/** Keeps what was measured last under a name. */
export async function keep(name: string, measured: Measured): Promise<void> {
  const { stdout } = await exec('git', ['rev-parse', '--short', 'HEAD'], { cwd: root });
  const at = new Date().toISOString().slice(0, 16).replace('T', ' ');
  await mkdir(folder, { recursive: true });
  await writeFile(fileOf(name), JSON.stringify({ ...measured, at, commit: stdout.trim() } satisfies Kept));
}

/** What was measured last under these names, in their order; those that never were are left out. */
export async function kept(names: readonly string[]): Promise<Kept[]> {
  const files = names.map(fileOf).filter((file) => existsSync(file));
  return Promise.all(files.map(async (file) => v.parse(keptGroup, JSON.parse(await readFile(file, 'utf8')))));
}
