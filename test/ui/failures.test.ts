import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { FailureRow } from '../../src/engine/api.ts';
import type { CheckFailure, RunFailure } from '../../src/failure/failure.ts';
import { runId, storageId } from '../../src/failure/ids.ts';
import { FailureList, GROUPS, groupOf } from '../../src/ui/failures/list.ts';
import { failureRow, groupRow, moreRow } from '../../src/ui/failures/rows.ts';
import { failureTooltip } from '../../src/ui/failures/tooltip.ts';
import { viewTexts } from '../../src/ui/failures/viewTexts.ts';
import { english } from '../../src/ui/l10n.ts';
import { AT, following, overview, row, runRow } from './samples.ts';

const shown = (of: FailureRow, cause: string | null = null) => failureRow(of, () => cause, AT + 1000, english);

describe('a failure’s row', () => {
  it('of a check says asset, time, severity and partition after the check’s name', () => {
    const { label, description, icon } = shown(row());
    assert.equal(label, 'discrepancies');
    assert.equal(description, 'audi/2024/prices · 19:12 · WARN · 2026-05-05');
    assert.deepEqual(icon, { name: 'warning', color: 'problemsWarningIcon.foreground' });
  });

  it('of a run says error class, time and partition after the asset path', () => {
    const { label, description, icon } = shown(runRow());
    assert.equal(label, 'audi/2024/options');
    assert.equal(description, 'ValueError · 19:12 · 2026-05-05');
    assert.deepEqual(icon, { name: 'error', color: 'problemsErrorIcon.foreground' });
  });

  it('begins with what is special about it', () => {
    assert.equal(shown(runRow({ willRetry: true, partition: null })).description, 'will retry · ValueError · 19:12');
    assert.equal(shown(runRow({ willRetry: true })).icon?.name, 'sync');
    const passed = shown(row({ passedSince: AT / 1000 + 60, partition: null }));
    assert.equal(passed.description, 'since passed · audi/2024/prices · 19:12 · WARN');
    assert.deepEqual(passed.icon, { name: 'warning', color: 'descriptionForeground' });
    const caused = runRow({ sameCauseAs: row().id, partition: null });
    assert.equal(shown(caused, 'blocking_check').description, 'same cause as blocking_check · 19:12');
    assert.equal(shown(caused).description, 'same cause as a check failure · 19:12');
    assert.equal(shown(caused).icon?.name, 'link');
    assert.equal(shown(row({ test: true, partition: null })).description, 'test · audi/2024/prices · 19:12 · WARN');
  });

  it('has it all in words for a screen reader', () => {
    assert.equal(
      shown(row()).spoken,
      'check failure discrepancies on audi/2024/prices, WARN, partition 2026-05-05, 19:12:30',
    );
  });

  it('is told to menus by kind, state and what it has', () => {
    assert.equal(shown(row()).context, 'failure check pending withRun');
    assert.equal(shown(runRow({ test: true, runId: null })).context, 'failure run pending test');
  });

  it('is one short line whatever the pipeline calls things', () => {
    const { label, description, spoken } = shown(
      row({ label: 'x\n'.repeat(500), detail: `${'y'.repeat(5000)}\u2028z` }),
    );
    assert.ok(label.length <= 200 && description.length < 300);
    for (const text of [label, description, spoken]) assert.ok(!/[\n\u2028]/.test(text));
  });
});

describe('a group’s row', () => {
  it('counts all its failures, also those not shown', () => {
    assert.deepEqual(
      [groupRow('check', 11, english).label, groupRow('check', 11, english).description],
      ['Check failures', '11'],
    );
    assert.equal(moreRow('run', 4, english).description, '4 more');
  });

  it('is closed when its failures are older than Firedrill', () => {
    assert.deepEqual(
      GROUPS.map((group) => groupRow(group, 1, english).folder),
      ['open', 'open', 'closed'],
    );
  });
});

