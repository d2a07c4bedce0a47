import type { Shortened } from '../../engine/api.ts';
import { isObject, type JsonObject, type JsonValue, pointer } from '../../failure/json.ts';
import type { MetadataEntry } from '../../failure/metadata.ts';
import { type ToldPart, toldOf } from '../../failure/told.ts';
import { t } from '../shared/l10n.ts';
import { asRecords, type Records } from './records.ts';

/** One value of the event as a row: `type` in Dagster's words. */
export interface EventRow {
  /** JSON pointer into the event. */
  readonly path: string;
  readonly name: string;
  readonly type: string;
  readonly value: JsonValue;
  /** Set for a table small enough to stand in the row. */
  readonly records: Records | null;
  /** Set for what is sent as Dagster's text form and can be read. */
  readonly told: readonly ToldPart[] | null;
}

/** A value too large for a row. `sent` counts the rows or characters that are in the event. */
export type EventSection =
  | {
      readonly kind: 'records';
      readonly path: string;
      readonly name: string;
      readonly type: string;
      readonly value: JsonValue;
      readonly records: Records;
      /** JSON pointer to the rows. */
      readonly rowsPath: string;
      readonly sent: number;
    }
  | { readonly kind: 'text'; readonly path: string; readonly name: string; readonly text: string };

/** The event as people read it. Rows and sections keep the event's order. */
export interface EventView {
  readonly tags: readonly (readonly [name: string, value: string])[];
  readonly extra: readonly EventRow[];
  readonly metadata: readonly EventRow[];
  /** Metadata entries that are too large for a row and stand among the sections. */
  readonly metadataBelow: number;
  /** Metadata types are Dagster's own; else they are JSON's. */
  readonly recorded: boolean;
  /** What else is in the event, of a sender that says more than Firedrill does. */
  readonly other: readonly EventRow[];
  readonly sections: readonly EventSection[];
  /** What is shown only in part, by the value that stands in a row or section. */
  readonly shortened: ReadonlyMap<string, Shortened>;
}

const LONG_TEXT_LINES = 10;
const LONG_TEXT_LENGTH = 2000;

/** A text that gets a scroller of its own. */
export const isLongText = (text: string): boolean =>
  text.length > LONG_TEXT_LENGTH || text.split('\n').length > LONG_TEXT_LINES;

const fitsInRow = (records: Records): boolean => records.rows.length <= 5 && records.columns.length <= 4;

const EXTRA_TYPES: Readonly<Record<string, string>> = { run_id: 'run' };

const jsonType = (value: JsonValue): string => {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'text';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'boolean':
      return 'bool';
    case 'object':
      return 'json';
  }
};

const typedAsJson = (values: JsonObject): readonly { name: string; type: string; value: JsonValue }[] =>
  Object.entries(values).map(([name, value]) => ({ name, type: jsonType(value), value }));

/** How many rows of a list or table the event has. */
const sentRows = (value: JsonValue | undefined): number => {
  if (Array.isArray(value)) return value.length;
  const records = isObject(value) ? value.records : undefined;
  return Array.isArray(records) ? records.length : 0;
};

const row = (path: string, name: string, type: string, value: JsonValue, records: Records | null): EventRow => ({
  path,
  name,
  type,
  value,
  records,
  told: toldOf(type, value, { t }),
});

/** Puts a value among the rows or, when it is large, among the sections. */
const place = (
  entry: MetadataEntry | { readonly name: string; readonly type: string; readonly value: JsonValue },
  path: string,
  title: string,
  sent: JsonValue | undefined,
  rows: EventRow[],
  sections: EventSection[],
): void => {
  const { name, type, value } = entry;
  const whole = row(path, name, type, value, null);
  const records = type === 'json' || type === 'table' ? asRecords(value) : null;
  if (records !== null && !(type === 'table' && fitsInRow(records) && sentRows(sent) === records.rows.length)) {
    const rowsPath = isObject(value) ? pointer(path, 'records') : path;
    sections.push({ kind: 'records', path, name: title, type, value, records, rowsPath, sent: sentRows(sent) });
  } else if (typeof value === 'string' && whole.told === null && isLongText(value)) {
    sections.push({ kind: 'text', path, name: title, text: value });
  } else {
    rows.push({ ...whole, records });
  }
};

/** The row or section that a value belongs to: `/extra/metadata/rows` of `/extra/metadata/rows/records/3`. */
export const placeOf = (path: string): string => {
  const steps = path.split('/');
  return steps.slice(0, steps[1] === 'extra' && steps[2] === 'metadata' ? 4 : 3).join('/');
};

/** Fields that stand in the headline or are told above (what the sender cut), or that Firedrill's own events have and nobody looks for. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['event_id', 'timestamp', 'platform', 'level', 'message', 'environment', 'sdk', 'tags', 'extra', '_meta'],
]);

/**
 * Reads an event. Check metadata is shown as the failure has it, whole and with Dagster's types, and compared with what
 * the event carries; `recorded` null: there is no failure to look at, only the event.
 */
export const eventView = (
  event: JsonObject,
  recorded: readonly MetadataEntry[] | null,
  shortened: readonly Shortened[],
): EventView => {
  const tags = isObject(event.tags) ? Object.entries(event.tags) : [];
  const extra: EventRow[] = [];
  const metadata: EventRow[] = [];
  const sections: EventSection[] = [];
  const fields = isObject(event.extra) ? event.extra : {};
  for (const [name, value] of Object.entries(fields)) {
    const path = pointer('/extra', name);
    if (name === 'metadata' && isObject(value)) {
      for (const entry of recorded ?? typedAsJson(value)) {
        place(entry, pointer(path, entry.name), `metadata.${entry.name}`, value[entry.name], metadata, sections);
      }
    } else if (name === 'error' && typeof value === 'string' && value.includes('\n')) {
      sections.push({ kind: 'text', path, name, text: value });
    } else {
      place({ name, type: EXTRA_TYPES[name] ?? jsonType(value), value }, path, name, value, extra, sections);
    }
  }
  const other = Object.entries(event)
    .filter(([name]) => !PLAIN.has(name))
    .map(([name, value]) => row(pointer('', name), name, jsonType(value), value, null));
  return {
    tags: tags.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const),
    extra,
    metadata,
    metadataBelow: sections.filter(({ path }) => path.startsWith('/extra/metadata/')).length,
    recorded: recorded !== null,
    other,
    sections,
    shortened: new Map(shortened.map((each) => [placeOf(each.path), each])),
  };
};
