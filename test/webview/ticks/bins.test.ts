import assert from 'node:assert/strict';
import { BIN, binRange, layBins } from '../../../src/webview/ticks/bins.ts';
import { type Scale, x } from '../../../src/webview/ticks/scale.ts';
import { manyTicks, tick } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const HOUR = 3_600_000;
const CHECK = 'asset_check_sentry_sensor';
/** One column of 6 px is ten minutes. */
const scale: Scale = { from: NOW - 24 * HOUR, to: NOW, width: 864 };

describe('the columns of a long time', () => {
  it('add up failures and show the most telling end', () => {
    const at = { startedAt: NOW - HOUR, lastStartedAt: NOW - HOUR };
    const { bins, most } = layBins(
      [
        tick(NOW, 1, CHECK, 0, { ...at, failuresFound: 2 }),
        tick(NOW, 2, CHECK, 0, { ...at, failuresFound: 3 }),
        tick(NOW, 3, CHECK, 0, { ...at, end: { kind: 'failure', error: 'e' } }),
      ],
      scale,
      NOW,
    );
    assert.deepEqual(
      bins.map(({ end, failures, ids }) => [end, failures, ids]),
      [['failure', 5, [1, 2, 3]]],
    );
    assert.equal(most, 5);
  });

  it('are covered by a row that counts, from its first to its last tick', () => {
    const row = tick(NOW, 1, CHECK, 0, { startedAt: NOW - 2 * HOUR, lastStartedAt: NOW - HOUR, count: 60 });
    assert.equal(layBins([row], scale, NOW).bins.length, 7);
  });

  it('leave gaps where the sensor was off', () => {
    const off = [
      tick(NOW, 1, CHECK, 0, { startedAt: NOW - 24 * HOUR, lastStartedAt: NOW - 12 * HOUR, count: 700 }),
      tick(NOW, 2, CHECK, 0, { startedAt: NOW - 6 * HOUR, lastStartedAt: NOW, count: 350 }),
    ];
    const { gaps } = layBins(off, scale, NOW);
    assert.deepEqual(layBins(off, scale, NOW, null).gaps, [], 'ticks are left out: nothing is known of where none is');
    assert.equal(gaps.length, 1);
    assert.ok(Math.abs((gaps[0]?.from ?? 0) - x(scale, NOW - 12 * HOUR)) <= BIN);
    assert.ok(Math.abs((gaps[0]?.to ?? 0) - x(scale, NOW - 6 * HOUR)) <= BIN);
  });

  it('hold still in time while the range moves', () => {
    const ticks = manyTicks(NOW, 500);
    const times = (range: Scale) =>
      new Set(
        layBins(ticks, range, NOW).bins.map((bin) =>
          Math.round(range.from + (bin.x / range.width) * (range.to - range.from)),
        ),
      );
    const later = times({ ...scale, from: scale.from + 60_000, to: scale.to + 60_000 });
    const shared = [...times(scale)].filter((time) => later.has(time));
    assert.ok(shared.length >= later.size - 1, `${shared.length} of ${later.size}`);
  });

  it('lay out 10,000 ticks within a frame', () => {
    const ticks = manyTicks(NOW, 10_000);
    const week: Scale = { from: NOW - 168 * HOUR, to: NOW, width: 864 };
    const took = Array.from({ length: 20 }, () => {
      const start = performance.now();
      layBins(ticks, week, NOW);
      return performance.now() - start;
    });
    assert.ok(Math.min(...took) < 16, `${Math.min(...took)} ms`);
  });

  it('tell which stretch of time a column is', () => {
    const range = binRange(scale, 100);
    assert.equal(range.to - range.from, 600_000);
    assert.ok(x(scale, range.from) <= 100 && x(scale, range.to) > 100);
  });
});
