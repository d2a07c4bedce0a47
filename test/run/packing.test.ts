import assert from 'node:assert/strict';
import { repositoryOf } from '../../scripts/packing.ts';

describe('the repository that a package names', () => {
  it('is the remote’s address in a browser, whatever its form, without credentials', () => {
    for (const remote of [
      'https://example.org/ada/firedrill.git',
      'https://ada:secret@example.org/ada/firedrill',
      'git@example.org:ada/firedrill.git',
      'ssh://git@example.org:2222/ada/firedrill.git/',
    ]) {
      assert.equal(repositoryOf(remote), 'https://example.org/ada/firedrill', remote);
    }
  });

  it('is none where the remote is no web address', () => {
    for (const remote of ['', '/srv/firedrill.git', 'file:///srv/firedrill.git', 'C:\\firedrill'])
      assert.equal(repositoryOf(remote), null, remote);
  });
});
