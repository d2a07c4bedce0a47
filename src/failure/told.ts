import { isObject, type JsonObject, type JsonValue } from './json.ts';
import type { MetadataEntry } from './metadata.ts';
import { readPython } from './pythonText.ts';

/** One part of a metadata value that is sent as Dagster's text form: what it is, and what is said of it. */
export interface ToldPart {
  readonly name: string;
  readonly note: string;
}

/** Who puts the words into the user's language: preview and tooltip have one each. */
interface Words {
  t(message: string, ...args: string[]): string;
}

/**
 * A metadata value that is sent as Dagster's text form as what it is; null where its text cannot be read, and for any
 * other value.
 * @param type Dagster's, see {@link MetadataEntry}, or JSON's.
 */
export const toldOf = (type: string, value: JsonValue, l10n: Words): readonly ToldPart[] | null => {
  const read = typeof value === 'string' ? READERS[type] : undefined;
  if (read === undefined || typeof value !== 'string') return null;
  const parsed = readPython(value);
  const parts = isObject(parsed) ? read(parsed, l10n) : [];
  return parts.length === 0 ? null : parts;
};

const READERS: Readonly<Record<string, (value: JsonObject, l10n: Words) => readonly ToldPart[]>> = {
  table_schema: ({ columns }, l10n) =>
    objectsOf(columns).flatMap(({ name, type, description, constraints }) =>
      part(name, type, description, ...constraintWords(constraints, l10n)),
    ),
  table_column_lineage: ({ deps_by_column: columns }, l10n) =>
    Object.entries(isObject(columns) ? columns : {}).flatMap(([name, sources]) =>
      part(
        name,
        l10n.t(
          'from {0}',
          objectsOf(sources)
            .map(({ asset_key: key, column_name: column }) => `${keyText(key)}.${textOf(column)}`)
            .join(', '),
        ),
      ),
    ),
  job: ({ job_name: name, location_name: location, repository_name: repository }, l10n) =>
    part(
      name,
      typeof location === 'string' ? l10n.t('in {0}', location) : null,
      repository === '__repository__' ? null : repository,
    ),
  python_artifact: ({ module, name }) => part(`${textOf(module)}.${textOf(name)}`),
  code_references: ({ code_references: references }) =>
    objectsOf(references).flatMap(({ file_path: file, line_number: line, url, label }) =>
      part(typeof file !== 'string' ? url : typeof line === 'number' ? `${file}:${line}` : file, label),
    ),
};

const objectsOf = (value: JsonValue | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

const textOf = (value: JsonValue | undefined): string => (typeof value === 'string' ? value : '');

const keyText = (key: JsonValue | undefined): string => (Array.isArray(key) ? key.map(textOf).join('/') : textOf(key));

const part = (name: JsonValue | undefined, ...notes: readonly (JsonValue | undefined)[]): readonly ToldPart[] =>
  typeof name === 'string'
    ? [
        {
          name,
          note: notes
            .map(textOf)
            .filter((note) => note !== '')
            .join(', '),
        },
      ]
    : [];

/** What a column's constraints say beyond the usual. */
const constraintWords = (constraints: JsonValue | undefined, l10n: Words): readonly JsonValue[] => {
  if (!isObject(constraints)) return [];
  const { nullable, unique, other } = constraints;
  return [
    ...(nullable === false ? [l10n.t('not null')] : []),
    ...(unique === true ? [l10n.t('unique')] : []),
    ...(Array.isArray(other) ? other : []),
  ];
};
