import assert from 'node:assert/strict';
import { storageWarnings } from '../../../src/dagster/storageWarnings.ts';

const MOUNTS = `/dev/sdc / ext4 rw,relatime 0 0
C:\\134 /mnt/c 9p rw,dirsync,aname=drvfs;path=C:\\;uid=1000,trans=fd 0 0
nas:/data /mnt/team\\040data nfs4 rw,vers=4.2 0 0
/dev/sdd /mnt/team\\040data/local ext4 rw 0 0
//nas/share /mnt/share cifs rw 0 0
tmpfs /mnt/share tmpfs rw 0 0
`;

describe("where an instance's files lie", () => {
  it('is told when SQLite is not safe there', () => {
    const [wsl] = storageWarnings('/mnt/c/work/home/history/runs/index.db', MOUNTS);
    assert.match(
      wsl ?? '',
      /^\/mnt\/c\/work\/home\/history\/runs lies on Windows' file system, seen from WSL\. .+ Keep DAGSTER_HOME on a local disk\.$/,
    );
    assert.match(storageWarnings('/mnt/team data/home/index.db', MOUNTS)[0] ?? '', /a network file system \(NFS\)/);
    assert.match(storageWarnings('\\\\nas\\share\\home\\index.db', null)[0] ?? '', /a network share/);
  });

  it('is not told of a local disk, be it below or over a network mount', () => {
    for (const file of [
      '/home/u/index.db',
      '/mnt/cache/index.db',
      '/mnt/team data/local/index.db',
      '/mnt/share/index.db',
    ]) {
      assert.deepEqual(storageWarnings(file, MOUNTS), [], file);
    }
    assert.deepEqual(storageWarnings('C:\\work\\index.db', null), []);
    assert.deepEqual(storageWarnings('\\\\?\\C:\\work\\index.db', null), []);
  });
});
