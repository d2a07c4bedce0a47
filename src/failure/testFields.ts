import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { type FailedRun, failedRun, saidOf } from './failedRun.ts';
import type { CheckSeverity, Failure, FailureKind } from './failure.ts';
import { FOLLOWING_TAGS, TAG_NAME } from './followingTags.ts';
import type { JsonValue } from './json.ts';
import { METADATA_TYPES, type MetadataEntry } from './metadata.ts';

/** Tags of a test that differ from the specified ones: another value, a tag more, or null for one left out. */
export type TagChanges = { readonly [name: string]: string | null };

interface CommonFields {
  readonly partition: string | null;
  readonly tags: TagChanges;
}
export interface CheckFields extends CommonFields {
  readonly kind: 'check';
  readonly severity: CheckSeverity;
  readonly metadata: readonly MetadataEntry[];
}
/** A run failure is always an error. */
export interface RunFields extends CommonFields, FailedRun {
  readonly kind: 'run';
}
/** What a person may change of a test failure. Message, level and the rest of its event follow from it. */
export type TestFields = CheckFields | RunFields;

const jsonValue: v.GenericSchema<unknown, JsonValue> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.pipe(v.number(), v.finite()), v.string(), v.array(jsonValue), jsonRecord]),
);
const jsonRecord: v.GenericSchema<unknown, { readonly [key: string]: JsonValue }> = v.record(v.string(), jsonValue);

const tagName = v.pipe(
  v.string(),
  v.regex(TAG_NAME, () => l10n.t('A tag name has letters, digits and _ . : - only, at most 200.')),
);
const tagsWithout = (following: readonly string[]): v.GenericSchema<unknown, TagChanges> =>
  v.record(
    v.pipe(
      tagName,
      v.check(
        (name) => !following.includes(name),
        () => l10n.t('These tags follow from their fields: {0}.', following.join(', ')),
      ),
    ),
    v.nullable(v.string()),
  );

/** Changed tags of a failure of this kind. */
export const tagChanges = (kind: FailureKind): v.GenericSchema<unknown, TagChanges> =>
  tagsWithout(FOLLOWING_TAGS[kind]);
/** The same of whichever kind. */
export const tagChangesSchema: v.GenericSchema<unknown, TagChanges> = tagsWithout([]);

export const metadataSchema: v.GenericSchema<unknown, readonly MetadataEntry[]> = v.array(
  v.object({ name: v.string(), type: v.picklist(METADATA_TYPES), value: jsonValue }),
);
const text = v.pipe(v.string(), v.minLength(1));
/** What a person says of a run failure. */
export const runSchema = { jobName: text, stepKey: v.nullable(text), errorClass: text, errorText: v.string() };

export const testFieldsSchema: v.GenericSchema<unknown, TestFields> = v.variant('kind', [
  v.object({
    kind: v.literal('check'),
    severity: v.picklist(['WARN', 'ERROR']),
    partition: v.nullable(text),
    metadata: metadataSchema,
    tags: tagChanges('check'),
  }),
  v.object({ kind: v.literal('run'), partition: v.nullable(text), ...runSchema, tags: tagChanges('run') }),
]);

/** What could be changed of a failure, as it stands. */
export function fieldsOf(failure: Failure): TestFields {
  const { kind, origin, partition } = failure;
  const common = { partition, tags: (origin.kind === 'test' && origin.tags) || {} };
  return kind === 'check'
    ? { kind, ...common, severity: failure.severity, metadata: failure.metadata }
    : { kind, ...common, ...saidOf(failure) };
}

/**
 * A test failure with other fields. It keeps what it had before its first change, so that a change can be told from it.
 * Throws an Error for the user when it is no test: what was recorded stays as it was recorded.
 */
export function withFields(failure: Failure, fields: TestFields): Failure {
  if (failure.origin.kind !== 'test') throw new Error(l10n.t('Only a test failure can be changed.'));
  const { partition, tags } = fields;
  const before = failure.origin.before ?? fieldsOf(failure);
  const changed = { origin: { kind: 'test', tags, before }, partition } as const;
  if (failure.kind === 'check' && fields.kind === 'check')
    return { ...failure, ...changed, severity: fields.severity, metadata: fields.metadata };
  if (failure.kind === 'run' && fields.kind === 'run') return { ...failure, ...changed, ...failedRun(fields) };
  throw new Error(l10n.t('These are the fields of the other kind of failure.'));
}

/** The tags of a test, from the specified ones. */
export function changedTags(tags: Readonly<Record<string, string>>, changes: TagChanges): Record<string, string> {
  const all: [string, string | null][] = Object.entries({ ...tags, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}
