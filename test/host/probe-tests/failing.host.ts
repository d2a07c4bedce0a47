// Run by host.ui.ts to see that the host tells a run that went wrong from one that went well.
import assert from 'node:assert/strict';

describe('probe', () => {
  it('passes', () => {
    assert.equal(1 + 1, 2);
  });
  it('fails', () => {
    assert.equal(1 + 1, 3);
  });
  it('dies', () => {
    process.kill(process.pid, 'SIGKILL');
  });
});
