import assert from 'node:assert/strict';
import { renderEvent } from '../../../src/channels/sentry/event.ts';
import { eventIdFor } from '../../../src/channels/sentry/eventId.ts';
import type { Failure } from '../../../src/failure/failure.ts';
import { eventId } from '../../../src/failure/ids.ts';
import type { JsonObject } from '../../../src/failure/json.ts';
import {
  checkFailure,
  dagsterError,
  LOGGED_AT,
  metadata,
  RUN,
  runFailure,
  type SpecifiedParts,
  settings,
} from './failures.ts';

const ID = eventId('04ca1f238da2b000d80c04cb081079c4');
const render = (failure: Failure) => renderEvent(failure, ID, settings).event;

function specified(failure: Failure): SpecifiedParts {
  const { level, message, tags, extra } = render(failure);
  return { level, message, tags, extra };
}

const valueError = dagsterError('ValueError', 'ValueError: bad price\n');
const wrapped = (wrapper: string, cause = valueError) =>
  dagsterError(wrapper, `dagster._core.errors.${wrapper}: Error occurred while executing op "x":\n`, cause);

describe('renderEvent: check failures', () => {
  const cases: readonly (readonly [string, Parameters<typeof checkFailure>[0], SpecifiedParts])[] = [
    [
      'renders the specified example with a partition',
      { partition: '2026-05-01', metadata: [metadata('records', [{ model: 'A1', price_a: 1 }])] },
      {
        level: 'warning',
        message: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
        tags: { oem: 'audi', check_name: 'discrepancies', severity: 'WARN', partition_date: '2026-05-01' },
        extra: {
          asset_key: 'audi/2024/prices',
          run_id: RUN,
          partition_date: '2026-05-01',
          metadata: { records: [{ model: 'A1', price_a: 1 }] },
        },
      },
    ],
    [
      'renders ERROR as error, without a partition date where there is none',
      {
        severity: 'ERROR',
        checkName: 'integrity',
        assetKey: ['models'],
        metadata: [
          metadata('count', 3, 'int'),
          metadata('missing_source_count', 2, 'int'),
          metadata('unexpected_row_count', 1, 'int'),
        ],
      },
      {
        level: 'error',
        message: 'Dagster asset check failure: integrity on models (ERROR)',
        tags: { oem: 'audi', check_name: 'integrity', severity: 'ERROR' },
        extra: {
          asset_key: 'models',
          run_id: RUN,
          metadata: { count: 3, missing_source_count: 2, unexpected_row_count: 1 },
        },
      },
    ],
    [
      'keeps unresolved_refs’ list of texts whole and every value in its JSON type',
      {
        checkName: 'unresolved_refs',
        metadata: [
          metadata('big', '9007199254740993', 'int'),
          metadata('count', 120, 'int'),
          metadata('flag', true, 'bool'),
          metadata('nothing', null, 'null'),
          metadata('ratio', 0.1, 'float'),
          metadata(
            'sample_refs',
            Array.from({ length: 120 }, (_, i) => `ref-${i}`),
          ),
          metadata('worst', 'nan', 'float'),
        ],
      },
      {
        level: 'warning',
        message: 'Dagster asset check failure: unresolved_refs on audi/2024/prices (WARN)',
        tags: { oem: 'audi', check_name: 'unresolved_refs', severity: 'WARN' },
        extra: {
          asset_key: 'audi/2024/prices',
          run_id: RUN,
          metadata: {
            big: '9007199254740993',
            count: 120,
            flag: true,
            nothing: null,
            ratio: 0.1,
            sample_refs: Array.from({ length: 120 }, (_, i) => `ref-${i}`),
            worst: 'nan',
          },
        },
      },
    ],
    [
      'leaves the run out of a run-less evaluation and takes the oem from the asset key',
      { runId: null, codeLocation: null, assetKey: ['bmw', 'prices'] },
      {
        level: 'warning',
        message: 'Dagster asset check failure: discrepancies on bmw/prices (WARN)',
        tags: { oem: 'bmw', check_name: 'discrepancies', severity: 'WARN' },
        extra: { asset_key: 'bmw/prices', metadata: {} },
      },
    ],
    [
      'keeps a multi-dimensional partition as it stands',
      { partition: '2026-05-01|de' },
      {
        level: 'warning',
        message: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
        tags: { oem: 'audi', check_name: 'discrepancies', severity: 'WARN', partition_date: '2026-05-01|de' },
        extra: { asset_key: 'audi/2024/prices', run_id: RUN, partition_date: '2026-05-01|de', metadata: {} },
      },
    ],
    [
      'keeps unicode, quotes, slashes, NUL and line breaks; a lone surrogate becomes U+FFFD',
      {
        checkName: 'prüf "a/b" 🚗',
        assetKey: ['audi', 'x\ud800y'],
        metadata: [metadata('k\udc00', { 'in\ud83d': ['\u0000', 'a\nb', '\ud83d\ude97'] })],
      },
      {
        level: 'warning',
        message: 'Dagster asset check failure: prüf "a/b" 🚗 on audi/x\ufffdy (WARN)',
        tags: { oem: 'audi', check_name: 'prüf "a/b" 🚗', severity: 'WARN' },
        extra: {
          asset_key: 'audi/x\ufffdy',
          run_id: RUN,
          metadata: { 'k\ufffd': { 'in\ufffd': ['\u0000', 'a\nb', '🚗'] } },
        },
      },
    ],
  ];
  for (const [title, change, expected] of cases) {
    it(title, () => assert.deepEqual(specified(checkFailure(change)), expected));
  }

  it('sends an entry named __proto__ as an entry', () => {
    const event = render(checkFailure({ metadata: [metadata('__proto__', { polluted: true })] }));
    assert.equal(
      JSON.stringify(event.extra),
      `{"asset_key":"audi/2024/prices","run_id":"${RUN}","metadata":{"__proto__":{"polluted":true}}}`,
    );
  });
});

