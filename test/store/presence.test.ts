import assert from 'node:assert/strict';
import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { root } from '../../scripts/paths.ts';
import { tempFolder } from './samples.ts';

describe('the signs of life of windows', function () {
  this.timeout(30_000);
  const folder = tempFolder();
  after(() => folder.remove());

  it('are not swept away by another window that opens at that moment, though the files’ clock is another', async () => {
    // As on a drive whose server's clock is an hour behind.
    const script = `
      import { Presence } from ${JSON.stringify(path.join(root, 'src', 'store', 'presence.ts'))};
      const file = ${JSON.stringify(path.join(folder.path, 'state.db'))};
      for (let n = 0; n < 1_000; n++) new Presence(file, () => Date.now() + 3_600_000).close();`;
    const args = ['--input-type=module-typescript', '-e', script];
    const ran = await Promise.all([1, 2, 3].map(() => exec(process.execPath, args)));
    assert.deepEqual(
      ran.map(({ code, stderr }) => (code === 0 ? 0 : stderr)),
      [0, 0, 0],
    );
  });
});
