import assert from 'node:assert/strict';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { HostedEngine } from './hostedEngine.ts';

describe('a state that cannot be used', () => {
  it('is set aside when it is damaged, and the user is told once what that means', async () => {
    const stateFolder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-state-'));
    await (await HostedEngine.start({}, { stateFolder })).stop();
    const [file = ''] = (await readdir(stateFolder)).filter((name) => /^state-.*\.db$/.test(name));
    await writeFile(path.join(stateFolder, file), 'not a database any more\n'.repeat(1_000));

    const hosted = await HostedEngine.start({}, { stateFolder });
    assert.equal(hosted.notices.length, 1);
    assert.match(hosted.notices[0] ?? '', /was damaged.*set aside as .*are not sent/s);
    const kept = (await readdir(stateFolder)).filter((name) => name.startsWith(`${file}.damaged-`));
    assert.equal(kept.length, 1);
    await hosted.stop();
    const again = await HostedEngine.start({}, { stateFolder });
    assert.deepEqual(again.notices, []);
    await again.dispose();
  });
});
