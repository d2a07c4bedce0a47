import assert from 'node:assert/strict';
import type { Tick } from '../../src/sensors/tick.ts';
import type { StateStore, TickCommit } from '../../src/store/stateStore.ts';
import {
  alertFor,
  type Clock,
  checkFailure,
  clockAt,
  cursorText,
  found,
  openIn,
  START,
  tempFolder,
  tickPage,
} from './samples.ts';

const SENSOR = 'asset_check_sentry_sensor';

describe('commitTick', () => {
  let folder: ReturnType<typeof tempFolder>;
  let clock: Clock;
  let store: StateStore;
  let at: number;
  beforeEach(() => {
    folder = tempFolder();
    clock = clockAt();
    store = openIn(folder.path, clock);
    at = 0;
  });
  afterEach(() => {
    store.close();
    folder.remove();
  });

  /** Commits a page that goes on from the stored cursor. */
  function tick(change: Partial<TickCommit> = {}): Tick {
    const before = store.cursor(SENSOR).cursor;
    at += 1;
    const texts = { before, after: `${at}` };
    const page = tickPage({ cursorBefore: before, cursorAfter: cursorText(`${at}`), cursorTexts: texts, ...change });
    const committed = store.commitTick(page);
    assert.equal(committed.outcome, 'committed');
    return committed.outcome === 'committed' ? committed.tick : assert.fail();
  }

  it('stores failures, outbox rows, cursor and tick together', () => {
    const committed = store.commitTick(
      tickPage({
        found: [found(checkFailure(1)), found(checkFailure(2))],
        outbox: [alertFor(checkFailure(2), { sentBy: 'automatic' })],
        rowsRead: 5,
        unreadable: 1,
        notes: ['Skipped row 3'],
      }),
    );
    assert.equal(committed.outcome, 'committed');
    if (committed.outcome !== 'committed') return;
    assert.deepEqual(
      committed.added.map(({ id, tick }) => [id, tick]),
      [
        ['check-1', committed.tick.id],
        ['check-2', committed.tick.id],
      ],
    );
    assert.equal(store.cursor(SENSOR).cursor, '1');
    assert.deepEqual(store.ticks.last(SENSOR), committed.tick);
    assert.equal(committed.tick.failuresFound, 2);
    assert.deepEqual(committed.tick.notes, ['Skipped row 3']);
    assert.deepEqual(
      store.outbox.page(null, 9, null).map(({ id, failureId, sentBy }) => [id, failureId, sentBy]),
      [[committed.queued[0], 'check-2', 'automatic']],
    );
  });

  it('drops known failures and queues nothing for them', () => {
    tick({ found: [found(checkFailure(1))] });
    const again = store.commitTick(
      tickPage({
        cursorBefore: cursorText('1'),
        cursorAfter: cursorText('2'),
        found: [found(checkFailure(1)), found(checkFailure(2))],
        outbox: [alertFor(checkFailure(1)), alertFor(checkFailure(2))],
      }),
    );
    assert.equal(again.outcome, 'committed');
    if (again.outcome !== 'committed') return;
    assert.deepEqual(
      again.added.map(({ id }) => id),
      ['check-2'],
    );
    assert.equal(again.tick.failuresFound, 1);
    assert.deepEqual(
      store.outbox.page(null, 9, null).map(({ failureId }) => failureId),
      ['check-2'],
    );
  });

  it('stores nothing under an epoch of the lease that is over', () => {
    const other = openIn(folder.path, clock);
    const wish = { rank: 0, tickInterval: 60_000 };
    const epoch = store.lease.take(wish) ?? assert.fail('the lease is free');
    clock.pass(10_000); // stopped
    const next = other.lease.take(wish) ?? assert.fail('its holder is gone');
    assert.ok(next > epoch);
    const page = tickPage({ epoch, found: [found(checkFailure(1))], outbox: [alertFor(checkFailure(1))] });
    assert.deepEqual(store.commitTick(page), { outcome: 'fenced' });
    assert.equal(store.failures.find(checkFailure(1).id), null);
    assert.deepEqual(
      [store.cursor(SENSOR).cursor, store.ticks.last(SENSOR), store.outbox.page(null, 9, null)],
      [null, null, []],
    );
    assert.equal(other.commitTick({ ...page, epoch: next }).outcome, 'committed');
    other.close();
  });

  it('stores nothing when the cursor was moved since the page was read', () => {
    const other = openIn(folder.path, clock);
    tick();
    const before = other.dataVersion();
    const late = other.commitTick(
      tickPage({ cursorBefore: cursorText('0'), cursorAfter: cursorText('9'), found: [found(checkFailure(1))] }),
    );
    assert.deepEqual(late, { outcome: 'cursor-moved' });
    assert.equal(other.cursor(SENSOR).cursor, '1');
    assert.equal(other.failures.find(checkFailure(1).id), null);
    assert.equal(other.ticks.last(SENSOR)?.count, 1);
    assert.equal(other.dataVersion(), before);
    other.close();
  });

  it('keeps the sensors apart, and each runs until it is stopped', () => {
    tick();
    assert.deepEqual(store.cursor('run_failure_sentry_sensor'), { cursor: null, running: true });
    store.setRunning(SENSOR, false);
    store.setCursor('run_failure_sentry_sensor', cursorText('77'));
    store.close();
    store = openIn(folder.path, clock);
    assert.deepEqual(store.cursor(SENSOR), { cursor: '1', running: false });
    assert.deepEqual(store.cursor('run_failure_sentry_sensor'), { cursor: '77', running: true });
  });

  it('counts consecutive ticks that found nothing in one row', () => {
    const first = tick({ startedAt: START, rowsRead: 0 });
    const third = [60_000, 120_000].map((ms) => tick({ startedAt: START + ms, rowsRead: 2, durationMs: ms / 1000 }))[1];
    assert.deepEqual(third, {
      ...first,
      count: 3,
      lastStartedAt: START + 120_000,
      durationMs: 120,
      rowsRead: 4,
      cursorBefore: null,
      cursorAfter: '3',
    });
    assert.deepEqual(store.ticks.last(SENSOR), third);
  });

  const differences: readonly (readonly [string, Partial<TickCommit>])[] = [
    ['found a failure', { found: [found(checkFailure(1))] }],
    ['could not read a row', { unreadable: 1 }],
    ['has a note', { notes: ['Storage ids were reused.'] }],
    ['was skipped', { end: { kind: 'skipped', reason: 'SENTRY_DSN is not set' } }],
    ['failed', { end: { kind: 'failure', error: 'locked' } }],
    ['had another trigger', { trigger: 'manual' }],
    ['came after a long pause', { startedAt: START + 6 * 60_000 }],
    ['came before it by a clock set back', { startedAt: START - 1 }],
    ['has more pages to come', { more: true }],
  ];
  for (const [what, change] of differences) {
    it(`begins a new row for a tick that ${what}`, () => {
      const before = tick();
      const different = tick(change);
      assert.equal(different.id, before.id + 1);
      assert.equal(different.count, 1);
      assert.equal(store.ticks.get(before.id)?.count, 1);
    });
  }

  it('counts skipped ticks only while the reason stays', () => {
    const skip = (reason: string) => tick({ end: { kind: 'skipped', reason } });
    assert.equal(skip('a').id, skip('a').id);
    assert.equal(skip('b').count, 1);
    assert.deepEqual(skip('b').end, { kind: 'skipped', reason: 'b' });
  });

  it('keeps the pages of one tick in one row that does not mix with the empty ticks before', () => {
    const empty = tick();
    const first = tick({ more: true, rowsRead: 100, durationMs: 5 });
    const second = tick({
      more: true,
      continues: first.id,
      rowsRead: 100,
      durationMs: 9,
      found: [found(checkFailure(1))],
    });
    const third = tick({
      continues: first.id,
      rowsRead: 7,
      durationMs: 12,
      unreadable: 1,
      notes: ['n'],
      found: [found(checkFailure(2))],
    });
    assert.notEqual(first.id, empty.id);
    assert.deepEqual(store.ticks.get(first.id), {
      ...first,
      durationMs: 12,
      rowsRead: 207,
      failuresFound: 2,
      firstFound: ['check-1', 'check-2'].map((label) => ({ kind: 'check', label, detail: 'prices' })),
      unreadable: 1,
      notes: ['n'],
      cursorAfter: '4',
    });
    assert.equal(second.id, third.id);
    assert.deepEqual(
      store.failures.ofTick(first.id).map(({ id }) => id),
      ['check-2', 'check-1'],
    );
  });

  it('keeps 20 notes of a tick, over its pages', () => {
    const notes = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `row ${from + i}`);
    const first = tick({ more: true, notes: notes(0, 15) });
    tick({ continues: first.id, notes: notes(15, 40) });
    assert.deepEqual(store.ticks.get(first.id)?.notes, notes(0, 20));
    assert.deepEqual(tick({ notes: notes(0, 25) }).notes, notes(0, 20));
  });

  it('lists rows that touch a range, newest first', () => {
    tick({ startedAt: START, found: [found(checkFailure(1))] });
    tick({ startedAt: START + 10_000, durationMs: 5_000, found: [found(checkFailure(2))] });
    tick({ startedAt: START + 60_000 });
    tick({ startedAt: START + 120_000 });
    const starts = (from: number, to: number, limit = 9) =>
      store.ticks.range({ from: START + from, to: START + to, limit }).map(({ startedAt }) => startedAt - START);
    assert.deepEqual(starts(0, 999_999), [60_000, 10_000, 0]);
    assert.deepEqual(starts(14_000, 20_000), [10_000]);
    assert.deepEqual(starts(100_000, 110_000), [60_000]);
    assert.deepEqual(starts(16_000, 59_000), []);
    assert.deepEqual(starts(0, 999_999, 1), [60_000]);
  });

  it('forgets ticks by age, now and then', () => {
    tick({ found: [found(checkFailure(1))] });
    clock.pass(31 * 24 * 3_600_000);
    tick({ startedAt: clock.now(), found: [found(checkFailure(2))] });
    store.pruneNowAndThen();
    assert.deepEqual(
      store.ticks.range({ from: 0, to: clock.now(), limit: 9 }).map(({ startedAt }) => startedAt),
      [clock.now()],
    );
  });

  it('forgets all but the newest 20,000 rows', function () {
    this.timeout(20_000);
    store.decide(() => {
      for (let n = 0; n < 20_010; n += 1) tick({ startedAt: START + n, notes: ['n'] });
    });
    store.ticks.prune(START);
    const kept = store.ticks.range({ from: 0, to: clock.now() + 1e6, limit: 30_000 });
    assert.equal(kept.length, 20_000);
    assert.equal(kept[0]?.startedAt, START + 20_009);
  });

  it('stores 5,000 failures in pages of 100 faster than Dagster can write them', function () {
    this.timeout(20_000);
    const pages = Array.from({ length: 50 }, (_, page) =>
      Array.from({ length: 100 }, (_, n) => found(checkFailure(page * 100 + n))),
    );
    const before = process.cpuUsage(); // the clock on the wall would tell what else the machine does
    for (const page of pages) tick({ found: page, more: true });
    const { user, system } = process.cpuUsage(before);
    const perSecond = 5_000 / ((user + system) / 1e6);
    assert.ok(perSecond > 5_000, `${Math.round(perSecond)} rows/s`); // some 23,000
  });
});
