import { gzipSync } from 'node:zlib';
import { specifiedTags } from '../../../src/channels/sentry/event.ts';
import { renderAlert } from '../../../src/channels/sentry/render.ts';
import { DEFAULT_TEST_ENVIRONMENT } from '../../../src/channels/sentry/settings.ts';
import { metadataEntry } from '../../../src/dagster/metadataValue.ts';
import { type Delivery, type DeliveryState, deliveryId } from '../../../src/delivery/delivery.ts';
import type { FailureRow, Preview, SentryTarget } from '../../../src/engine/api.ts';
import { unsentOf } from '../../../src/engine/unsent.ts';
import type { CheckFailure, Failure, RunFailure } from '../../../src/failure/failure.ts';
import { dsnFingerprint, eventId, failureId, runId, storageId } from '../../../src/failure/ids.ts';
import type { MetadataEntry } from '../../../src/failure/metadata.ts';
import { testRunFailure } from '../../../src/failure/testFailure.ts';
import { fieldsOf, withFields } from '../../../src/failure/testFields.ts';

/** When the samples happen: a winter evening, so that times of day do not depend on when the tests run. */
export const NOW = Date.parse('2026-11-20T18:14:22Z');

const base = {
  timestamp: Date.parse('2026-11-20T18:11:48.134Z') / 1000,
  codeLocation: 'ai_audi',
  partition: '2026-05-01',
  origin: { kind: 'recorded', storageId: storageId(350) },
} as const;

export const records = Array.from({ length: 64 }, (_, index) => ({
  model: `A${index}`,
  price_a: 1000 + index,
  price_b: 1000.5 + index,
  src: { a: { b: { c: 'deep' } } },
  tags: Array.from({ length: 20 }, (_, tag) => tag),
}));

export const checkFailure = (metadata: readonly MetadataEntry[], over: Partial<CheckFailure> = {}): CheckFailure => ({
  ...base,
  kind: 'check',
  id: failureId('check-1'),
  assetKey: ['audi', '2024', 'prices'],
  checkName: 'discrepancies',
  severity: 'WARN',
  runId: runId('9e94b908-5cb0-46e2-9e84-a50914e90fc0'),
  description: null,
  blocking: false,
  metadata,
  ...over,
});

/** 64 records, of which 50 are sent. */
export const discrepancies = checkFailure([
  { name: 'count', type: 'int', value: 64 },
  { name: 'records', type: 'json', value: records },
]);

/** 10,000 rows of a table. */
export const many = checkFailure([
  {
    name: 'sample',
    type: 'table',
    value: {
      schema: {
        columns: [
          { name: 'vin', type: 'string', description: 'vehicle' },
          { name: 'model', type: 'string' },
          { name: 'price', type: 'float' },
          { name: 'source', type: 'string' },
        ],
      },
      records: Array.from({ length: 10_000 }, (_, index) => ({
        vin: `WAUZZZ8K9BA0${String(10_001 + index)}`,
        model: `A${index + 1}`,
        price: 1000 + index * 7.25,
        source: 'oem_feed',
      })),
    },
  },
]);

