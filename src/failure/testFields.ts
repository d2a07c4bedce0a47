import * as v from 'valibot';
import type { CheckSeverity, Failure } from './failure.ts';
import type { JsonValue } from './json.ts';
import { METADATA_TYPES, type MetadataEntry } from './metadata.ts';

/** Tags of a test that differ from the specified ones: another value, a tag more, or null for one left out. */
export type TagChanges = { readonly [name: string]: string | null };

/** What a person may change of a test failure. Message, level and the rest of its event follow from it. */
export interface TestFields {
  /** null for a run failure, which is always an error. */
  readonly severity: CheckSeverity | null;
  readonly partition: string | null;
  /** Empty for a run failure. */
  readonly metadata: readonly MetadataEntry[];
  readonly tags: TagChanges;
}

/** Tags that follow from a failure's own fields: they are changed there. */
export const FOLLOWING_TAGS: readonly string[] = ['severity', 'partition_date'];

const jsonValue: v.GenericSchema<unknown, JsonValue> = v.lazy(() =>
  v.union([v.null(), v.boolean(), v.pipe(v.number(), v.finite()), v.string(), v.array(jsonValue), jsonRecord]),
);
const jsonRecord: v.GenericSchema<unknown, { readonly [key: string]: JsonValue }> = v.record(v.string(), jsonValue);

/** Sentry takes letters, digits, `_`, `.`, `:` and `-`, at most 200 of them (develop.sentry.dev, event payloads, tags). */
const tagName = v.pipe(
  v.string(),
  v.regex(/^[\w.:-]{1,200}$/, 'A tag name has letters, digits and _ . : - only, at most 200.'),
  v.check((name) => !FOLLOWING_TAGS.includes(name), 'The tags severity and partition_date follow from their fields.'),
);

export const metadataSchema: v.GenericSchema<unknown, readonly MetadataEntry[]> = v.array(
  v.object({ name: v.string(), type: v.picklist(METADATA_TYPES), value: jsonValue }),
);
export const tagChangesSchema: v.GenericSchema<unknown, TagChanges> = v.record(tagName, v.nullable(v.string()));

export const testFieldsSchema: v.GenericSchema<unknown, TestFields> = v.object({
  severity: v.nullable(v.picklist(['WARN', 'ERROR'])),
  partition: v.nullable(v.pipe(v.string(), v.minLength(1))),
  metadata: metadataSchema,
  tags: tagChangesSchema,
});

/** What could be changed of a failure, as it stands. */
export const fieldsOf = (failure: Failure): TestFields => ({
  severity: failure.kind === 'check' ? failure.severity : null,
  partition: failure.partition,
  metadata: failure.kind === 'check' ? failure.metadata : [],
  tags: (failure.origin.kind === 'test' && failure.origin.tags) || {},
});

/**
 * A test failure with other fields. It keeps what it had before its first change, so that a change can be told from it.
 * Throws an Error for the user when it is no test: what was recorded stays as it was recorded.
 */
export function withFields(failure: Failure, fields: TestFields): Failure {
  if (failure.origin.kind !== 'test') throw new Error('Only a test failure can be changed.');
  const before = failure.origin.before ?? fieldsOf(failure);
  const changed = { origin: { kind: 'test', tags: fields.tags, before }, partition: fields.partition } as const;
  if (failure.kind === 'run') return { ...failure, ...changed };
  return { ...failure, ...changed, severity: fields.severity ?? failure.severity, metadata: fields.metadata };
}

/** The tags of a test, from the specified ones. */
export function changedTags(tags: Readonly<Record<string, string>>, changes: TagChanges): Record<string, string> {
  const all: [string, string | null][] = Object.entries({ ...tags, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}
