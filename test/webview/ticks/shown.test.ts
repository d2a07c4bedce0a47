import assert from 'node:assert/strict';
import { lanesOf } from '../../../src/webview/ticks/lane.ts';
import {
  anyWithin,
  type Filter,
  isFiltered,
  leave,
  leavesOut,
  listed,
  NO_FILTER,
} from '../../../src/webview/ticks/shown.ts';
import { ownSensor, ownTick, sensors, tick } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const CHECK = 'asset_check_sentry_sensor';
const RUN = 'run_failure_sentry_sensor';

const lanes = lanesOf(sensors(NOW), [ownSensor(NOW, 'f00d', { name: 'breaks', codeLocation: 'ai_bmw' })]);
const ticks = [
  tick(NOW, 1, CHECK, 10, { failuresFound: 2 }),
  tick(NOW, 2, RUN, 20, { end: { kind: 'skipped', reason: 'No code location has a SENTRY_DSN.' } }),
  tick(NOW, 3, RUN, 30, { end: { kind: 'failure', error: 'EventLogError: locked\n  by process 4711' } }),
  tick(NOW, 4, CHECK, 40, { unreadable: 1, rowsRead: 1, notes: ['Row 362: its JSON is broken.'] }),
  ownTick(NOW, 5, 'f00d', 50, { runsRequested: ['5d1f0c22'] }),
];
const MINUTE = { from: NOW - 60_000, to: NOW };
const found = (text: string, over: Partial<Filter> = {}): readonly number[] => {
  const filter = { ...NO_FILTER, text, ...over };
  return listed(leave(ticks, filter, lanes).matching, MINUTE, filter).rows.map(({ id }) => id);
};

describe('the text that ticks are filtered by', () => {
  it('is looked for in what a row says, in upper or lower case', () => {
    assert.deepEqual(found('2 FAILURES found'), [1]);
    assert.deepEqual(found('sentry_dsn'), [2]);
    assert.deepEqual(found('eventlogerror'), [3]);
    assert.deepEqual(found('skipped'), [2]);
    assert.deepEqual(found('nowhere'), []);
  });

  it('is looked for in the whole error, the notes and the ids of runs', () => {
    assert.deepEqual(found('process 4711'), [3]);
    assert.deepEqual(found('json is broken'), [4]);
    assert.deepEqual(found('5d1f'), [-5]);
  });

  it('is looked for in the sensor’s name and code location, not in the id of its lane', () => {
    assert.deepEqual(found('run_failure'), [2, 3]);
    assert.deepEqual(found('ai_bmw'), [-5]);
    assert.deepEqual(found('f00d'), []);
  });

  it('counts for table, facets and timeline, beside the other filters', () => {
    assert.deepEqual(found('run_failure', { hidden: new Set(['skipped']) }), [3]);
    const filter = { ...NO_FILTER, text: 'run_failure' };
    const { matching, drawn } = leave(ticks, filter, lanes);
    assert.deepEqual(listed(matching, MINUTE, filter).counts, { found: 0, none: 0, skipped: 1, failure: 1 });
    assert.deepEqual(
      drawn.map(({ id }) => id),
      [2, 3],
    );
    assert.ok(anyWithin(ticks, MINUTE) && !anyWithin(ticks, { from: 0, to: 1 }));
    assert.ok(leavesOut(filter) && isFiltered(filter));
  });

  it('is none while it is blank', () => {
    assert.equal(found('  ').length, ticks.length);
    assert.ok(!isFiltered({ ...NO_FILTER, text: ' ' }));
    assert.equal(leave(ticks, { ...NO_FILTER, text: ' ' }, lanes).drawn, ticks);
  });

  it('leaves nothing but marks out: a lane that is not listed keeps its own', () => {
    const filter = { ...NO_FILTER, only: CHECK };
    assert.ok(isFiltered(filter) && !leavesOut(filter));
    assert.equal(leave(ticks, filter, lanes).drawn, ticks);
  });
});