/** One entry of each metadata type. */
export const everyType = checkFailure(
  [
    { name: 'int', type: 'int', value: 7 },
    { name: 'big_int', type: 'int', value: '1152921504606846977' },
    { name: 'float', type: 'float', value: 1.5 },
    { name: 'inf', type: 'float', value: 'inf' },
    { name: 'nan', type: 'float', value: 'nan' },
    { name: 'bool_t', type: 'bool', value: true },
    { name: 'null', type: 'null', value: null },
    { name: 'text', type: 'text', value: 'hello' },
    { name: 'empty', type: 'text', value: '' },
    { name: 'md', type: 'md', value: '# title\n* x' },
    {
      name: 'json_obj',
      type: 'json',
      value: { a: { b: { c: { d: { e: 1 } } } }, l: Array.from({ length: 20 }, (_, i) => i) },
    },
    { name: 'refs', type: 'json', value: ['a', 'b'] },
    {
      name: 'table',
      type: 'table',
      value: {
        schema: {
          columns: [
            { name: 'a', type: 'int' },
            { name: 'b', type: 'string', description: 'größe' },
          ],
        },
        records: [
          { a: 1, b: 'x' },
          { a: 2, b: 'ü' },
        ],
      },
    },
    metadataEntry('schema', {
      __class__: 'TableSchemaMetadataEntryData',
      schema: {
        __class__: 'TableSchema',
        columns: [
          {
            __class__: 'TableColumn',
            name: 'vin',
            description: "the vehicle's",
            constraints: { __class__: 'TableColumnConstraints', nullable: false, unique: true, other: ['17 letters'] },
          },
          { __class__: 'TableColumn', name: 'größe', type: 'int', description: null },
        ],
      },
    }),
    metadataEntry('wide_schema', {
      __class__: 'TableSchemaMetadataEntryData',
      schema: {
        __class__: 'TableSchema',
        columns: Array.from({ length: 120 }, (_, index) => ({
          __class__: 'TableColumn',
          name: `column_${index}`,
          type: 'float',
        })),
      },
    }),
    metadataEntry('lineage', {
      __class__: 'TableColumnLineageMetadataValue',
      column_lineage: {
        __class__: 'TableColumnLineage',
        deps_by_column: {
          price: ['price_a', 'price_b'].map((column_name) => ({
            __class__: 'TableColumnDep',
            asset_key: { __class__: 'AssetKey', path: ['audi', 'raw'] },
            column_name,
          })),
        },
      },
    }),
    metadataEntry('artifact', { __class__: 'PythonArtifactMetadataEntryData', module: 'acme.prices', name: 'Model' }),
    metadataEntry('code', {
      __class__: 'CodeReferencesMetadataValue',
      code_references: [
        { __class__: 'LocalFileCodeReference', file_path: '/acme/prices.py', line_number: 12, label: 'def' },
        { __class__: 'UrlCodeReference', url: 'https://example.com/prices.py#L12', label: null },
      ],
    }),
    { name: 'ts', type: 'timestamp', value: 1767225600.123 },
    { name: 'url', type: 'url', value: 'https://example.com/a?b=c&d=é' },
    { name: 'path', type: 'path', value: '/data/x.csv' },
    { name: 'nb', type: 'notebook', value: '/data/n.ipynb' },
    { name: 'asset', type: 'asset', value: 'audi/2024/prices' },
    { name: 'run', type: 'run', value: '00000000-0000-0000-0000-000000000000' },
    metadataEntry('job', {
      __class__: 'DagsterJobMetadataValue',
      job_name: 'nightly',
      location_name: 'ai_bmw',
      repository_name: '__repository__',
    }),
    { name: 'other', type: 'other', value: 'Something(of=another, kind=1)' },
  ],
  { checkName: 'many_keys', assetKey: ['audi', 'zoo'], partition: null },
);

const HOSTILE =
  '<img src=x onerror="window.hacked=true"><script>window.hacked=true</script>$(rm) [x](command:evil) \u202Egnp.exe';

/** Markup and direction marks wherever a pipeline can put text. */
export const hostile = checkFailure(
  [
    { name: HOSTILE, type: 'text', value: HOSTILE },
    { name: 'md', type: 'md', value: `# <b onclick="window.hacked=true">x</b>\n${HOSTILE}` },
    { name: 'url', type: 'url', value: 'javascript:window.hacked=true' },
    { name: 'json', type: 'json', value: { [HOSTILE]: HOSTILE } },
    { name: 'records', type: 'json', value: [{ [HOSTILE]: HOSTILE, '</td>': '"\'>' }] },
    { name: 'long', type: 'text', value: `${HOSTILE}\n`.repeat(30) },
  ],
  { checkName: HOSTILE, assetKey: [HOSTILE], partition: HOSTILE },
);

const errorText = [
  'dagster._core.errors.DagsterSubprocessError: During multiprocess execution errors occurred in child processes:',
  'In process 26893: dagster._core.errors.DagsterImportError: Encountered ImportError: `bmw broken on purpose` while importing module bmw_definitions from file /workspace/projects/ai_bmw/bmw_definitions.py. Local modules were resolved using the working directory `/workspace/projects/ai_bmw`. If another working directory should be used, please explicitly specify the appropriate path using the `-d` or `--working-directory` for CLI based targets or the `working_directory` configuration option for `python_file`-based workspace targets.',
  '',
  'Stack Trace:',
  ...Array.from(
    { length: 20 },
    (_, index) =>
      `  File "/workspace/.venv/lib/python3.11/site-packages/dagster/_core/executor/module_${index}.py", line ${70 + index}, in _execute_command_in_child_process\n    for step_event in command.execute():`,
  ),
].join('\n');

export const runFailure = (error = errorText): RunFailure => ({
  ...base,
  kind: 'run',
  id: failureId('run-1'),
  origin: { kind: 'recorded', storageId: storageId(341) },
  codeLocation: 'ai_bmw',
  partition: null,
  runId: runId('566147dd-1996-44e1-bab4-015ee78e1420'),
  jobName: '__ASSET_JOB',
  failureReason: 'RUN_EXCEPTION',
  step: null,
  error: { className: 'DagsterSubprocessError', message: error, stack: [], cause: null },
  message: 'Execution of run failed.',
  willRetry: true,
  causedByCheck: false,
  assetKey: null,
});

