import { isList, type JsonObject, type JsonValue } from '../../failure/json.ts';

/**
 * The same value with every lone surrogate, in texts and in keys, replaced by U+FFFD. JSON would write one as an
 * escape such as \ud800, which is no Unicode text: Sentry's parser refuses the whole event for it.
 */
export function wellFormedObject(object: JsonObject): JsonObject {
  // fromEntries defines own properties, so that a metadata entry named `__proto__` stays an entry.
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key.toWellFormed(), wellFormed(value)]));
}

export function wellFormed(value: JsonValue): JsonValue {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(wellFormed);
  return wellFormedObject(value);
}