describe('renderEvent: lists of records', () => {
  const objects = (n: number) => Array.from({ length: n }, (_, row) => ({ row }));
  const rendered = (entry: ReturnType<typeof metadata>) => {
    const { event, notSent } = renderEvent(checkFailure({ metadata: [entry] }), ID, settings);
    return { sent: (event.extra.metadata as JsonObject)[entry.name], notSent };
  };

  it('sends 50 records whole and says nothing', () => {
    assert.deepEqual(rendered(metadata('records', objects(50))), { sent: objects(50), notSent: [] });
  });

  for (const [title, entry, path] of [
    ['a list of objects under any name', metadata('a/b~c', objects(51)), '/extra/metadata/a~1b~0c'],
    [
      'a list named records, whatever is in it',
      metadata(
        'records',
        Array.from({ length: 51 }, (_, row) => row),
      ),
      '/extra/metadata/records',
    ],
  ] as const) {
    it(`cuts ${title} to the first 50 and tells it`, () => {
      const { sent, notSent } = rendered(entry);
      assert.deepEqual(sent, (entry.value as readonly unknown[]).slice(0, 50));
      assert.deepEqual(notSent, [
        {
          kind: 'not-sent',
          path,
          what: '51 records: the first 50 are sent, as specified.',
          limit: 50,
          actual: 51,
          unit: 'records',
        },
      ]);
    });
  }

  it('cuts the records of a table and keeps its schema', () => {
    const schema = { columns: [{ name: 'row', type: 'int' }] };
    const { sent, notSent } = rendered(metadata('differences', { schema, records: objects(1200) }, 'table'));
    assert.deepEqual(sent, { schema, records: objects(50) });
    assert.deepEqual(
      notSent.map(({ path, actual, limit }) => ({ path, actual, limit })),
      [{ path: '/extra/metadata/differences/records', actual: 1200, limit: 50 }],
    );
  });
});

