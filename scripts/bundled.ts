import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { root } from './paths.ts';

const Meta = v.object({ inputs: v.record(v.string(), v.unknown()) });
const Manifest = v.object({ name: v.string(), version: v.string(), license: v.optional(v.string()) });

/** A package whose code, or font, is in what is shipped. */
export interface Bundled {
  /** Its folder, absolute. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** As its package.json has it; undefined where it says none. */
  readonly license?: string | undefined;
}

/**
 * All packages that are in `dist`, in the order of their folders: those that esbuild's meta-*.json there name, and the
 * icon font.
 */
export async function bundledPackages(dist: string): Promise<readonly Bundled[]> {
  const folders = new Set(['node_modules/@vscode/codicons']);
  for (const name of (await readdir(dist)).filter((file) => /^meta-.*\.json$/.test(file))) {
    const { inputs } = v.parse(Meta, JSON.parse(await readFile(path.join(dist, name), 'utf8')));
    for (const input of Object.keys(inputs)) {
      const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder) folders.add(folder);
    }
  }
  return await Promise.all(
    [...folders].sort().map(async (folder) => {
      const place = path.join(root, folder);
      const manifest = v.parse(Manifest, JSON.parse(await readFile(path.join(place, 'package.json'), 'utf8')));
      return { folder: place, ...manifest };
    }),
  );
}
