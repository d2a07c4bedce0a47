import * as l10n from '@vscode/l10n';
import { isList, type JsonValue } from '../../failure/json.ts';
import type { MetadataEntry } from '../../failure/metadata.ts';
import { type Cut, count } from './cut.ts';

/** The specification: "up to 50 sample conflicting records". */
export const MAX_RECORDS = 50;

/**
 * A metadata value as it is sent: a list of records is cut to the specified 50. A list of records is a list with an
 * object in it, any list named `records`, and the records of a table. Other lists (`sample_refs`) stay whole.
 */
export function limitRecords(
  entry: MetadataEntry,
  path: string,
): { readonly value: JsonValue; readonly cuts: readonly Cut[] } {
  const { name, type, value } = entry;
  if (isList(value)) {
    const records =
      name === 'records' || value.some((item) => item !== null && typeof item === 'object' && !isList(item));
    return records ? shorten(value, path) : { value, cuts: [] };
  }
  if (type === 'table' && value !== null && typeof value === 'object') {
    const { records } = value;
    if (records !== undefined && isList(records)) {
      const kept = shorten(records, `${path}/records`);
      return { value: { ...value, records: kept.value }, cuts: kept.cuts };
    }
  }
  return { value, cuts: [] };
}

function shorten(
  records: readonly JsonValue[],
  path: string,
): { readonly value: JsonValue; readonly cuts: readonly Cut[] } {
  if (records.length <= MAX_RECORDS) return { value: records, cuts: [] };
  const what = l10n.t('{0} records: the first {1} are sent, as specified.', count(records.length), MAX_RECORDS);
  const cut: Cut = { kind: 'not-sent', path, what, limit: MAX_RECORDS, actual: records.length, unit: 'records' };
  return { value: records.slice(0, MAX_RECORDS), cuts: [cut] };
}
