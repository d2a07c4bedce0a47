import type { JsonValue } from './json.ts';

/** Dagster's metadata types by their own names; `other` is one that Firedrill does not know. */
export const METADATA_TYPES = [
  'int',
  'float',
  'text',
  'md',
  'json',
  'table',
  'table_schema',
  'table_column_lineage',
  'url',
  'path',
  'notebook',
  'python_artifact',
  'code_references',
  'asset',
  'job',
  'run',
  'timestamp',
  'bool',
  'null',
  'other',
] as const;
export type MetadataType = (typeof METADATA_TYPES)[number];

/**
 * One metadata entry of a check evaluation, with its value as it will be sent: numbers as numbers (an int beyond 2^53,
 * nan and inf as strings), json as its value, a table as `{schema, records}`, anything else as Dagster's own text form.
 * Lists of records are whole here; cutting them to the specified 50 is rendering's work.
 */
export interface MetadataEntry {
  readonly name: string;
  readonly type: MetadataType;
  readonly value: JsonValue;
}
