import assert from 'node:assert/strict';
import { laneOf, stepInLane, stepToLane } from '../../../src/webview/ticks/steps.ts';
import { tick } from '../harness/tickSamples.ts';

const NOW = 1_800_000_000_000;
const a = [tick(NOW, 1, 'asset_check_sentry_sensor', 90), tick(NOW, 2, 'asset_check_sentry_sensor', 30)];
const b = [tick(NOW, 3, 'run_failure_sentry_sensor', 80), tick(NOW, 4, 'run_failure_sentry_sensor', 10)];
const lanes = [a, [], b];
const [first, second] = a;

describe('from tick to tick', () => {
  it('begins with the newest of the first lane that has any', () => {
    assert.equal(stepInLane(lanes, null, -1)?.id, 2);
    assert.equal(stepInLane([[], b], null, 1)?.id, 4);
    assert.equal(stepInLane([[], []], null, 1), null);
  });

  it('goes along the lane and stops at its ends', () => {
    assert.ok(first && second);
    assert.equal(stepInLane(lanes, second, -1)?.id, 1);
    assert.equal(stepInLane(lanes, first, 1)?.id, 2);
    assert.equal(stepInLane(lanes, first, -1), null);
    assert.equal(stepInLane(lanes, second, 1), null);
  });

  it('changes to the nearest tick of the next lane that has any', () => {
    assert.ok(first && second);
    assert.equal(stepToLane(lanes, first, 1, NOW)?.id, 3);
    assert.equal(stepToLane(lanes, second, 1, NOW)?.id, 4);
    assert.equal(stepToLane(lanes, first, -1, NOW), null);
  });

  it('starts over where the chosen tick is no longer there', () => {
    assert.equal(laneOf(lanes, tick(NOW, 99, 'run_failure_sentry_sensor', 1)), 0);
  });
});