/** An error of the user's code with what caused it, behind Dagster's own. */
export const chained: RunFailure = {
  ...runFailure(''),
  id: failureId('run-2'),
  codeLocation: 'ai_audi',
  failureReason: 'STEP_FAILURE',
  willRetry: false,
  assetKey: ['audi', '2024', 'prices'],
  error: null,
  step: {
    key: 'audi__2024__prices',
    error: {
      className: 'DagsterExecutionStepExecutionError',
      message: 'dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred while executing op:\n',
      stack: [],
      cause: {
        className: 'SourceUnavailable',
        message: 'ai_audi.errors.SourceUnavailable: configurator API is down\n',
        stack: ['  File "/workspace/projects/ai_audi/prices.py", line 31, in prices\n    fetch()\n'],
        cause: {
          className: 'TimeoutError',
          message: 'TimeoutError: no answer of configurator.audi.example in 30 s\n',
          stack: [],
          cause: {
            className: 'OSError',
            message: 'OSError: [Errno 110] Connection timed out\n',
            stack: [],
            cause: null,
          },
        },
      },
    },
  },
};

/** A text that Sentry will cut. */
export const hugeRun = runFailure('x'.repeat(200_000));

export const testFailure = checkFailure([{ name: 'count', type: 'int', value: 3 }], {
  origin: { kind: 'test' },
  runId: null,
  id: failureId('test-1'),
});

/** More than Sentry takes: a tag with a line break, one too long, a message too long, 1.2 MB in all. */
export const overLimits = checkFailure(
  [
    { name: 'dump', type: 'text', value: 'lorem ipsum '.repeat(100_000) },
    { name: 'deep', type: 'json', value: { a: { b: { c: { d: { e: { f: 1 } } } } } } },
  ],
  { checkName: `check_${'x'.repeat(8300)}`, partition: 'first\nsecond' },
);

/** A text and a list too large to be shown whole: the first of them, as the extension hands them over. */
export const partlyShown = (): { readonly failure: CheckFailure; readonly over: Partial<Preview> } => ({
  failure: checkFailure([
    { name: 'dump', type: 'text', value: 'x'.repeat(100_000) },
    { name: 'rows', type: 'json', value: records.slice(0, 20) },
    { name: 'where', type: 'path', value: '/data/'.padEnd(100, 'x') },
  ]),
  over: {
    shortened: [
      { path: '/extra/metadata/dump', shown: 100_000, actual: 150_000, unit: 'characters' },
      { path: '/extra/metadata/rows', shown: 20, actual: 70_000, unit: 'items' },
      { path: '/extra/metadata/where', shown: 100, actual: 500, unit: 'characters' },
    ],
  },
});

/** The same with another severity and other tags, an entry changed, one added, one removed. */
export const editedTest = withFields(
  {
    ...testFailure,
    metadata: [
      { name: 'count', type: 'int', value: 3 },
      { name: 'gone', type: 'text', value: 'x' },
    ],
  },
  {
    kind: 'check',
    severity: 'ERROR',
    partition: '2026-05-01',
    metadata: [
      { name: 'count', type: 'int', value: 12_000 },
      { name: 'sample', type: 'json', value: [{ model: 'A1', price: 1000 }] },
    ],
    tags: { drill: 'night-shift', check_name: null },
  },
);

/** A test run failure, changed into one of another step and error. */
export const editedRun = withFields(
  testRunFailure({
    id: failureId('test-run-1'),
    runId: runId('7c1811ed-e98f-4c9c-a9f9-58c757ff494f'),
    now: base.timestamp * 1000,
    codeLocation: 'ai_audi',
  }),
  {
    kind: 'run',
    partition: '2026-11-20',
    jobName: 'nightly',
    stepKey: 'audi__2024__prices',
    errorClass: 'TimeoutError',
    errorText: 'the feed did not answer\nafter 30 s',
    tags: { drill: 'night-shift' },
  },
);

export const sentry: SentryTarget = {
  kind: 'sentry',
  dsn: dsnFingerprint('f1'),
  host: 'o4507.ingest.us.sentry.io',
  project: '450812',
  source: 'projects/ai_audi/.env',
  approved: true,
  tokenHost: 'sentry.io',
};
export const inbox = { kind: 'inbox', host: '127.0.0.1', port: 8969 } as const;

const SETTINGS = {
  version: '0.1.0',
  oemPattern: /^ai_(.+)$/,
  environment: null,
  testEnvironment: DEFAULT_TEST_ENVIRONMENT,
};

const testOf = (failure: Failure): Preview['test'] => {
  if (failure.origin.kind !== 'test') return null;
  const fields = fieldsOf(failure);
  const specified = specifiedTags(failure, SETTINGS);
  return { editable: true, fields, before: failure.origin.before ?? fields, specifiedTags: specified };
};

