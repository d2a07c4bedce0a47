import assert from 'node:assert/strict';
import type { DeliveryState } from '../../src/delivery/delivery.ts';
import type { FailureGrouping, FailureRow } from '../../src/engine/api.ts';
import type { CheckFailure, RunFailure } from '../../src/failure/failure.ts';
import { runId, storageId } from '../../src/failure/ids.ts';
import { choicesOf, groupingOf, isFiltered, PENDING, withChoices } from '../../src/ui/failures/arrangement.ts';
import { arrangementText } from '../../src/ui/failures/arrangementText.ts';
import { Folding } from '../../src/ui/failures/folding.ts';
import { groupRow, moreGroupsRow, moreRow } from '../../src/ui/failures/groupRows.ts';
import { newsText } from '../../src/ui/failures/newsText.ts';
import { reasonWords } from '../../src/ui/failures/reasonWords.ts';
import { failureRow } from '../../src/ui/failures/rows.ts';
import { failureTooltip } from '../../src/ui/failures/tooltip.ts';
import { viewTexts } from '../../src/ui/failures/viewTexts.ts';
import { english } from '../../src/ui/l10n.ts';
import { longTime } from '../../src/ui/time.ts';
import { everyType } from '../webview/harness/samples.ts';
import { AT, delivery, following, overview, row, runRow } from './samples.ts';

const shown = (of: FailureRow) => failureRow(of, AT + 1000, english);

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
    const caused = runRow({ sameCauseAs: 'blocking_check', partition: null });
    assert.equal(shown(caused).description, 'same cause as blocking_check · 19:12');
    assert.equal(shown(caused).icon?.name, 'link');
    const refused = runRow({ delivery: 'failed', willRetry: true, partition: null });
    assert.equal(shown(refused).description, 'refused · will retry · ValueError · 19:12');
    assert.match(shown(row({ delivery: 'waiting' })).spoken, /^waiting, check failure discrepancies on /);
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

describe('a failure’s row within a group', () => {
  const within = (of: FailureRow, grouping: FailureGrouping) => {
    const { label, description } = failureRow(of, AT + 1000, english, grouping);
    return [label, description];
  };

  it('leaves out the asset that its group is called after', () => {
    assert.deepEqual(within(row(), 'asset'), ['discrepancies', '19:12 · WARN · 2026-05-05']);
    assert.deepEqual(within(runRow(), 'asset'), ['ValueError', '19:12 · 2026-05-05']);
    const job = runRow({ label: 'ai_audi/job', asset: null });
    assert.deepEqual(within(job, 'asset'), ['ai_audi/job', 'ValueError · 19:12 · 2026-05-05']);
  });

  it('is called after what tells it from the others of its issue', () => {
    assert.deepEqual(within(row(), 'issue'), ['2026-05-05', 'audi/2024/prices · 19:12']);
    assert.deepEqual(within(row({ partition: null }), 'issue'), ['19:12', 'audi/2024/prices']);
  });

  it('says it all where the group says nothing of it', () => {
    for (const grouping of ['location', 'asset', 'issue'] as const) {
      const before = row({ beforeFiredrill: true });
      assert.equal(within(before, grouping)[1], 'audi/2024/prices · 19:12 · WARN · 2026-05-05');
    }
  });

  it('says what became of it where that may differ', () => {
    assert.match(shown(row({ status: 'sent' })).description, /^sent · /);
    assert.match(shown(row({ status: 'dismissed' })).description, /^dismissed · /);
  });
});

describe('a group’s row', () => {
  const group = (key: string, total: number, newest = row()) => ({
    key,
    total,
    newest,
    issue: 'discrepancies on audi/…/prices (WARN)',
  });

  it('counts all its failures, also those not shown', () => {
    const { label, description, spoken } = groupRow(group('check', 11), 'kind', true, english);
    assert.deepEqual([label, description, spoken], ['Check failures', '11', 'Check failures, 11 failures']);
    assert.equal(moreRow('run', 'kind', 4, english).description, '4 more');
    assert.equal(moreGroupsRow(4, english).description, '4 more groups');
    assert.equal(moreGroupsRow(1, english).spoken, 'Show more, 1 group is not shown');
  });

  it('says what its failures share', () => {
    const names = (grouping: FailureGrouping, newest = row()) => {
      const { label, description } = groupRow(group('in:x', 2, newest), grouping, false, english);
      return `${label} ${description}`;
    };
    assert.equal(names('location'), 'audi 2 · ai_audi');
    assert.equal(names('location', row({ codeLocation: null })), 'audi 2 · no code location');
    assert.equal(names('asset'), 'audi/2024/prices 2');
    assert.equal(names('asset', runRow({ asset: null })), 'No asset 2');
    assert.equal(names('issue'), 'discrepancies on audi/…/prices 2 · WARN');
    assert.equal(names('issue', runRow()), 'discrepancies on audi/…/prices (WARN) 2');
  });

  it('is closed when its failures are older than Firedrill, or when there may be many like it', () => {
    const folding = new Folding();
    const open = (grouping: FailureGrouping, key: string) => folding.isOpen(grouping, key);
    assert.deepEqual([open('kind', 'check'), open('kind', 'before')], [true, false]);
    assert.deepEqual([open('location', 'in:x'), open('location', 'before')], [true, false]);
    assert.deepEqual([open('asset', 'in:x'), open('issue', 'in:x')], [false, false]);
    assert.equal(groupRow(group('check', 1), 'kind', true, english).folder, 'open');
    assert.equal(groupRow(group('check', 1), 'kind', false, english).folder, 'closed');
  });

  it('is as it was left when it comes back, in each grouping', () => {
    const folding = new Folding();
    folding.turned('location', 'in:x', false);
    folding.turned('asset', 'in:x', true);
    assert.deepEqual([folding.isOpen('location', 'in:x'), folding.isOpen('asset', 'in:x')], [false, true]);
    assert.equal(folding.isOpen('location', 'in:y'), true);
  });
});

