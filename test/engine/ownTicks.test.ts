import assert from 'node:assert/strict';
import type { StoredTick } from '../../src/dagster/scheduleRows.ts';
import { OwnTicks } from '../../src/engine/ownTicks.ts';

const ALL = { from: 0, to: 1e15, limit: 100 };
const MINUTE = 60_000;

const tick = (id: number, at: number, over: Partial<StoredTick> = {}): StoredTick => ({
  id,
  sensor: 'a',
  startedAt: at,
  duration: 5,
  end: { kind: 'skipped', reason: 'nothing' },
  runsRequested: [],
  runsReported: [],
  cursor: null,
  ...over,
});

describe("rows of the project's own ticks", () => {
  const rows = (...ticks: readonly StoredTick[]) => {
    const own = new OwnTicks();
    own.add(ticks);
    return own.range(ALL).map(({ id, count, end }) => [id, count, end.kind]);
  };

  it('count on where ticks end alike without runs, each sensor for itself', () => {
    assert.deepEqual(rows(tick(1, 0), tick(2, 10, { sensor: 'b' }), tick(3, MINUTE), tick(4, 2 * MINUTE)), [
      [-1, 3, 'skipped'],
      [-2, 1, 'skipped'],
    ]);
  });

  it('begin anew with another reason, another end, a run, or after a pause', () => {
    const other = tick(2, MINUTE, { end: { kind: 'skipped', reason: 'other' } });
    const failed = tick(3, 2 * MINUTE, { end: { kind: 'failure', error: null } });
    const ran = tick(4, 3 * MINUTE, { end: { kind: 'success' }, runsRequested: ['r'] });
    const ranAgain = tick(5, 4 * MINUTE, { end: { kind: 'success' }, runsRequested: ['s'] });
    assert.equal(rows(tick(1, 0), other, failed, ran, ranAgain).length, 5);
    assert.equal(rows(tick(1, 0), tick(2, 6 * MINUTE)).length, 2);
  });

  it('leave out a tick that goes on, and tell one that never ended once the sensor ticks again', () => {
    const own = new OwnTicks();
    own.add([tick(1, 0, { end: { kind: 'started' } })]);
    assert.deepEqual([own.range(ALL), own.started(), own.isTicking('a')], [[], [1], true]);
    own.add([tick(1, 0, { end: { kind: 'success' } })]);
    assert.deepEqual([own.range(ALL).length, own.started(), own.isTicking('a')], [1, [], false]);
    own.add([tick(2, 10, { end: { kind: 'started' } }), tick(3, 20)]);
    assert.deepEqual(
      own.range(ALL).map(({ id, end }) => [id, end.kind]),
      [
        [-3, 'skipped'],
        [-2, 'unended'],
        [-1, 'success'],
      ],
    );
  });

  it('that changed after a version are told alone', () => {
    const own = new OwnTicks();
    own.add([tick(1, 0), tick(2, 10, { sensor: 'b' })]);
    const { version } = own;
    assert.deepEqual(own.since(version), []);
    own.add([tick(3, MINUTE)]);
    assert.deepEqual(
      own.since(version).map(({ id, count }) => [id, count]),
      [[-1, 2]],
    );
    assert.ok(own.version > version);
  });
});
