import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ManifestEntry } from '../../test/dagster/manifest.ts';
import { cache } from '../paths.ts';
import { Problem } from '../say.ts';

/** Where the demo's manifest is kept when nobody says where: outside the demo's folder, which is removed at the end. */
export const defaultManifest = path.join(cache, 'demo-manifest.json');

/** Writes each provoked failure with its case, its storage id, and what must be sent for it. */
export async function writeManifest(file: string, entries: readonly ManifestEntry[]): Promise<void> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(entries, undefined, 1)}\n`);
  } catch (error) {
    throw new Problem(`The manifest cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