describe('which failures are listed', () => {
  it('is what is pending, by kind, unless somebody asks for others', () => {
    assert.equal(isFiltered(PENDING), false);
    assert.equal(arrangementText({ grouping: 'kind', filter: PENDING }, english), '');
    assert.equal(groupingOf('issue'), 'issue');
    for (const nonsense of [undefined, 7, 'colour']) assert.equal(groupingOf(nonsense), 'kind');
  });

  it('is what was chosen, and the search stays', () => {
    const all = choicesOf(['ai_audi', 'ai_bmw']);
    const before = { ...PENDING, text: 'prices', kinds: ['run' as const] };
    const chosen = [all.statuses.pending, all.statuses.sent, all.severities.WARN, ...all.places, all.passed.notPassed];
    const filter = withChoices(before, chosen);
    assert.deepEqual(filter, {
      ...PENDING,
      text: 'prices',
      statuses: ['pending', 'sent'],
      severities: ['WARN'],
      places: ['ai_audi', 'ai_bmw'],
      passed: ['not-passed'],
    });
    assert.deepEqual(
      [...chosen, all.kinds.run].map((choice) => choice.isIn(filter)),
      [true, true, true, true, true, true, false],
    );
    assert.deepEqual(withChoices(filter, [all.statuses.pending]), { ...PENDING, text: 'prices' });
  });

  it('is said beside the view’s name', () => {
    const filter = { ...PENDING, text: 'disc\n', severities: ['WARN' as const], places: ['ai_audi', 'ai_bmw'] };
    const said = (change: object) => arrangementText({ grouping: 'kind', filter: { ...PENDING, ...change } }, english);
    assert.equal(arrangementText({ grouping: 'issue', filter }, english), 'by issue · “disc” · WARN · ai_audi, ai_bmw');
    assert.equal(said({ statuses: ['sent', 'dismissed'] }), 'sent, dismissed');
    assert.equal(said({ statuses: [] }), 'any state');
    assert.equal(
      said({ origins: ['test'], times: ['before'], passed: ['passed'], kinds: ['run'] }),
      'runs · test · before Firedrill · since passed',
    );
  });
});

describe('the notification of new failures', () => {
  it('names a single one, and the last of several', () => {
    assert.equal(newsText(1, row(), english), row().title);
    assert.equal(newsText(7, runRow(), english), `7 new failures, the last one: ${runRow().title}`);
  });
});

