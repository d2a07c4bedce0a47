import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  FIRST_VIEW,
  follow,
  hold,
  MAX_SPAN,
  MIN_SPAN,
  pan,
  rangeOf,
  reveal,
  showAround,
  type Viewport,
  zoom,
} from '../../../src/webview/ticks/viewport.ts';

const NOW = 1_800_000_000_000;
const views = fc.record({
  span: fc.integer({ min: MIN_SPAN, max: MAX_SPAN }),
  from: fc.option(fc.integer({ min: NOW - MAX_SPAN, max: NOW })),
});

describe('the stretch of time in view', () => {
  it('moves with now while it follows, with room for what comes next', () => {
    const range = rangeOf(FIRST_VIEW, NOW);
    assert.equal(range.to - range.from, FIRST_VIEW.span);
    assert.ok(range.to > NOW && range.to - NOW < FIRST_VIEW.span / 5);
    assert.equal(rangeOf(FIRST_VIEW, NOW + 1000).from - range.from, 1000);
  });

  it('stays where it is when it is held, and follows again', () => {
    const held = hold(FIRST_VIEW, NOW);
    assert.deepEqual(rangeOf(held, NOW + 5000), rangeOf(FIRST_VIEW, NOW));
    assert.deepEqual(follow(held), FIRST_VIEW);
  });

  it('keeps the time under the pointer where it is when it zooms', () => {
    fc.assert(
      fc.property(
        views,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (view, share, factor) => {
          const before = rangeOf(view, NOW);
          const at = before.from + share * view.span;
          const after = zoom(view, factor, at, NOW);
          const range = rangeOf(after, NOW);
          const most = rangeOf({ span: after.span, from: null }, NOW).to;
          if (factor > 1) assert.ok(range.to <= most + 1e-3, 'no more of the future than while following');
          if (after.from === null || (factor > 1 && range.to > most - 1e-3)) return;
          assert.ok(Math.abs((at - range.from) / after.span - share) < 1e-6);
        },
      ),
    );
  });

  it('never leaves the shortest and the longest span', () => {
    let view: Viewport = FIRST_VIEW;
    for (let step = 0; step < 40; step += 1) view = zoom(view, 0.5, NOW, NOW);
    assert.equal(view.span, MIN_SPAN);
    for (let step = 0; step < 40; step += 1) view = zoom(view, 2, NOW, NOW);
    assert.equal(view.span, MAX_SPAN);
  });

  it('goes on following when it zooms at now, and stops when now leaves the view', () => {
    assert.equal(zoom(FIRST_VIEW, 0.5, NOW, NOW).from, null);
    assert.equal(zoom(FIRST_VIEW, 2, NOW - 60_000, NOW).from, null);
    assert.notEqual(zoom(FIRST_VIEW, 0.1, NOW - 400_000, NOW).from, null);
  });

  it('stops following when it is panned, and does not run away into the future', () => {
    assert.equal(pan(FIRST_VIEW, -60_000, NOW).from, rangeOf(FIRST_VIEW, NOW).from - 60_000);
    const { from } = rangeOf(pan(FIRST_VIEW, 1e9, NOW), NOW);
    assert.ok(from < NOW);
  });

  it('brings a time into sight', () => {
    fc.assert(
      fc.property(views, fc.integer({ min: NOW - MAX_SPAN, max: NOW }), (view, at) => {
        const range = rangeOf(reveal(view, at, NOW), NOW);
        assert.ok(at >= range.from && at <= range.to);
      }),
    );
  });

  it('shows a stretch with room on both sides', () => {
    const range = rangeOf(showAround({ from: NOW - 9000, to: NOW - 2000 }), NOW);
    assert.ok(range.from < NOW - 9000 && range.to > NOW - 2000);
  });
});
