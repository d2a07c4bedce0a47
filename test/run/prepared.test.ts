import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cache } from '../../scripts/paths.ts';
import { prepared } from '../../scripts/prepared.ts';

describe('a prepared folder', () => {
  const name = `sample-${process.pid}`;

  afterEach(async () => {
    await rm(path.join(cache, name), { recursive: true, force: true });
  });

  it('is made again, from nothing, when its making was interrupted', async () => {
    const breaks = prepared(name, 'a sample', async (folder) => {
      await writeFile(path.join(folder, 'half'), '');
      throw new Error('interrupted');
    });
    await assert.rejects(breaks, /interrupted/);
    const folder = await prepared(name, 'a sample', async (place) => writeFile(path.join(place, 'whole'), ''));
    assert.deepEqual((await readdir(folder)).sort(), ['.complete', 'whole']);
  });

  it('makes room: what its name stood for before goes when it was not used for a day', async () => {
    const others = [1, 2].map((hash) => `sample-${process.pid}-${hash}`);
    for (const other of others) await prepared(other, 'a sample', async () => {});
    const [old = '', recent = ''] = others.map((other) => path.join(cache, other));
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    await utimes(path.join(old, '.complete'), twoDaysAgo, twoDaysAgo);
    const newest = await prepared(`sample-${process.pid}-3`, 'a sample', async () => {});
    assert.deepEqual([existsSync(old), existsSync(recent), existsSync(newest)], [false, true, true]);
    await Promise.all([recent, newest].map((folder) => rm(folder, { recursive: true })));
  });

  it('is made once, however many ask for it', async () => {
    let made = 0;
    const make = async () => {
      made++;
    };
    const all = await Promise.all([1, 2, 3].map(() => prepared(name, 'a sample', make)));
    assert.deepEqual([made, new Set(all).size], [1, 1]);
    assert.equal(existsSync(path.join(cache, `${name}.lock`)), false);
  });
});
