import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Gap } from '../../../src/dagster/cursor.ts';
import { gapsNow } from '../../../src/dagster/postgres/gaps.ts';

const idsOf = (gaps: readonly (readonly [number, number, ...unknown[]])[]): number[] =>
  gaps.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

describe('ids that have no row yet', () => {
  it('are remembered with the time when they were first missed', () => {
    const first = gapsNow([], [], [[5, 7]], 100);
    assert.deepEqual(first, [[5, 7, 100]]);
    assert.deepEqual(gapsNow(first, [], [[12, 12]], 160), [
      [5, 7, 100],
      [12, 12, 160],
    ]);
  });

  it('are remembered no more when their row has come', () => {
    assert.deepEqual(gapsNow([[5, 9, 100]], [5, 7], [], 110), [
      [6, 6, 100],
      [8, 9, 100],
    ]);
    assert.deepEqual(gapsNow([[5, 6, 100]], [5, 6], [], 110), []);
  });

  it('are given up after five minutes: then no writer is behind them', () => {
    const gaps: Gap[] = [
      [5, 5, 100],
      [8, 8, 300],
    ];
    assert.deepEqual(gapsNow(gaps, [], [], 399), gaps);
    assert.deepEqual(gapsNow(gaps, [], [], 400), [[8, 8, 300]]);
  });

  it('do not grow a cursor without end: the newest are kept', () => {
    const missing = Array.from({ length: 1_000 }, (_, i) => [i * 2, i * 2] as const);
    const gaps = gapsNow([], [], missing, 1);
    assert.equal(gaps.length, 200);
    assert.deepEqual(gaps.at(-1), [1998, 1998, 1]);
  });

  it('are exactly those that were missed, without those that came', () => {
    const ids = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 60 });
    fc.assert(
      fc.property(ids, ids, (missed, came) => {
        const sorted = missed.toSorted((a, b) => a - b);
        const before = gapsNow(
          [],
          [],
          sorted.map((id) => [id, id] as const),
          1,
        );
        const merged = gapsNow(
          before,
          came.toSorted((a, b) => a - b),
          [],
          2,
        );
        assert.deepEqual(
          idsOf(merged),
          sorted.filter((id) => !came.includes(id)),
        );
        // The same ids as one range.
        const all = gapsNow(
          [[1, 60, 1]],
          came.toSorted((a, b) => a - b),
          [],
          2,
        );
        assert.deepEqual(
          idsOf(all),
          idsOf([[1, 60]]).filter((id) => !came.includes(id)),
        );
      }),
    );
  });
});
