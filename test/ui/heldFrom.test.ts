import assert from 'node:assert/strict';
import { heldFrom } from '../../src/ui/ticks/heldFrom.ts';

const ticks = [900, 700, 500].map((lastStartedAt) => ({ lastStartedAt }));

describe('a snapshot of ticks', () => {
  it('that is not full holds the whole range', () => {
    assert.equal(heldFrom(100, ticks, 4), 100);
    assert.equal(heldFrom(100, [], 4), 100);
  });

  it('that is full holds no more than back to its oldest tick', () => {
    assert.equal(heldFrom(100, ticks, 3), 500);
  });

  it('never claims more than was asked for', () => {
    assert.equal(heldFrom(600, ticks, 3), 600);
  });
});