describe('the list of failures', () => {
  const page = (rows: readonly FailureRow[], total = rows.length) => ({ rows, total });

  it('puts what the engine tells into its group, the newest first', () => {
    const list = new FailureList();
    const [old, recent, run, before] = [
      row({ timestamp: 1 }),
      row({ timestamp: 2 }),
      runRow(),
      row({ beforeFiredrill: true }),
    ];
    const { touched, stale } = list.apply([old, recent, run, before]);
    assert.deepEqual(list.rows('check'), [recent, old]);
    assert.deepEqual(list.rows('run'), [run]);
    assert.deepEqual(list.rows('before'), [before]);
    assert.deepEqual([...touched], ['check', 'run', 'before']);
    assert.equal(stale.size, 0);
  });

  it('takes out what is no longer pending, and takes it back', () => {
    const list = new FailureList();
    const one = row();
    list.apply([one]);
    list.apply([{ ...one, status: 'sent' }]);
    assert.equal(list.total('check'), 0);
    assert.ok(list.empty);
    list.apply([{ ...one, status: 'pending' }]);
    assert.deepEqual(list.rows('check'), [one]);
  });

  it('counts a failure once however often it is told', () => {
    const list = new FailureList();
    const one = row();
    list.replace('check', page([one]));
    list.apply([one, one]);
    assert.equal(list.total('check'), 1);
  });

  it('goes on where the last page ended', () => {
    const list = new FailureList();
    const rows = Array.from({ length: 4 }, () => row());
    list.replace('check', page(rows.slice(2), 4));
    assert.equal(list.hidden('check'), 2);
    assert.equal(list.last('check'), rows[2]?.seq);
    list.append('check', page(rows.slice(0, 2), 4));
    assert.equal(list.hidden('check'), 0);
    assert.equal(list.loaded('check'), 4);
  });

  it('asks for a group again when it cannot know its count', () => {
    const list = new FailureList();
    const known = row();
    list.replace('check', page([known], 10));
    assert.deepEqual([...list.apply([row()]).stale], ['check']);
    assert.deepEqual([...list.apply([{ ...known, status: 'dismissed' }]).stale], ['check']);
    const other = list.apply([{ ...known, title: 'other' }]);
    assert.deepEqual([[...other.stale], [...other.touched]], [[], ['check']]);
  });

  it('agrees with a list that is loaded anew, whatever happens', () => {
    const event = fc.record({
      id: fc.integer({ min: 0, max: 8 }),
      status: fc.constantFrom('pending', 'sent', 'dismissed'),
    });
    const ids = Array.from({ length: 9 }, (_, index) =>
      index % 3 === 0 ? runRow() : row({ beforeFiredrill: index % 2 === 0 }),
    );
    fc.assert(
      fc.property(fc.array(event as fc.Arbitrary<{ id: number; status: FailureRow['status'] }>), (events) => {
        const list = new FailureList();
        const truth = new Map<string, FailureRow>();
        for (const { id, status } of events) {
          const of = ids[id];
          if (!of) continue;
          truth.set(of.id, { ...of, status });
          list.apply([{ ...of, status }]);
        }
        for (const group of GROUPS) {
          const pending = [...truth.values()].filter((of) => of.status === 'pending' && groupOf(of) === group);
          assert.equal(list.total(group), pending.length);
          assert.deepEqual(new Set(list.rows(group).map((of) => of.id)), new Set(pending.map((of) => of.id)));
        }
      }),
    );
  });
});