const rowOf = (failure: Failure, title: string): FailureRow => ({
  id: failure.id,
  seq: 1,
  kind: failure.kind,
  test: failure.origin.kind === 'test',
  beforeFiredrill: false,
  status: 'pending',
  passedSince: null,
  delivery: null,
  asset: null,
  label: failure.kind === 'check' ? failure.checkName : failure.jobName,
  detail: failure.kind === 'check' ? failure.assetKey.join('/') : (failure.error?.className ?? 'UnknownError'),
  severity: failure.kind === 'check' ? failure.severity : 'ERROR',
  partition: failure.partition,
  codeLocation: failure.codeLocation,
  oem: 'audi',
  runId: failure.runId,
  storageId: failure.origin.kind === 'recorded' ? failure.origin.storageId : null,
  timestamp: failure.timestamp,
  willRetry: failure.kind === 'run' && failure.willRetry,
  sameCauseAs: null,
  title,
});

const envelopeOf = (body: Uint8Array): Preview['request']['envelope'] => {
  const [header = '', item = '', event = ''] = new TextDecoder().decode(body).split('\n');
  const bytes = (text: string): number => Buffer.byteLength(text);
  return [
    { kind: 'header', type: null, text: header, bytes: bytes(header) },
    { kind: 'item header', type: null, text: item, bytes: bytes(item) },
    { kind: 'payload', type: 'event', text: event, bytes: bytes(event) },
  ];
};

/** The preview of a failure, rendered by the product's own code. */
export const previewOf = (failure: Failure, over: Partial<Preview> = {}): Preview => {
  const target = over.target ?? sentry;
  const url =
    target.kind === 'sentry'
      ? `https://${target.host}/api/${target.project}/envelope/`
      : `http://${target.host}:${target.port}/api/1/envelope/`;
  const alert = renderAlert({
    failure,
    target: { url },
    settings: SETTINGS,
    resend: 0,
    now: NOW,
  });
  return {
    failure,
    row: rowOf(failure, alert.title),
    event: alert.event,
    target,
    targetNote: null,
    request: {
      method: 'POST',
      url,
      headers: [
        ...alert.request.headers,
        ['x-sentry-auth', 'Sentry sentry_version=7, sentry_client=firedrill/0.1.0, sentry_key=••••••••'],
      ],
      envelope: envelopeOf(alert.request.body),
      bytes: alert.request.body.length,
      gzipBytes: gzipSync(alert.request.body).length,
      sha256: alert.sha256,
    },
    shortened: [],
    unsent: unsentOf(failure),
    measures: alert.measures,
    cuts: alert.cuts,
    grouping: { ...alert.grouping, otherPending: 3 },
    deliveries: [],
    canOpenRun: true,
    webserver: true,
    test: testOf(failure),
    ...over,
  };
};

export const delivery = (state: DeliveryState, over: Partial<Delivery> = {}): Delivery => ({
  id: deliveryId(7),
  failureId: failureId('check-1'),
  failureKind: 'check',
  severity: 'WARN',
  title: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
  partition: null,
  eventId: eventId('04ca1f238da2b000d80c04cb081079c4'),
  target: { kind: 'sentry', dsn: sentry.dsn, host: sentry.host, project: sentry.project },
  sentBy: 'hand',
  queuedAt: NOW - 60_000,
  tries: 1,
  state,
  sha256: '0'.repeat(64),
  ...over,
});

/** A failure that was dismissed. */
export const dismissedMessage = {
  type: 'preview',
  preview: (() => {
    const preview = previewOf(chained);
    return { ...preview, row: { ...preview.row, status: 'dismissed' } } satisfies Preview;
  })(),
  failingLine: null,
  subject: { kind: 'failure', id: chained.id, target: 'default' },
} as const;

/** What is special about a failure, in its headline. */
export const markedMessage = {
  type: 'preview',
  preview: (() => {
    const preview = previewOf({ ...runFailure(), causedByCheck: true });
    return { ...preview, row: { ...preview.row, beforeFiredrill: true } };
  })(),
  failingLine: null,
  subject: { kind: 'failure', id: failureId('run-1'), target: 'default' },
} as const;

/** A test failure that was sent: it stays as it was. */
export const sentTestMessage = (sent: Delivery) => {
  const preview = previewOf(testFailure, { deliveries: [sent], target: inbox, canOpenRun: false });
  return {
    type: 'preview',
    preview: { ...preview, test: preview.test && { ...preview.test, editable: false } },
    failingLine: null,
    subject: { kind: 'failure', id: testFailure.id, target: 'default' },
  } as const;
};
