import assert from 'node:assert/strict';
import fc from 'fast-check';
import { axisLines } from '../../../src/webview/ticks/axis.ts';
import { layLane, markAt, stretch } from '../../../src/webview/ticks/marks.ts';
import { type Scale, timeAt, x } from '../../../src/webview/ticks/scale.ts';
import { tick } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const MINUTE = 60_000;
const CHECK = 'asset_check_sentry_sensor';
/** 100 px a minute. */
const scale: Scale = { from: NOW - 8 * MINUTE, to: NOW, width: 800 };

const found = (id: number, ago: number, failures: number) => tick(NOW, id, CHECK, ago, { failuresFound: failures });

describe('the scale', () => {
  it('maps times to px and back', () => {
    assert.equal(x(scale, NOW - 4 * MINUTE), 400);
    assert.equal(timeAt(scale, 400), NOW - 4 * MINUTE);
  });
});

describe('the axis', () => {
  it('has lines at round local times', () => {
    assert.deepEqual(
      axisLines(scale).map(({ label }) => label),
      ['19:07', '19:08', '19:09', '19:10', '19:11', '19:12', '19:13', '19:14'],
    );
  });

  it('has lines at least 72 px apart at any zoom, and never very many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 10_000, max: 31 * 1440 * MINUTE }),
        fc.integer({ min: 100, max: 4000 }),
        (span, width) => {
          const lines = axisLines({ from: NOW - span, to: NOW, width });
          assert.ok(lines.length <= width / 72 + 1);
          lines.forEach((line, index) => {
            const before = lines[index - 1];
            if (before) assert.ok(line.x - before.x > 71.9);
          });
        },
      ),
    );
  });

  it('stays at round times across a change to summer time', () => {
    const before = process.env.TZ;
    process.env.TZ = 'Europe/Berlin';
    try {
      const to = Date.parse('2026-03-30T12:00:00Z');
      const labels = axisLines({ from: to - 48 * 60 * MINUTE, to, width: 800 }).map(({ label }) => label);
      assert.deepEqual(labels, ['18:00', 'Sun 29', '06:00', '12:00', '18:00', 'Mon 30', '06:00', '12:00']);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  it('names days from midnight on', () => {
    const labels = axisLines({ from: NOW - 7 * 1440 * MINUTE, to: NOW, width: 800 }).map(({ label }) => label);
    assert.ok(labels.includes('Fri 20'), labels.join());
  });
});

describe('the marks of a lane', () => {
  it('tell the end of each tick', () => {
    const lane = layLane(
      [
        found(1, 400, 1),
        tick(NOW, 2, CHECK, 300),
        tick(NOW, 3, CHECK, 200, { end: { kind: 'skipped', reason: 'r' } }),
        tick(NOW, 4, CHECK, 100, { end: { kind: 'failure', error: 'e' } }),
      ],
      scale,
    );
    assert.deepEqual(
      lane.marks.map(({ end, capsule, label }) => [end, capsule, label]),
      [
        ['found', false, ''],
        ['none', false, ''],
        ['skipped', false, ''],
        ['failure', false, ''],
      ],
    );
  });

  it('say how many failures one tick found', () => {
    assert.equal(layLane([found(1, 100, 5)], scale).marks[0]?.label, '5');
  });

  it('become one capsule where they would touch: the worst end, the failures found', () => {
    const ticks = [found(1, 100, 2), tick(NOW, 2, CHECK, 98), found(3, 96, 3)];
    const [capsule, ...others] = layLane(ticks, scale).marks;
    assert.equal(others.length, 0);
    assert.ok(capsule);
    assert.deepEqual([capsule.end, capsule.capsule, capsule.label, capsule.ticks], ['found', true, '5', 3]);
    assert.deepEqual(stretch(capsule), { from: NOW - 100_000, to: NOW - 96_000 });
    const failed = tick(NOW, 4, CHECK, 94, { end: { kind: 'failure', error: 'e' } });
    assert.equal(layLane([...ticks, failed], scale).marks[0]?.end, 'failure');
  });

  it('never overlap, and hold every tick once', () => {
    const many = fc.array(
      fc.record({
        ago: fc.integer({ min: 0, max: 480 }),
        failures: fc.integer({ min: 0, max: 120 }),
        long: fc.nat(20_000),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(many, (list) => {
        const ticks = list
          .toSorted((a, b) => b.ago - a.ago)
          .map(({ ago, failures, long }, id) =>
            tick(NOW, id, CHECK, ago, { failuresFound: failures, durationMs: long }),
          );
        const { marks } = layLane(ticks, scale);
        marks.forEach((mark, index) => {
          const before = marks[index - 1];
          if (before) assert.ok(mark.left >= before.right, `${before.right} ${mark.left}`);
        });
        assert.deepEqual(
          marks.flatMap(({ rows }) => rows.map(({ id }) => id)),
          ticks.map(({ id }) => id),
        );
      }),
    );
  });

  it('have a tail where the duration is over 5 px', () => {
    const [short, long] = layLane(
      [tick(NOW, 1, CHECK, 400, { durationMs: 2900 }), tick(NOW, 2, CHECK, 200, { durationMs: 12_000 })],
      scale,
    ).marks;
    assert.deepEqual([short?.tail, long?.tail], [0, 20]);
  });

  it('show a row that counts as a line between its first and last tick', () => {
    const row = tick(NOW, 1, CHECK, 60, { startedAt: NOW - 240_000, count: 4 });
    const lane = layLane([row], scale);
    assert.deepEqual(lane.lines, [{ end: 'none', from: 400, to: 700 }]);
    assert.deepEqual(
      lane.marks.map(({ first, ticks }) => [first, ticks]),
      [
        [400, 1],
        [700, 1],
      ],
    );
  });

  it('count all ticks of a row that is as short as a mark', () => {
    const row = tick(NOW, 1, CHECK, 60, { startedAt: NOW - 62_000, count: 9 });
    assert.deepEqual(
      layLane([row], scale).marks.map(({ capsule, label }) => [capsule, label]),
      [[true, '9']],
    );
  });

  it('are found under the pointer with a little grace', () => {
    const lane = layLane([found(1, 240, 1)], scale);
    assert.equal(markAt(lane, 409)?.rows[0]?.id, 1);
    assert.equal(markAt(lane, 415), null);
  });
});
