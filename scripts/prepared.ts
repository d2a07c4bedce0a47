import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { cache } from './paths.ts';
import { say } from './say.ts';

/**
 * A folder under `.cache` that is made once, by `make`, and is whole or absent to everybody else: an interrupted one
 * is made again, and two processes do not make it at once. Name it by a hash of what goes in. Returns its path.
 */
export async function prepared(name: string, what: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cache, name);
  const stamp = path.join(folder, '.complete');
  if (existsSync(stamp)) return folder;
  const once = async () => {
    if (existsSync(stamp)) return;
    const start = Date.now();
    say(`preparing ${what}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await make(folder);
    await writeFile(stamp, '');
    say(`prepared ${what} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  };
  await withLock(`${folder}.lock`, once, () => say(`another start is preparing ${what}, waiting for it`));
  return folder;
}
