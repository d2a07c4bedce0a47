// Run by mocha.test.ts with `--grep`; not a test of its own.
import assert from 'node:assert/strict';

describe('sample', () => {
  it('passes', () => {
    assert.ok(process.version);
  });
  it('fails', () => {
    assert.equal(1 + 1, 3);
  });
  it('dies', () => {
    process.kill(process.pid, 'SIGKILL');
  });
  it('leaves with 0', () => {
    process.exit(0);
  });
  it('hangs', function (done) {
    this.timeout(0);
    setTimeout(done, 60_000);
  });
  it('is not written yet');
});