describe('a failure’s tooltip', () => {
  const ALONE = { title: 'job failed', otherPending: 0 };
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
    assert.deepEqual(
      failureTooltip(
        of,
        failure,
        { title: 'discrepancies on audi/…/prices (WARN)', otherPending: 2 },
        null,
        AT + 112_000,
        english,
      ).split('\n'),
      [
        'discrepancies on audi/2024/prices',
        'WARN · partition 2026-05-05 · code location ai_audi',
        '19:12:30.220, 1 min 52 s ago · storage id 378 · run 5d1f0c22',
        '',
        'count: 3',
        'records: 2 items',
        'table: 1 row',
        '',
        'Joins 2 others pending in Sentry’s issue discrepancies on audi/…/prices (WARN).',
        'Not sent.',
      ],
    );
  });

  it('tells a value that is sent as Dagster’s text form as the preview does', () => {
    const metadata = everyType.metadata.filter(({ name }) =>
      ['empty', 'schema', 'lineage', 'artifact', 'code', 'job', 'ts'].includes(name),
    );
    const text = failureTooltip(row(), { ...everyType, metadata }, ALONE, null, AT, english);
    assert.deepEqual(text.split('\n\n')[1]?.split('\n'), [
      'empty: empty text',
      "schema: vin string, the vehicle's, not null, unique, 17 letters; größe int",
      'lineage: price from audi/raw.price_a, audi/raw.price_b',
      'artifact: acme.prices.Model',
      'code: /acme/prices.py:12 def; https://example.com/prices.py#L12',
      `ts: ${longTime(1767225600123, AT)}`,
      'job: nightly in ai_bmw',
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
    const text = failureTooltip(of, failure, ALONE, null, AT, english);
    assert.match(text, /^a step failed · partition 2026-05-05 · code location ai_audi$/m);
    assert.doesNotMatch(text, /Joins/);
    assert.match(
      failureTooltip(of, failure, { ...ALONE, otherPending: 1 }, null, AT, english),
      /\nJoins 1 other pending in /,
    );
    assert.match(text, /\n\nValueError: no price\ncaused by KeyError: 1\n\n/);
    const deep = failureTooltip(of, { ...failure, step: null }, ALONE, null, AT, english);
    assert.ok(deep.length < 2500 && deep.split('\n').length < 20);
    assert.match(
      failureTooltip(of, { ...failure, step: null, error: null }, ALONE, null, AT, english),
      /Execution of run failed/,
    );
  });

  it('has every mark of its row in a sentence, each thing once', () => {
    const run: RunFailure = {
      ...base,
      id: runRow().id,
      kind: 'run',
      runId: runId('5d1f0c22'),
      jobName: 'job',
      failureReason: 'RUN_EXCEPTION',
      step: null,
      error: null,
      message: 'Execution of run failed',
      willRetry: true,
      causedByCheck: true,
      assetKey: null,
    };
    const of = runRow({ willRetry: true, sameCauseAs: 'has_rows', beforeFiredrill: true });
    const issue = { title: 'audi/2024/options (ValueError)', otherPending: 2 };
    assert.equal(
      failureTooltip(of, run, issue, null, AT, english).split('\n\n').at(-1),
      [
        'Joins 2 others pending in Sentry’s issue of that name.',
        'Dagster will retry this run.',
        'Same cause as the check failure has_rows.',
        'Recorded before Firedrill met this instance. Not sent.',
      ].join('\n'),
    );
  });

  it('says until when its delivery waits and why, or why it failed, instead of that it was not sent', () => {
    const of = row();
    const check: CheckFailure = {
      ...base,
      id: of.id,
      kind: 'check',
      assetKey: ['audi'],
      checkName: 'discrepancies',
      severity: 'WARN',
      runId: null,
      description: null,
      blocking: false,
      metadata: [],
    };
    const foot = (state: DeliveryState, status: FailureRow['status'] = 'pending') =>
      failureTooltip({ ...of, status }, check, ALONE, delivery(state), AT, english)
        .split('\n\n')
        .at(-1);
    const until = AT + 86_400_000 + 9_000;
    assert.equal(
      foot({ kind: 'waiting', until, reason: 'The endpoint could not take it (502).' }),
      'Waits until 2026-05-06 19:12:39 to be sent to Sentry project 450812: The endpoint could not take it (502).',
    );
    assert.equal(
      foot({ kind: 'waiting', until: AT - 1, reason: null }),
      'Is about to be sent to Sentry project 450812.',
    );
    assert.equal(
      foot({ kind: 'waiting', until: null, reason: 'No DSN.' }),
      'Waits to be sent to Sentry project 450812: No DSN.',
    );
    assert.equal(
      foot({ kind: 'failed', at: AT, status: 403, reason: 'Refused (403).\nIt says: $(flame)' }),
      'Sending to Sentry project 450812 failed at 19:12:30: Refused (403). It says: $(flame)',
    );
    assert.equal(foot({ kind: 'sending' }, 'sent'), 'Sent.\nIs being sent to Sentry project 450812.');
  });

  it('says why a run ended in words, also those of a newer Dagster', () => {
    assert.deepEqual(
      [null, 'UNKNOWN', 'RUN_EXCEPTION', 'START_TIMEOUT', 'DISK_FULL\n'].map((reason) => reasonWords(reason, english)),
      ['', '', 'the run raised an exception', 'the run did not start in time', 'disk full'],
    );
  });
});

describe('the Failures view', () => {
  const plain = { grouping: 'kind', filter: PENDING } as const;
  const texts = (instance: Parameters<typeof overview>[0], empty = true) =>
    viewTexts({ kind: 'running', overview: overview(instance) }, empty, plain, '/home/ada', english);

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
    assert.deepEqual(viewTexts({ kind: 'restricted' }, true, { ...plain, grouping: 'issue' }, '', english), {
      description: '',
      message: '',
      badge: undefined,
    });
  });
});
