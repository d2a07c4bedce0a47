import type { JsonValue } from '../failure/json.ts';
import type { MetadataEntry, MetadataType } from '../failure/metadata.ts';
import { pydanticText, pythonRepr } from './pythonRepr.ts';

/**
 * One stored metadata value as it will be sent. What Dagster's Python calls `value` of each class, by stored class:
 *
 * | stored class | type | value |
 * |---|---|---|
 * | IntMetadataEntryData, FloatMetadataEntryData | int, float | the number; an int beyond 2^53 as digits, `nan`, `inf`, `-inf` |
 * | BoolMetadataEntryData, NullMetadataEntryData | bool, null | itself |
 * | TimestampMetadataValue | timestamp | seconds since 1970, a number |
 * | TextMetadataEntryData, MarkdownMetadataEntryData, UrlMetadataEntryData | text, md, url | the text; none is '' |
 * | PathMetadataEntryData, NotebookMetadataEntryData | path, notebook | the path |
 * | DagsterPipelineRunMetadataEntryData | run | the run id |
 * | DagsterAssetMetadataEntryData | asset | `AssetKey.to_user_string()`: the parts joined by a slash |
 * | JsonMetadataEntryData | json | the data as it is |
 * | TableMetadataEntryData | table | `{schema, records}`, fields in Dagster's order |
 * | TableSchemaMetadataEntryData | table_schema | `str(schema)`: `TableSchema(columns=[TableColumn(name='vin', …` |
 * | TableColumnLineageMetadataValue | table_column_lineage | `str(lineage)`: `TableColumnLineage(deps_by_column={…` |
 * | PythonArtifactMetadataEntryData | python_artifact | `PythonArtifactMetadataValue(module='m', name='n')` |
 * | DagsterJobMetadataValue | job | `DagsterJobMetadataValue(job_name='j', location_name='l', repository_name=None)` |
 * | CodeReferencesMetadataValue | code_references | `code_references=[LocalFileCodeReference(file_path='a.py', …` |
 * | PoolMetadataValue, ObjectMetadataValue, CodeLocationReconstructionMetadataValue | other | pool, class name, data |
 * | a class of a Dagster to come | other | its repr, so that one new value does not hide a failure |
 *
 * A value that is an object is thus sent as Python's `str` of it, which is what a Python sensor sends that forwards
 * `{k: v.value}`; only asset keys take their user string.
 * A value that is not packed in a class (never written by Dagster itself) stays JSON.
 */
export function metadataEntry(name: string, packed: unknown): MetadataEntry {
  if (!isObject(packed) || typeof packed.__class__ !== 'string') {
    return { name, type: 'json', value: json(packed) };
  }
  const read = READERS.get(packed.__class__);
  if (!read) return { name, type: 'other', value: pythonRepr(packed) };
  return { name, type: read.type, value: read.value(packed) };
}

type Packed = Readonly<Record<string, unknown>>;

interface Reader {
  readonly type: MetadataType;
  readonly value: (packed: Packed) => JsonValue;
}

const field =
  (name: string) =>
  (packed: Packed): JsonValue =>
    json(packed[name]);
const text =
  (name: string) =>
  (packed: Packed): string =>
    typeof packed[name] === 'string' ? packed[name] : packed[name] == null ? '' : pythonRepr(packed[name]);

const READERS: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    IntMetadataEntryData: { type: 'int', value: field('value') },
    FloatMetadataEntryData: { type: 'float', value: field('value') },
    BoolMetadataEntryData: { type: 'bool', value: field('value') },
    NullMetadataEntryData: { type: 'null', value: () => null },
    TimestampMetadataValue: { type: 'timestamp', value: field('value') },
    TextMetadataEntryData: { type: 'text', value: text('text') },
    MarkdownMetadataEntryData: { type: 'md', value: text('md_str') },
    UrlMetadataEntryData: { type: 'url', value: text('url') },
    PathMetadataEntryData: { type: 'path', value: text('path') },
    NotebookMetadataEntryData: { type: 'notebook', value: text('path') },
    DagsterPipelineRunMetadataEntryData: { type: 'run', value: text('run_id') },
    DagsterAssetMetadataEntryData: { type: 'asset', value: (packed) => assetText(packed.asset_key) },
    JsonMetadataEntryData: { type: 'json', value: field('data') },
    TableMetadataEntryData: { type: 'table', value: table },
    TableSchemaMetadataEntryData: { type: 'table_schema', value: (packed) => pythonRepr(packed.schema) },
    TableColumnLineageMetadataValue: {
      type: 'table_column_lineage',
      value: (packed) => pythonRepr(packed.column_lineage),
    },
    PythonArtifactMetadataEntryData: { type: 'python_artifact', value: pythonRepr },
    DagsterJobMetadataValue: { type: 'job', value: pythonRepr },
    CodeReferencesMetadataValue: { type: 'code_references', value: pydanticText },
    PoolMetadataValue: { type: 'other', value: text('pool') },
    ObjectMetadataValue: { type: 'other', value: (packed) => text('inst')(packed) || text('class_name')(packed) },
    CodeLocationReconstructionMetadataValue: { type: 'other', value: text('data') },
  }),
);

function assetText(key: unknown): string {
  const path = isObject(key) ? key.path : undefined;
  const whole = Array.isArray(path) && path.every((part) => typeof part === 'string');
  return whole ? path.join('/') : pythonRepr(key);
}

function table(packed: Packed): JsonValue {
  const records = Array.isArray(packed.records) ? packed.records : [];
  return {
    schema: json(tableSchema(packed.schema)),
    records: records.map((record: unknown) => json(isObject(record) && isObject(record.data) ? record.data : record)),
  };
}

function tableSchema(packed: unknown): unknown {
  if (!isObject(packed)) return packed;
  const columns = Array.isArray(packed.columns) ? packed.columns : [];
  return {
    columns: columns.map((column: unknown) => {
      if (!isObject(column)) return column;
      const constraints = isObject(column.constraints) ? column.constraints : {};
      return {
        name: column.name,
        type: column.type ?? 'string',
        description: column.description ?? null,
        constraints: {
          nullable: constraints.nullable ?? true,
          unique: constraints.unique ?? false,
          other: constraints.other ?? [],
        },
        tags: column.tags ?? {},
      };
    }),
    constraints: { other: (isObject(packed.constraints) ? packed.constraints.other : null) ?? [] },
  };
}

const isObject = (value: unknown): value is Packed =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** It comes out of JSON.parse, so it is JSON already; walking 6 MB again would only cost time. */
const json = (value: unknown): JsonValue => (value === undefined ? null : (value as JsonValue));
