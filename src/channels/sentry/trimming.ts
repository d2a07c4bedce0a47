import * as l10n from '@vscode/l10n';
import { isList, type JsonObject, type JsonValue, pointer } from '../../failure/json.ts';
import { type Cut, count } from './cut.ts';

/** `Event.extra` and each of its values: `max_depth = 7`, `max_bytes = 16_384` (relay-event-schema, event.rs). */
export const MAX_LEVELS = 7;
export const MAX_VALUE_BYTES = 16_384;

/** What Sentry's Relay would do to `extra`, and how near it is to that. */
export interface ExtraReport {
  readonly cuts: readonly Cut[];
  /** The largest value directly under `extra`; its size as Relay counts. */
  readonly longest: { readonly path: string; readonly bytes: number };
  /** All values together, as Relay counts. */
  readonly bytes: number;
  /** Levels from `extra` (1) down to the deepest value. */
  readonly levels: number;
}

/**
 * Follows Relay's trimming of `extra` (relay-event-normalization, trimming.rs), which walks objects by key order:
 *
 * - A value costs its length in JSON without escapes plus one; an object or list costs three plus its items; keys are
 *   free. A value directly under `extra` may cost 16,384; what comes after is dropped, a text is shortened to what is
 *   left. The limit of 262,144 for all of `extra` cannot be met by the five values that are specified.
 * - Seven levels, `extra` itself being the first: an object or list on the seventh becomes its JSON text.
 */
export function inspectExtra(extra: JsonObject): ExtraReport {
  const cuts: Cut[] = [];
  let longest = { path: '/extra', bytes: 0 };
  let bytes = 0;
  let levels = 1;
  for (const [key, value] of Object.entries(extra)) {
    const path = pointer('/extra', key);
    visit(value, 1, path, { left: MAX_VALUE_BYTES }, cuts);
    const measured = measure(value, 1);
    // The value's own brackets do not count against its own limit, only against that of all.
    const size = typeof value === 'object' && value !== null ? measured.bytes - 3 : measured.bytes;
    if (size > longest.bytes) longest = { path, bytes: size };
    bytes += measured.bytes;
    levels = Math.max(levels, measured.levels);
  }
  return { cuts: gatherDeep(cuts), longest, bytes, levels };
}

/** One cut for all that is too deep in one metadata entry: fifty records of one shape would make fifty alike. */
function gatherDeep(cuts: readonly Cut[]): readonly Cut[] {
  const entryOf = ({ path }: Cut): string => path.split('/').slice(0, 4).join('/');
  const deep = Map.groupBy(cuts, (cut) => (cut.unit === 'levels' ? entryOf(cut) : ''));
  deep.delete('');
  const gathered = [...deep.values()].flatMap(([first, ...others]) => {
    if (first === undefined || others.length === 0) return first ?? [];
    const places = count(others.length + 1);
    const what = l10n.t(
      'Nested deeper than {0} levels: Sentry keeps it as JSON text, in {1} places.',
      MAX_LEVELS,
      places,
    );
    return { ...first, what, actual: Math.max(first.actual, ...others.map(({ actual }) => actual)) };
  });
  return [...gathered, ...cuts.filter(({ unit }) => unit !== 'levels')];
}

/** Levels count from 0 for `extra`; a container on this one is turned into text. */
const isTooDeep = (value: JsonValue, depth: number): boolean =>
  value !== null && typeof value === 'object' && depth === MAX_LEVELS - 1;

function flatBytes(value: JsonValue): number {
  if (value === null) return 1;
  if (typeof value === 'string') return Buffer.byteLength(value) + 3;
  if (typeof value === 'object') return 3;
  return String(value).length + 1;
}

function visit(value: JsonValue, depth: number, path: string, budget: { left: number }, cuts: Cut[]): void {
  if (isTooDeep(value, depth)) {
    const actual = measure(value, depth).levels;
    const what = l10n.t('Nested deeper than {0} levels: Sentry keeps it as JSON text.', MAX_LEVELS);
    cuts.push({ kind: 'cut', path, what, limit: MAX_LEVELS, actual, unit: 'levels' });
    visit(JSON.stringify(value), depth, path, budget, cuts);
  } else if (typeof value === 'string') {
    visitText(value, path, budget, cuts);
  } else {
    if (value !== null && typeof value === 'object') visitItems(value, depth, path, budget, cuts);
    budget.left = Math.max(0, budget.left - flatBytes(value));
  }
}

function visitText(text: string, path: string, budget: { left: number }, cuts: Cut[]): void {
  let cost = flatBytes(text);
  // Relay compares characters with bytes left; a text is never longer in characters than in UTF-16 units.
  const characters = text.length > budget.left ? countCharacters(text) : 0;
  if (characters > budget.left) {
    const kept = Math.max(0, budget.left - 3);
    const what = l10n.t('A text of {0} characters: Sentry keeps the first {1}.', count(characters), count(kept));
    cuts.push({ kind: 'cut', path, what, limit: kept, actual: characters, unit: 'characters' });
    const start = [...text.slice(0, 2 * kept)].slice(0, kept).join('');
    cost = Buffer.byteLength(start) + 6;
  }
  budget.left = Math.max(0, budget.left - cost);
}

/** Characters as Unicode counts them, without a copy: texts of megabytes occur. */
function countCharacters(text: string): number {
  let characters = 0;
  for (const _ of text) characters += 1;
  return characters;
}

function visitItems(
  container: JsonObject | readonly JsonValue[],
  depth: number,
  path: string,
  budget: { left: number },
  cuts: Cut[],
): void {
  const items: readonly (readonly [string | number, JsonValue])[] = isList(container)
    ? container.map((item, index) => [index, item])
    : Object.entries(container).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const [position, [step, item]] of items.entries()) {
    if (budget.left === 0) {
      const what = l10n.t(
        '{0} items: Sentry keeps the first {1}, the value is over {2} bytes.',
        count(items.length),
        count(position),
        count(MAX_VALUE_BYTES),
      );
      cuts.push({ kind: 'cut', path, what, limit: position, actual: items.length, unit: 'items' });
      return;
    }
    visit(item, depth + 1, pointer(path, step), budget, cuts);
  }
}

/** Size and depth as if there were no limit on size. */
function measure(value: JsonValue, depth: number): { readonly bytes: number; readonly levels: number } {
  if (value === null || typeof value !== 'object') return { bytes: flatBytes(value), levels: depth + 1 };
  let bytes = isTooDeep(value, depth) ? flatBytes(JSON.stringify(value)) : 3;
  let levels = depth + 2;
  for (const item of Object.values(value)) {
    const inner = measure(item, depth + 1);
    if (depth < MAX_LEVELS - 1) bytes += inner.bytes;
    levels = Math.max(levels, inner.levels);
  }
  return { bytes, levels };
}
