import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
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
  if (existsSync(stamp)) {
    await utimes(stamp, new Date(), new Date()); // in use: see forgetOlder
    return folder;
  }
  const once = async () => {
    if (existsSync(stamp)) return;
    const start = Date.now();
    say(`preparing ${what}`);
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await make(folder);
    await writeFile(stamp, '');
    await forgetOlder(name);
    say(`prepared ${what} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  };
  await withLock(`${folder}.lock`, once, () => say(`another start is preparing ${what}, waiting for it`));
  return folder;
}

const day = 24 * 60 * 60 * 1000;

/** Removes what the same name with other hashes stood for, once it has not been used for a day. */
async function forgetOlder(name: string): Promise<void> {
  const withoutHash = (folder: string) => folder.slice(0, folder.lastIndexOf('-'));
  for (const other of await readdir(cache)) {
    if (withoutHash(other) !== withoutHash(name) || other === name) continue;
    const used = await stat(path.join(cache, other, '.complete')).catch(() => undefined); // not made by us, or being made
    if (used && Date.now() - used.mtimeMs > day) await rm(path.join(cache, other), { recursive: true, force: true });
  }
}
