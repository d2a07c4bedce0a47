import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { CheckSeverity, DagsterError } from '../failure/failure.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { MetadataEntry } from '../failure/metadata.ts';
import { limitDepth } from './depth.ts';
import { metadataEntry } from './metadataValue.ts';
import { parsePythonJson } from './pythonJson.ts';

/** An ASSET_CHECK_EVALUATION as stored. */
export interface StoredEvaluation {
  /** '' for an evaluation that was reported without a run. */
  readonly runId: string;
  /** Seconds since 1970, the float that Dagster recorded. */
  readonly timestamp: number;
  readonly assetKey: readonly string[];
  readonly checkName: string;
  readonly passed: boolean;
  readonly severity: CheckSeverity;
  readonly description: string | null;
  readonly blocking: boolean;
  /** Set only for partitioned checks, by Dagster 1.12 and later. */
  readonly partition: string | null;
  /** Decoded when called: passed evaluations never need it. Sorted by name, as stored. */
  metadata(): readonly MetadataEntry[];
}

/** A PIPELINE_FAILURE as stored. */
export interface StoredRunFailure {
  readonly runId: string;
  readonly timestamp: number;
  readonly jobName: string | null;
  readonly message: string;
  /** Dagster's RunFailureReason by name; null where none is stored. */
  readonly failureReason: string | null;
  readonly error: DagsterError | null;
  /** `first_step_failure_event`; null unless the executor itself saw a step fail. */
  readonly firstStep: StepFailure | null;
}

export interface StepFailure {
  readonly key: string;
  readonly error: DagsterError | null;
}

/**
 * Why a stored event cannot be decoded, in words that name what: broken JSON, an unknown class, a field of a wrong
 * shape. The row is skipped and told; the log goes on.
 */
export class SerdesError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SerdesError';
  }
}

/** Dagster still loads rows whose EventLogEntry has one of its older names. */
const ENTRY_CLASSES = ['EventLogEntry', 'EventRecord', 'DagsterEventRecord', 'LogMessageRecord'];

/** A field that may be absent or null. */
export const nullish = <const S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema), null);
const TextOrNull = nullish(v.string());
const Unknown = v.unknown();

const Entry = v.object({
  __class__: v.picklist(ENTRY_CLASSES),
  run_id: v.string(),
  timestamp: v.pipe(v.number(), v.finite()),
  user_message: TextOrNull,
  pipeline_name: TextOrNull,
  dagster_event: v.object({
    __class__: v.literal('DagsterEvent'),
    event_type_value: v.string(),
    pipeline_name: TextOrNull,
    step_key: TextOrNull,
    message: TextOrNull,
    event_specific_data: nullish(Unknown),
  }),
});

const Evaluation = v.object({
  __class__: v.literal('AssetCheckEvaluation'),
  asset_key: v.object({ __class__: v.literal('AssetKey'), path: v.array(v.string()) }),
  check_name: v.string(),
  success: v.boolean(),
  severity: v.optional(v.object({ __enum__: v.picklist(['AssetCheckSeverity.WARN', 'AssetCheckSeverity.ERROR']) }), {
    __enum__: 'AssetCheckSeverity.ERROR',
  }),
  description: TextOrNull,
  blocking: nullish(v.boolean()),
  partition: TextOrNull,
  // Not v.record: it drops entries named like `constructor`.
  metadata: nullish(v.custom<object>((value) => typeof value === 'object' && !Array.isArray(value))),
});

const ErrorInfo = v.object({
  __class__: v.literal('SerializableErrorInfo'),
  message: v.string(),
  cls_name: TextOrNull,
  stack: v.optional(v.array(v.string()), []),
  cause: nullish(Unknown),
});

const StepEvent = v.object({
  __class__: v.literal('DagsterEvent'),
  step_key: v.string(),
  event_specific_data: nullish(v.object({ error: nullish(Unknown) })),
});

const RunFailureData = v.object({
  __class__: v.picklist(['PipelineFailureData', 'JobFailureData']),
  error: nullish(Unknown),
  failure_reason: nullish(v.object({ __enum__: v.string() })),
  first_step_failure_event: nullish(Unknown),
});

