import assert from 'node:assert/strict';
import fc from 'fast-check';
import { LONGEST_PAUSE, nextTryAt, pauseAfter, SHORTEST_PAUSE } from '../../src/delivery/retry.ts';

const random = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

describe('pause before a further try', () => {
  it('begins with one to two seconds, doubles, and ends at five minutes', () => {
    assert.deepEqual(
      [0, 0.999999].map((chance) => pauseAfter(1, chance)),
      [1_000, 2_000],
    );
    assert.deepEqual(
      [1, 2, 3, 4, 5, 9, 10, 1_000].map((tries) => pauseAfter(tries, 0)),
      [1_000, 2_000, 4_000, 8_000, 16_000, 150_000, 150_000, 150_000],
    );
    assert.equal(pauseAfter(50, 0.999999), LONGEST_PAUSE);
  });

  it('stays within its bounds and never shrinks with more tries', () => {
    fc.assert(
      fc.property(fc.nat(10_000), random, (tries, chance) => {
        const pause = pauseAfter(tries, chance);
        assert.ok(pause >= SHORTEST_PAUSE && pause <= LONGEST_PAUSE);
        assert.ok(pauseAfter(tries + 1, chance) >= pause);
      }),
    );
  });

  it('spreads rows that failed together', () => {
    const pauses = new Set(Array.from({ length: 100 }, (_, i) => pauseAfter(8, i / 100)));
    assert.equal(pauses.size, 100);
  });

  it('never comes before the endpoint allows, nor before its own pause', () => {
    assert.equal(nextTryAt(1, 1_000_000, 1_090_000, 0), 1_090_000);
    assert.equal(nextTryAt(1, 1_000_000, 1_000_500, 0), 1_001_000);
    assert.equal(nextTryAt(1, 1_000_000, null, 0.5), 1_001_500);
  });
});
