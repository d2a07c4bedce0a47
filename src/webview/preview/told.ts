import type { JsonValue } from '../../failure/json.ts';
import { t } from '../shared/l10n.ts';
import { readPython } from './pythonText.ts';
import { isObject, type RecordRow } from './records.ts';

/** One part of a metadata value that is sent as Dagster's text form: what it is, and what is said of it. */
export interface ToldPart {
  readonly name: string;
  readonly note: string;
}

/** Such a value as what it is; null where its text cannot be read, and for any other value. */
export const toldOf = (type: string, value: JsonValue): readonly ToldPart[] | null => {
  const read = typeof value === 'string' ? READERS[type] : undefined;
  if (read === undefined || typeof value !== 'string') return null;
  const parsed = readPython(value);
  const parts = isObject(parsed) ? read(parsed) : [];
  return parts.length === 0 ? null : parts;
};

const READERS: Readonly<Record<string, (value: RecordRow) => readonly ToldPart[]>> = {
  table_schema: ({ columns }) =>
    objectsOf(columns).flatMap(({ name, type, description, constraints }) =>
      part(name, type, description, ...constraintWords(constraints)),
    ),
  table_column_lineage: ({ deps_by_column: columns }) =>
    Object.entries(isObject(columns) ? columns : {}).flatMap(([name, sources]) =>
      part(
        name,
        t(
          'from {0}',
          objectsOf(sources)
            .map(({ asset_key: key, column_name: column }) => `${keyText(key)}.${textOf(column)}`)
            .join(', '),
        ),
      ),
    ),
  job: ({ job_name: name, location_name: location, repository_name: repository }) =>
    part(
      name,
      typeof location === 'string' ? t('in {0}', location) : null,
      repository === '__repository__' ? null : repository,
    ),
  python_artifact: ({ module, name }) => part(`${textOf(module)}.${textOf(name)}`),
  code_references: ({ code_references: references }) =>
    objectsOf(references).flatMap(({ file_path: file, line_number: line, url, label }) =>
      part(typeof file !== 'string' ? url : typeof line === 'number' ? `${file}:${line}` : file, label),
    ),
};

const objectsOf = (value: JsonValue | undefined): readonly RecordRow[] =>
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
const constraintWords = (constraints: JsonValue | undefined): readonly JsonValue[] => {
  if (!isObject(constraints)) return [];
  const { nullable, unique, other } = constraints;
  return [
    ...(nullable === false ? [t('not null')] : []),
    ...(unique === true ? [t('unique')] : []),
    ...(Array.isArray(other) ? other : []),
  ];
};
