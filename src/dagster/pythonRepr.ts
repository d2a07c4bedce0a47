/**
 * Python's `repr` of what Dagster stores: its text form for the metadata values that have no plain value of their own
 * (a table schema, column lineage, a job, a Python artifact, code references). The fields stand in the order of
 * Dagster's classes, since the stored JSON has them sorted; missing ones get the default that Dagster would load.
 */
export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return pythonString(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const packed = new Map<string, unknown>(Object.entries(value));
  const className = packed.get('__class__');
  if (typeof className !== 'string') {
    return `{${[...packed].map(([key, item]) => `${pythonString(key)}: ${pythonRepr(item)}`).join(', ')}}`;
  }
  if (className === 'AssetKey') return `AssetKey(${pythonRepr(packed.get('path'))})`;
  const known = CLASSES.get(className);
  return `${known?.name ?? className}(${reprFields(packed, known?.fields)})`;
}

/** A pydantic model's `str`, which has no class name around it. */
export function pydanticText(value: object): string {
  const packed = new Map<string, unknown>(Object.entries(value));
  return reprFields(packed, CLASSES.get(String(packed.get('__class__')))?.fields, ' ');
}

function reprFields(packed: ReadonlyMap<string, unknown>, fields: Fields | undefined, separator = ', '): string {
  const names = fields ? Object.keys(fields) : [...packed.keys()].filter((name) => name !== '__class__');
  return names
    .map((name) => `${name}=${pythonRepr(packed.has(name) ? packed.get(name) : fields?.[name])}`)
    .join(separator);
}

/** Field names in the order of the class, with the default for one that is not stored. */
type Fields = Readonly<Record<string, unknown>>;

/** By stored class name. Source: dagster/_core/definitions/metadata/{metadata_value,table,source_code}.py. */
const CLASSES: ReadonlyMap<string, { readonly name: string; readonly fields: Fields }> = new Map(
  Object.entries({
    PythonArtifactMetadataEntryData: { name: 'PythonArtifactMetadataValue', fields: { module: null, name: null } },
    DagsterJobMetadataValue: {
      name: 'DagsterJobMetadataValue',
      fields: { job_name: null, location_name: null, repository_name: null },
    },
    TableSchema: {
      name: 'TableSchema',
      fields: { columns: [], constraints: { __class__: 'TableConstraints', other: [] } },
    },
    TableConstraints: { name: 'TableConstraints', fields: { other: [] } },
    TableColumn: {
      name: 'TableColumn',
      fields: {
        name: null,
        type: 'string',
        description: null,
        constraints: { __class__: 'TableColumnConstraints' },
        tags: {},
      },
    },
    TableColumnConstraints: { name: 'TableColumnConstraints', fields: { nullable: true, unique: false, other: [] } },
    TableColumnLineage: { name: 'TableColumnLineage', fields: { deps_by_column: {} } },
    TableColumnDep: { name: 'TableColumnDep', fields: { asset_key: null, column_name: null } },
    CodeReferencesMetadataValue: { name: 'CodeReferencesMetadataValue', fields: { code_references: [] } },
    LocalFileCodeReference: {
      name: 'LocalFileCodeReference',
      fields: { file_path: null, line_number: null, label: null },
    },
    UrlCodeReference: { name: 'UrlCodeReference', fields: { url: null, label: null } },
  }),
);

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function pythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Python's str.isprintable: no control, format, surrogate, private or unassigned character, no space but ' '.
  const inside = text.replace(/[\\\p{C}\p{Z}]/gu, (character) => (character === ' ' ? ' ' : escaped(character)));
  return quote + (quote === "'" ? inside.replaceAll("'", "\\'") : inside) + quote;
}

function escaped(character: string): string {
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
