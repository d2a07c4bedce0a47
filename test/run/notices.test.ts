import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { notice } from '../../scripts/notices.ts';

describe('the notice of a package that is shipped', () => {
  let folder: string;
  const of = (license?: string) => notice({ folder, name: 'example', version: '1.0.0', license });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-notice-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('holds its licence text', async () => {
    await writeFile(path.join(folder, 'LICENSE'), 'Copyright one');
    await writeFile(path.join(folder, 'NOTICE.txt'), 'Made of parts');
    assert.match(await of('MIT'), /example 1\.0\.0 \(MIT\)\n\nCopyright one\n\nMade of parts\n$/);
  });

  it('takes the text from the README where it stands only there', async () => {
    await writeFile(path.join(folder, 'README.md'), '# Example\n\nWords.\n\nLicense\n-------\n\nCopyright two\n');
    assert.match(await of('MIT'), /\n\nCopyright two\n$/);
  });

  it('has the text of MIT with the author where the package only names both', async () => {
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ license: 'MIT', author: 'An Author' }));
    const text = await of('MIT');
    assert.match(text, /^Copyright \(c\) An Author$/m);
    assert.match(text, /Permission is hereby granted, free of charge/);
  });

  it('is refused without a text, and for a licence that is not allowed or not named', async () => {
    await assert.rejects(of('MIT'), /example 1\.0\.0 cannot be shipped: it has no licence text/);
    await writeFile(path.join(folder, 'LICENSE'), 'Copyright three');
    await assert.rejects(of('GPL-3.0'), /its licence is GPL-3\.0/);
    await assert.rejects(of(), /its licence is not named/);
  });
});
