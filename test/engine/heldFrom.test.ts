import assert from 'node:assert/strict';
import { heldFrom } from '../../src/engine/heldFrom.ts';

const ticks = [900, 700, 500].map((lastStartedAt) => ({ lastStartedAt }));

describe('an answer of ticks', () => {
  it('that is not full holds the whole range', () => {
    assert.equal(heldFrom({ from: 100, limit: 4 }, ticks), 100);
    assert.equal(heldFrom({ from: 100, limit: 4 }, []), 100);
  });

  it('that is full holds no more than back to its oldest tick', () => {
    assert.equal(heldFrom({ from: 100, limit: 3 }, ticks), 500);
  });

  it('never claims more than was asked for', () => {
    assert.equal(heldFrom({ from: 600, limit: 3 }, ticks), 600);
  });
});