describe('a failure’s tooltip', () => {
  const base = {
    origin: { kind: 'recorded', storageId: storageId(378) },
    timestamp: AT / 1000,
    codeLocation: 'ai_audi',
    partition: '2026-05-05',
  } as const;

  it('of a check says what it measured, lists by their size', () => {
    const of = row();
    const failure: CheckFailure = {
      ...base,
      id: of.id,
      kind: 'check',
      assetKey: ['audi', '2024', 'prices'],
      checkName: 'discrepancies',
      severity: 'WARN',
      runId: runId('5d1f0c22'),
      description: null,
      blocking: false,
      metadata: [
        { name: 'count', type: 'int', value: 3 },
        { name: 'records', type: 'json', value: [{}, {}] },
        { name: 'table', type: 'table', value: { schema: null, records: [{}] } },
      ],
    };
    assert.deepEqual(failureTooltip(of, failure, AT + 112_000, english).split('\n'), [
      'discrepancies on audi/2024/prices',
      'WARN · partition 2026-05-05 · code location ai_audi',
      '19:12:30.220, 1 min 52 s ago · storage id 378 · run 5d1f0c22',
      '',
      'count: 3',
      'records: 2 items',
      'table: 1 rows',
      '',
      'Not sent.',
    ]);
  });

  it('of a run says the error and what caused it, within bounds', () => {
    const error = (message: string, cause: RunFailure['error']): RunFailure['error'] => ({
      className: 'E',
      message,
      stack: [],
      cause,
    });
    let chain = error('deepest', null);
    for (let depth = 0; depth < 50; depth++) chain = error(`${'long '.repeat(100)}\n${depth}`, chain);
    const of = runRow();
    const failure: RunFailure = {
      ...base,
      id: of.id,
      kind: 'run',
      runId: runId('5d1f0c22'),
      jobName: 'job',
      failureReason: 'STEP_FAILURE',
      step: { key: 'a', error: error('ValueError: no price\n', error('KeyError: 1\n', null)) },
      error: chain,
      message: 'Execution of run failed',
      willRetry: false,
      causedByCheck: false,
      assetKey: null,
    };
    const text = failureTooltip(of, failure, AT, english);
    assert.match(text, /\n\nValueError: no price\ncaused by KeyError: 1\n\n/);
    const deep = failureTooltip(of, { ...failure, step: null }, AT, english);
    assert.ok(deep.length < 2500 && deep.split('\n').length < 20);
    assert.match(failureTooltip(of, { ...failure, step: null, error: null }, AT, english), /Execution of run failed/);
  });
});

describe('the Failures view', () => {
  const texts = (instance: Parameters<typeof overview>[0], empty = true) =>
    viewTexts({ kind: 'running', overview: overview(instance) }, empty, '/home/ada', english);

  it('counts pending failures in its badge', () => {
    assert.deepEqual(texts({}).badge, { value: 16, tooltip: '16 pending failures' });
    assert.equal(texts({ pending: { check: 0, run: 0 } }).badge, undefined);
  });

  it('says since when nothing failed', () => {
    assert.equal(
      texts({ instance: { ...following, since: Date.now() } as typeof following }).description.slice(0, 6),
      'since ',
    );
    assert.equal(texts({ instance: following }, false).description, '');
  });

  it('says why a lost or unusable instance cannot be read, keys masked', () => {
    const message = 'postgresql://ada:secret@db/dagster is not supported.';
    const unusable = texts({ instance: { state: 'unusable', home: '/home/ada/acme', message } });
    assert.equal(unusable.message, '~/acme cannot be read. postgresql://••••@db/dagster is not supported.');
    const named = texts({
      instance: { state: 'unusable', home: '/home/ada/acme', message: '/home/ada/acme is no folder.' },
    });
    assert.equal(named.message, '~/acme is no folder.');
    const lost = texts({
      instance: { state: 'lost', home: '/srv/acme', name: 'acme', message: 'It is gone.', since: AT },
    });
    assert.equal(lost.message, '/srv/acme cannot be read since 19:12:30. It is gone. Firedrill keeps looking.');
  });

  it('says nothing in Restricted Mode: the welcome text does', () => {
    assert.deepEqual(viewTexts({ kind: 'restricted' }, true, '', english), {
      description: '',
      message: '',
      badge: undefined,
    });
  });
});
