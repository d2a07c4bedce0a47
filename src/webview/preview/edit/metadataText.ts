import type { JsonValue } from '../../../failure/json.ts';
import { messageOf } from '../../../failure/messageOf.ts';
import type { MetadataEntry, MetadataType } from '../../../failure/metadata.ts';
import { t } from '../../shared/l10n.ts';

export type ReadValue =
  | { readonly outcome: 'ok'; readonly value: JsonValue }
  | { readonly outcome: 'problem'; readonly message: string };

/** Types whose value is written as JSON, whatever it is. */
const JSON_TYPES: ReadonlySet<MetadataType> = new Set(['json', 'table', 'table_schema']);

const ok = (value: JsonValue): ReadValue => ({ outcome: 'ok', value });
const problem = (message: string): ReadValue => ({ outcome: 'problem', message });

/** A metadata value as a person edits it: text as it is, anything else as JSON. */
export const textOfValue = ({ type, value }: Pick<MetadataEntry, 'type' | 'value'>): string => {
  if (JSON_TYPES.has(type) || typeof value !== 'string') return JSON.stringify(value, null, isDeep(value) ? 2 : 0);
  return value;
};

const isDeep = (value: JsonValue): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).some((item) => typeof item === 'object');

const readInt = (text: string): ReadValue => {
  if (!/^[-+]?\d+$/.test(text)) return problem(t('A whole number.'));
  const number = Number(text);
  // As Firedrill sends it: beyond 2^53 the digits as text.
  return ok(Number.isSafeInteger(number) ? number : text.replace(/^\+/, ''));
};

const readFloat = (text: string): ReadValue => {
  if (/^(nan|-?inf)$/i.test(text)) return ok(text.toLowerCase());
  const number = Number(text);
  return text !== '' && Number.isFinite(number) ? ok(number) : problem(t('A number, nan, inf or -inf.'));
};

/** JSON has no infinity, so this is what its `1e999` becomes. */
const isTooLarge = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).some(isTooLarge)
    : typeof value === 'number' && !Number.isFinite(value);

const readJson = (text: string): ReadValue => {
  try {
    const value = JSON.parse(text);
    return isTooLarge(value) ? problem(t('A number in it is too large.')) : ok(value);
  } catch (error) {
    return problem(t('No JSON: {0}', messageOf(error)));
  }
};

/** Reads what a person typed as a value of a metadata type. */
export const valueOfText = (type: MetadataType, text: string): ReadValue => {
  const word = text.trim();
  switch (type) {
    case 'int':
      return readInt(word);
    case 'float':
    case 'timestamp':
      return readFloat(word);
    case 'bool':
      return word === 'true' || word === 'false' ? ok(word === 'true') : problem(t('true or false.'));
    case 'null':
      return ok(null);
    case 'json':
    case 'table':
    case 'table_schema':
      return readJson(text);
    default:
      return ok(text);
  }
};