describe('renderEvent: run failures', () => {
  const step = (key: string, error = wrapped('DagsterExecutionStepExecutionError')) => ({ step: { key, error } });
  const fallback = (where: string, type: string) => `Dagster run failure: ${where} (${type})`;
  const cases: readonly (readonly [
    string,
    Parameters<typeof runFailure>[0],
    { message: string; oem: string; error: string },
  ])[] = [
    [
      'names asset path and user’s exception behind Dagster’s wrapper',
      step('audi__2024__prices'),
      { message: fallback('audi/2024/prices', 'ValueError'), oem: 'audi', error: 'ValueError: bad price' },
    ],
    ...['DagsterExecutionLoadInputError', 'DagsterExecutionHandleOutputError', 'RetryRequestedFromPolicy'].map(
      (wrapper) =>
        [
          `looks behind ${wrapper}`,
          step('audi__prices', wrapped(wrapper)),
          { message: fallback('audi/prices', 'ValueError'), oem: 'audi', error: 'ValueError: bad price' },
        ] as const,
    ),
    [
      'looks behind a wrapper in a wrapper',
      step('audi__prices', wrapped('RetryRequestedFromPolicy', wrapped('DagsterExecutionStepExecutionError'))),
      { message: fallback('audi/prices', 'ValueError'), oem: 'audi', error: 'ValueError: bad price' },
    ],
    [
      'takes the first cause only: what the user’s exception was raised from stays behind',
      step(
        'audi__prices',
        wrapped('DagsterExecutionStepExecutionError', dagsterError('KeyError', "KeyError: 'x'\n", valueError)),
      ),
      { message: fallback('audi/prices', 'KeyError'), oem: 'audi', error: "KeyError: 'x'" },
    ],
    ...[
      'Failure',
      'SystemExit',
      'ChildProcessCrashException',
      'DagsterTypeCheckDidNotPass',
      'DagsterStepOutputNotFoundError',
      'DagsterAssetCheckFailedError',
    ].map(
      (own) =>
        [
          `takes ${own} itself, cause or not`,
          step('audi__prices', dagsterError(own, `x.${own}: y\n`, valueError)),
          { message: fallback('audi/prices', own), oem: 'audi', error: `x.${own}: y` },
        ] as const,
    ),
    [
      'takes a wrapper itself where it has no cause',
      step(
        'audi__prices',
        dagsterError('DagsterExecutionStepExecutionError', 'DagsterExecutionStepExecutionError: y\n'),
      ),
      {
        message: fallback('audi/prices', 'DagsterExecutionStepExecutionError'),
        oem: 'audi',
        error: 'DagsterExecutionStepExecutionError: y',
      },
    ],
    [
      'resource fails in process: falls back to location and job',
      {
        failureReason: 'RUN_EXCEPTION',
        error: dagsterError(
          'DagsterResourceFunctionError',
          'dagster.DagsterResourceFunctionError: Error executing resource_fn\n',
          valueError,
        ),
      },
      {
        message: fallback('ai_audi/daily', 'DagsterResourceFunctionError'),
        oem: 'audi',
        error: 'dagster.DagsterResourceFunctionError: Error executing resource_fn',
      },
    ],
    [
      'resource fails in a subprocess: the step’s error, not DagsterSubprocessError',
      {
        ...step('audi__prices', dagsterError('DagsterResourceFunctionError', 'DagsterResourceFunctionError: r\n')),
        error: dagsterError('DagsterSubprocessError', 'DagsterSubprocessError: s\n'),
      },
      {
        message: fallback('audi/prices', 'DagsterResourceFunctionError'),
        oem: 'audi',
        error: 'DagsterResourceFunctionError: r',
      },
    ],
    [
      'marked as failed from outside: UnknownError and the event’s message',
      { failureReason: null, message: 'This run has been marked as failed from outside the execution context.' },
      {
        message: fallback('ai_audi/daily', 'UnknownError'),
        oem: 'audi',
        error: 'This run has been marked as failed from outside the execution context.',
      },
    ],
    [
      'a step failure without an error: the run’s own error',
      { step: { key: 'audi__prices', error: null }, error: valueError },
      { message: fallback('audi/prices', 'ValueError'), oem: 'audi', error: 'ValueError: bad price' },
    ],
    [
      'an error without a class is an UnknownError with its own message',
      { error: dagsterError(null, 'something\n\n') },
      { message: fallback('ai_audi/daily', 'UnknownError'), oem: 'audi', error: 'something\n' },
    ],
    [
      'without a code location the oem, from the step’s asset path, stands in',
      { codeLocation: null, ...step('bmw__models_integrity') },
      { message: fallback('bmw/models_integrity', 'ValueError'), oem: 'bmw', error: 'ValueError: bad price' },
    ],
    [
      'without code location and step nothing tells the oem',
      { codeLocation: null, error: valueError },
      { message: fallback('unknown/daily', 'ValueError'), oem: 'unknown', error: 'ValueError: bad price' },
    ],
    [
      'graph, mapped and multi-asset step keys stay readable',
      step('graph.inner[key_1]'),
      { message: fallback('graph.inner[key_1]', 'ValueError'), oem: 'audi', error: 'ValueError: bad price' },
    ],
  ];
  for (const [title, change, { message, oem, error }] of cases) {
    it(title, () => {
      assert.deepEqual(specified(runFailure(change)), {
        level: 'error',
        message,
        tags: { job_name: 'daily', oem },
        extra: { run_id: RUN, job_name: 'daily', error },
      });
    });
  }

  it('carries the partition in tag and extra', () => {
    const { tags, extra } = specified(runFailure({ partition: '2026-05-01' }));
    assert.deepEqual(tags, { job_name: 'daily', oem: 'audi', partition_date: '2026-05-01' });
    assert.deepEqual(extra, {
      run_id: RUN,
      job_name: 'daily',
      error: 'Execution of run for "daily" failed.',
      partition_date: '2026-05-01',
    });
  });
});

