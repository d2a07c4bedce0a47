import assert from 'node:assert/strict';
import { covers, fromSnapshot, merge, NOTHING, toAsk } from '../../../src/webview/ticks/held.ts';
import { listed, NO_FILTER } from '../../../src/webview/ticks/shown.ts';
import { tick, ticks } from '../harness/tickSamples.ts';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const CHECK = 'asset_check_sentry_sensor';

describe('the ticks that are held', () => {
  const held = fromSnapshot(ticks(NOW), { from: NOW - HOUR, to: NOW }, NOW);

  it('stand newest first', () => {
    const times = held.ticks.map(({ lastStartedAt }) => lastStartedAt);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => b - a),
    );
  });

  it('take new ticks, and rows that counted on in place of what they were', () => {
    const row = held.ticks.find(({ count }) => count === 3);
    assert.ok(row);
    const on = { ...row, count: 4, lastStartedAt: NOW - 1000 };
    const after = merge(held, [on, tick(NOW, 900, CHECK, 0)]);
    assert.equal(after.ticks.length, held.ticks.length + 1);
    assert.deepEqual(
      after.ticks.slice(0, 2).map(({ id, count }) => [id, count]),
      [
        [900, 1],
        [row.id, 4],
      ],
    );
  });

  it('cover what a snapshot up to now covers, also later', () => {
    assert.ok(covers(held, { from: NOW - HOUR, to: NOW + 50_000 }, NOW));
    assert.ok(covers(held, { from: NOW - HOUR / 2, to: NOW + 2 * HOUR }, NOW + 2 * HOUR));
    assert.ok(!covers(held, { from: NOW - HOUR - 1, to: NOW }, NOW));
  });

  it('of the past do not cover what came after', () => {
    const past = fromSnapshot([], { from: NOW - 3 * HOUR, to: NOW - HOUR }, NOW);
    assert.ok(covers(past, { from: NOW - 3 * HOUR, to: NOW - 2 * HOUR }, NOW));
    assert.ok(!covers(past, { from: NOW - 3 * HOUR, to: NOW }, NOW));
    assert.ok(!covers(NOTHING, { from: NOW, to: NOW }, NOW));
  });

  it('are asked for with room on both sides, so that the answer covers the view', () => {
    for (const range of [
      { from: NOW - HOUR, to: NOW + 100_000 },
      { from: NOW - 9 * HOUR, to: NOW - 8 * HOUR },
    ]) {
      const asked = toAsk(range, NOW);
      assert.ok(asked.from < range.from);
      assert.ok(covers(fromSnapshot([], asked, NOW), range, NOW));
    }
  });

  it('of a stretch include a row that began before it', () => {
    const row = tick(NOW, 1, CHECK, 10, { startedAt: NOW - HOUR, count: 60 });
    const rows = (from: number, to: number) => listed([row], { from, to }, NO_FILTER).rows.length;
    assert.equal(rows(NOW - HOUR / 2, NOW - HOUR / 3), 1);
    assert.equal(rows(NOW - 3 * HOUR, NOW - 2 * HOUR), 0);
  });
});
