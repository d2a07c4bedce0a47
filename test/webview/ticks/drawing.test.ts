import assert from 'node:assert/strict';
import { axisLabels } from '../../../src/webview/ticks/axisLabels.ts';
import { drawingOf, type TimelineState } from '../../../src/webview/ticks/drawing.ts';
import { lanesOf } from '../../../src/webview/ticks/lane.ts';
import { sensors, tick, ticks } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const MINUTE = 60_000;
const CHECK = 'asset_check_sentry_sensor';

const state = (over: Partial<TimelineState> = {}): TimelineState => ({
  lanes: lanesOf(sensors(NOW), []),
  ticks: sensors(NOW).map(({ name }) =>
    ticks(NOW)
      .filter(({ sensor }) => sensor === name)
      .toSorted((a, b) => a.startedAt - b.startedAt),
  ),
  scale: { from: NOW - 8 * MINUTE, to: NOW + MINUTE, width: 900 },
  height: 64,
  scroll: 0,
  heldFrom: 0,
  now: NOW,
  live: true,
  only: null,
  chosen: null,
  ...over,
});

describe('a drawing of the timeline', () => {
  it('has now, the next interval ticks right of it, and what is unread', () => {
    const drawing = drawingOf(state());
    assert.equal(drawing.now, 800);
    assert.deepEqual(
      drawing.lanes.map(({ next }) => Math.round(next ?? 0)),
      [840, 848],
    );
    assert.deepEqual(
      drawing.lanes.map(({ behind }) => behind && [Math.round(behind.from), Math.round(behind.to)]),
      [null, [200, 800]],
    );
  });

  it('puts an overdue tick at now', () => {
    const late = lanesOf(sensors(NOW, { nextTickAt: NOW - 5000 }), []);
    assert.equal(drawingOf(state({ lanes: late })).lanes[0]?.next, 800);
  });

  it('promises nothing while the instance is lost', () => {
    const { lanes } = drawingOf(state({ live: false }));
    assert.ok(lanes.every(({ next, behind }) => next === null && behind === null));
    assert.ok(lanes.every(({ lane }) => lane.marks.length > 0));
  });

  it('shows columns instead of marks from six hours on', () => {
    const wide = drawingOf(state({ scale: { from: NOW - 360 * MINUTE, to: NOW, width: 900 } }));
    assert.ok(wide.lanes.every(({ lane, bins }) => lane.marks.length === 0 && bins !== null));
    assert.ok(drawingOf(state()).lanes.every(({ lane, bins }) => lane.marks.length > 0 && bins === null));
  });

  it('shows columns in a lane whose marks would run into one for half the width', () => {
    const [, other = []] = state().ticks;
    const busy = Array.from({ length: 200 }, (_, at) => tick(NOW, 900 + at, CHECK, (200 - at) * 2));
    const { lanes } = drawingOf(state({ ticks: [busy, other] }));
    assert.deepEqual(
      lanes.map(({ lane, bins, next }) => [lane.marks.length > 0, bins !== null, next !== null]),
      [
        [false, true, true],
        [true, false, true],
      ],
    );
  });

  it('dims the lanes that are filtered out', () => {
    const { lanes } = drawingOf(state({ only: 'run_failure_sentry_sensor' }));
    assert.deepEqual(
      lanes.map(({ dimmed }) => dimmed),
      [true, false],
    );
  });
});

describe('the times of the axis', () => {
  it('make room for now', () => {
    const drawing = drawingOf(state());
    const labels = axisLabels(drawing, '19:14:22', 26);
    assert.deepEqual(
      labels.map(({ text }) => text),
      ['19:07', '19:08', '19:09', '19:10', '19:11', '19:12', '19:13', '19:15', '19:14:22'].filter(
        (text) => text !== '19:15' || labels.length === 9,
      ),
    );
    assert.ok(!labels.some(({ text }) => text === '19:14'));
  });

  it('keep now inside the picture', () => {
    const [label] = axisLabels({ lines: [], now: 899, width: 900 }, 'last seen 19:13:20', 52);
    assert.equal(label?.px, 848);
  });
});