describe('renderEvent: around the specification', () => {
  it('has these fields and no other', () => {
    assert.deepEqual(render(runFailure()), {
      event_id: ID,
      timestamp: LOGGED_AT,
      platform: 'python',
      level: 'error',
      message: 'Dagster run failure: ai_audi/daily (UnknownError)',
      sdk: { name: 'firedrill', version: '1.2.3' },
      tags: { job_name: 'daily', oem: 'audi' },
      extra: { run_id: RUN, job_name: 'daily', error: 'Execution of run for "daily" failed.' },
    });
  });

  it('keeps the log’s microseconds', () => {
    assert.match(JSON.stringify(render(runFailure())), /"timestamp":1777617015\.123456,/);
  });

  it('gives a recorded failure the environment that is set', () => {
    const { event } = renderEvent(checkFailure(), ID, { ...settings, environment: 'production' });
    assert.equal(event.environment, 'production');
  });

  it('gives a test failure its own environment, never the one of real failures', () => {
    const test = checkFailure({ origin: { kind: 'test' } });
    assert.equal(renderEvent(test, ID, { ...settings, environment: 'production' }).event.environment, 'firedrill-test');
  });
});

describe('eventIdFor', () => {
  const { id } = checkFailure();

  it('is 32 hex digits and the same every time', () => {
    assert.match(eventIdFor(id, 0), /^[0-9a-f]{32}$/);
    assert.equal(eventIdFor(id, 0), eventIdFor(id, 0));
  });

  it('differs by resend and by failure', () => {
    const ids = [eventIdFor(id, 0), eventIdFor(id, 1), eventIdFor(id, 2), eventIdFor(runFailure().id, 0)];
    assert.equal(new Set(ids).size, ids.length);
  });
});
