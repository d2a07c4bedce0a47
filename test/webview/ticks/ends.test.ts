import assert from 'node:assert/strict';
import { counted, endOf, endSentence, reason, spoken } from '../../../src/webview/ticks/ends.ts';
import { readKept, toStored } from '../../../src/webview/ticks/kept.ts';
import { listed, NO_FILTER } from '../../../src/webview/ticks/shown.ts';
import { FIRST_VIEW } from '../../../src/webview/ticks/viewport.ts';
import { ownTick, tick, ticks } from '../harness/tickSamples.ts';

const NOW = new Date(2026, 10, 20, 19, 14, 22).getTime();
const CHECK = 'asset_check_sentry_sensor';

describe('a tick in words', () => {
  it('says how it ended and why', () => {
    const cases = [
      tick(NOW, 1, CHECK, 0, { failuresFound: 5, rowsRead: 6 }),
      tick(NOW, 1, CHECK, 0, {
        failuresFound: 5,
        firstFound: [
          { kind: 'check', label: 'a', detail: 'x/y' },
          { kind: 'run', label: 'b', detail: 'ValueError' },
        ],
      }),
      tick(NOW, 1, CHECK, 0, { failuresFound: 1, firstFound: [{ kind: 'check', label: 'a', detail: 'x/y' }] }),
      tick(NOW, 2, CHECK, 0),
      tick(NOW, 3, CHECK, 0, { rowsRead: 3, unreadable: 1 }),
      tick(NOW, 4, CHECK, 0, { end: { kind: 'skipped', reason: 'No DSN\nmore' } }),
      tick(NOW, 5, CHECK, 0, { end: { kind: 'failure', error: '\nError: x\n at y' } }),
    ];
    assert.deepEqual(
      cases.map((item) => [endOf(item), reason(item)]),
      [
        ['found', '5 failures found'],
        ['found', 'a on x/y, b (ValueError) and 3 more'],
        ['found', 'a on x/y'],
        ['none', 'Nothing new'],
        ['none', '3 rows read, no failure; 1 row unreadable'],
        ['skipped', 'No DSN'],
        ['failure', 'Error: x'],
      ],
    );
    assert.equal(endSentence(tick(NOW, 1, CHECK, 0, { failuresFound: 1 })), 'Success, 1 failure found');
  });

  it('of one of the project’s own sensors tells its runs, its reason, and one that never ended', () => {
    const cases = [
      ownTick(NOW, 1, 'a', 0, { runsRequested: ['x'] }),
      ownTick(NOW, 2, 'a', 0, { runsReported: ['x', 'y'] }),
      ownTick(NOW, 3, 'a', 0),
      ownTick(NOW, 4, 'a', 0, { end: { kind: 'skipped', reason: '' } }),
      ownTick(NOW, 5, 'a', 0, { end: { kind: 'unended' } }),
    ];
    assert.deepEqual(
      cases.map((item) => [endOf(item), reason(item)]),
      [
        ['none', '1 run requested'],
        ['found', '2 runs reported'],
        ['none', 'No run requested'],
        ['skipped', 'no reason given'],
        ['failure', 'it started and never ended: was the daemon stopped?'],
      ],
    );
  });

  it('tells a row that counts from a single tick', () => {
    const row = tick(NOW, 1, CHECK, 0, { startedAt: NOW - 120_000, count: 3 });
    assert.equal(counted(row, NOW), '3 ticks since 19:12:22: ');
    assert.equal(counted(tick(NOW, 1, CHECK, 0), NOW), '');
    assert.equal(spoken(row, CHECK, NOW), `19:14:22, ${CHECK}, Success, 3 ticks since 19:12:22: Nothing new`);
  });
});

describe('the facets', () => {
  it('count ticks, not rows', () => {
    assert.deepEqual(listed(ticks(NOW), { from: 0, to: NOW }, NO_FILTER).counts, {
      found: 22,
      none: 6,
      skipped: 2,
      failure: 1,
    });
  });
});

describe('what was kept', () => {
  it('comes back as it was', () => {
    const filter = { hidden: new Set(['none'] as const), only: CHECK, text: 'locked' };
    const kept = { view: { span: 60_000, from: 5 }, filter, home: '/h', chosen: -7, open: true };
    assert.deepEqual(readKept(JSON.parse(JSON.stringify(toStored(kept)))), kept);
  });

  it('is left out where it does not fit', () => {
    const nothing = { view: FIRST_VIEW, filter: NO_FILTER, home: null, chosen: null, open: false };
    for (const value of [
      undefined,
      null,
      'x',
      [],
      { view: { span: 'x' }, hidden: 3, only: 5, text: {}, home: 1, chosen: 'x', open: 1 },
      { view: { span: 1e99 } },
    ]) {
      assert.deepEqual(readKept(value), nothing);
    }
  });
});