/** Decodes the stored JSON of an ASSET_CHECK_EVALUATION. @throws SerdesError */
export function decodeEvaluation(text: string): StoredEvaluation {
  const entry = decodeEntry(text, 'ASSET_CHECK_EVALUATION');
  const data = decode(Evaluation, entry.dagster_event.event_specific_data, 'AssetCheckEvaluation');
  return {
    runId: entry.run_id,
    timestamp: entry.timestamp,
    assetKey: data.asset_key.path,
    checkName: data.check_name,
    passed: data.success,
    severity: data.severity.__enum__ === 'AssetCheckSeverity.WARN' ? 'WARN' : 'ERROR',
    description: data.description,
    blocking: data.blocking ?? false,
    partition: data.partition,
    metadata: () => Object.entries(data.metadata ?? {}).map(([name, value]) => metadataEntry(name, limitDepth(value))),
  };
}

/** Decodes the stored JSON of a PIPELINE_FAILURE. @throws SerdesError */
export function decodeRunFailure(text: string): StoredRunFailure {
  const entry = decodeEntry(text, 'PIPELINE_FAILURE');
  const event = entry.dagster_event;
  // A run that was marked as failed from outside has no data at all.
  const data =
    event.event_specific_data === null
      ? null
      : decode(RunFailureData, event.event_specific_data, 'PipelineFailureData');
  return {
    runId: entry.run_id,
    timestamp: entry.timestamp,
    jobName: event.pipeline_name ?? entry.pipeline_name,
    message: event.message ?? entry.user_message ?? '',
    failureReason: data?.failure_reason?.__enum__.replace(/^RunFailureReason\./, '') ?? null,
    error: data ? errorInfo(data.error) : null,
    firstStep: data && data.first_step_failure_event !== null ? stepFailure(data.first_step_failure_event) : null,
  };
}

/** Decodes the stored JSON of a STEP_FAILURE. @throws SerdesError */
export function decodeStepFailure(text: string): StepFailure {
  return stepFailure(decodeEntry(text, 'STEP_FAILURE').dagster_event);
}

function decodeEntry(text: string, type: string): v.InferOutput<typeof Entry> {
  let json: unknown;
  try {
    json = parsePythonJson(text);
  } catch (error) {
    throw new SerdesError(l10n.t('its JSON is broken ({0})', messageOf(error)));
  }
  const entry = decode(Entry, json, 'EventLogEntry');
  const found = entry.dagster_event.event_type_value;
  if (found !== type) throw new SerdesError(l10n.t('it stands in the log as {0} but is a {1}', type, found));
  return entry;
}

function stepFailure(packed: unknown): StepFailure {
  const event = decode(StepEvent, packed, 'DagsterEvent');
  return { key: event.step_key, error: errorInfo(event.event_specific_data?.error ?? null) };
}

/** A packed `SerializableErrorInfo` with its causes; null for none. @throws SerdesError */
export function errorInfo(packed: unknown): DagsterError | null {
  if (packed === null || packed === undefined) return null;
  const info = decode(ErrorInfo, packed, 'SerializableErrorInfo');
  return { className: info.cls_name, message: info.message, stack: info.stack, cause: errorInfo(info.cause) };
}

function decode<const S extends v.GenericSchema>(schema: S, packed: unknown, what: string): v.InferOutput<S> {
  const result = v.safeParse(schema, packed, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  if (typeof packed !== 'object' || packed === null || Array.isArray(packed)) {
    const isMissing = packed === null || packed === undefined;
    return fail(isMissing ? l10n.t('its {0} is missing', what) : l10n.t('its {0} is no object', what));
  }
  // The path's last key tells an unknown class from a field of a wrong shape.
  if (path === null || path.endsWith('__class__')) {
    return fail(l10n.t('its {0} is of the unknown class {1}', what, classAt(packed, path)));
  }
  return fail(l10n.t('the field {0} of its {1} is not as expected: {2}', path, what, issue.message));
}

function classAt(packed: unknown, path: string | null): string {
  let at: unknown = packed;
  for (const key of (path ?? '__class__').split('.')) {
    if (typeof at !== 'object' || at === null) return at === null ? 'None' : typeof at;
    at = new Map<string, unknown>(Object.entries(at)).get(key);
  }
  return typeof at === 'string' ? `'${at}'` : 'none';
}

function fail(message: string): never {
  throw new SerdesError(message);
}
