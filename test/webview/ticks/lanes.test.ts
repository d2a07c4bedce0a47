import assert from 'node:assert/strict';
import { isAwake, lanesOf, laneTitle } from '../../../src/webview/ticks/lane.ts';
import { AXIS, laneAt, lanesShown, placesOf, scrollToLane } from '../../../src/webview/ticks/laneWindow.ts';
import { markTitle } from '../../../src/webview/ticks/pointer.ts';
import { ownSensor, sensors } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const own = (count: number) => Array.from({ length: count }, (_, index) => ownSensor(NOW, `own-${index}`));
const lanes = (count: number) => lanesOf(sensors(NOW), own(count));

describe('the lanes', () => {
  it('are the hosted sensors, then the project’s own with their code location', () => {
    assert.deepEqual(lanes(1).map(laneTitle), [
      'asset_check_sentry_sensor',
      'run_failure_sentry_sensor',
      'own-0 of ai_audi',
    ]);
  });

  it('are awake until a tick is a minute overdue: no daemon runs then', () => {
    const due = (nextTickAt: number, over = {}) => {
      const lane = lanesOf([], [ownSensor(NOW, 'a', { nextTickAt, ...over })])[0];
      assert.ok(lane);
      return isAwake(lane, NOW);
    };
    assert.equal(due(NOW - 59_000), true);
    assert.equal(due(NOW - 61_000), false);
    assert.equal(due(NOW - 61_000, { ticking: true }), true);
    assert.equal(due(NOW + 5000, { running: false }), false);
  });
});

describe('more lanes than there is room for', () => {
  const height = AXIS + 6 * 20;

  it('are six at a time: the hosted stay, the others scroll under them', () => {
    assert.equal(lanesShown(lanes(3)), 5);
    assert.equal(lanesShown(lanes(10)), 6);
    const places = placesOf(lanes(10), height, 30);
    assert.equal(places.laneHeight, 20);
    assert.deepEqual(places.tops.slice(0, 5), [AXIS, AXIS + 20, AXIS + 10, AXIS + 30, AXIS + 50]);
  });

  it('are found by the pointer where they stand', () => {
    const places = placesOf(lanes(10), height, 30);
    assert.equal(laneAt(places, 5), null);
    assert.equal(laneAt(places, AXIS + 25), 1, 'not the one scrolled away under it');
    assert.equal(laneAt(places, AXIS + 41), 3);
    assert.equal(laneAt(places, height), null);
  });

  it('come into sight with the least movement', () => {
    assert.equal(scrollToLane(lanes(10), 1, 20, 30), 30, 'a hosted one is in sight');
    assert.equal(scrollToLane(lanes(10), 2, 20, 30), 0);
    assert.equal(scrollToLane(lanes(10), 11, 20, 30), 120);
    assert.equal(scrollToLane(lanes(10), 5, 20, 30), 30);
  });

  it('say nothing of the pointer where there is no mark', () => {
    assert.equal(markTitle(null, null, NOW), '');
  });
});
