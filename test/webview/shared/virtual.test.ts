import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rowWindow, scrollToRow } from '../../../src/webview/shared/virtual.ts';

describe('the rows of a long table', () => {
  it('are all drawn while there are few', () => {
    assert.deepEqual(rowWindow(200, 20, 1000, 100), { first: 0, end: 200, before: 0, after: 0 });
  });

  it('keep their full height, whatever is drawn, and include all in sight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 201, max: 100_000 }),
        fc.nat(2_000_000),
        fc.integer({ min: 20, max: 2000 }),
        (rows, top, height) => {
          const scrolled = Math.min(top, rows * 20 - height);
          const { first, end, before, after } = rowWindow(rows, 20, scrolled, height);
          assert.equal(before + (end - first) * 20 + after, rows * 20);
          assert.ok(before <= Math.max(0, scrolled) && rows * 20 - after >= Math.min(rows * 20, scrolled + height));
          assert.ok(end - first <= height / 20 + 18);
        },
      ),
    );
  });

  it('scroll no further than a row needs to come into sight', () => {
    assert.equal(scrollToRow(5, 20, 0, 220, 20), 0);
    assert.equal(scrollToRow(5, 20, 200, 220, 20), 100);
    assert.equal(scrollToRow(20, 20, 0, 220, 20), 220);
  });
});
