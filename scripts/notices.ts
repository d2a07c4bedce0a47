import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { root } from './paths.ts';

const Meta = v.object({ inputs: v.record(v.string(), v.unknown()) });
const Manifest = v.object({ name: v.string(), version: v.string(), license: v.optional(v.string(), 'see below') });

/**
 * The licences of all packages whose code is in `dist`, as esbuild's meta-*.json there name them, and of the icon font.
 */
export async function notices(dist: string): Promise<string> {
  const packages = new Set(['node_modules/@vscode/codicons']);
  for (const name of (await readdir(dist)).filter((file) => /^meta-.*\.json$/.test(file))) {
    const { inputs } = v.parse(Meta, JSON.parse(await readFile(path.join(dist, name), 'utf8')));
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) packages.add(folder);
    }
  }
  const texts = await Promise.all([...packages].sort().map(notice));
  return `Firedrill contains code of the following packages.\n\n${texts.join('\n')}`;
}

async function notice(folder: string): Promise<string> {
  const place = path.join(root, folder);
  const { name, version, license } = v.parse(
    Manifest,
    JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8')),
  );
  const files = (await readdir(place)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(place, file), 'utf8')));
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${texts.map((text) => text.trim()).join('\n\n')}\n`;
}
