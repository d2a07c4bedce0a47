import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { isList, isObject, type JsonObject, type JsonValue, pointer } from '../../failure/json.ts';
import { type Cut, count } from './cut.ts';

/**
 * What an event's sender tells that it cut: Sentry's SDKs write it into `_meta`, a tree like the event's whose key ''
 * holds `len` (what there was) and `rem` (what was done), as the Python SDK's serializer does. The SDKs for JavaScript
 * write no `_meta`; of them only what they put in the place of values nested too deep can be told. Any event is taken.
 */
export function toldCuts(event: JsonObject): readonly Cut[] {
  const cuts: Cut[] = [];
  const { _meta: meta, ...rest } = event;
  if (isObject(meta)) visitMeta(meta, event, '', cuts);
  else for (const [name, value] of Object.entries(rest)) visitValue(value, pointer('', name), cuts);
  return cuts;
}

/** `len` and `rem` as the SDKs write them: a range of characters follows where a text was shortened. */
const note = v.looseObject({
  len: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  rem: v.optional(v.array(v.looseTuple([v.string(), v.string()]))),
});

function visitMeta(meta: JsonObject, value: JsonValue | undefined, path: string, cuts: Cut[]): void {
  const told = v.safeParse(note, meta['']);
  if (told.success) {
    const cut = cutOf(told.output, value, path);
    if (cut !== null) cuts.push(cut);
  }
  for (const [step, inner] of Object.entries(meta)) {
    if (step === '' || !isObject(inner)) continue;
    visitMeta(inner, itemOf(value, step), pointer(path, step), cuts);
  }
}

function itemOf(value: JsonValue | undefined, step: string): JsonValue | undefined {
  if (value === undefined || value === null || typeof value !== 'object') return undefined;
  if (isList(value)) return value[Number(step)];
  return Object.hasOwn(value, step) ? value[step] : undefined;
}

function cutOf({ len, rem }: v.InferOutput<typeof note>, value: JsonValue | undefined, path: string): Cut | null {
  if (value !== null && typeof value === 'object') {
    const kept = Object.keys(value).length;
    if (len === undefined || len <= kept) return null;
    const what = l10n.t('{0} items: the sender kept the first {1}.', count(len), count(kept));
    return { kind: 'by-sender', path, what, limit: kept, actual: len, unit: 'items' };
  }
  if (len !== undefined && typeof value === 'string') {
    const kept = [...value].length;
    const what = l10n.t('A text of {0} characters: the sender kept {1}.', count(len), count(kept));
    return { kind: 'by-sender', path, what, limit: kept, actual: len, unit: 'characters' };
  }
  return rem === undefined ? null : replaced(path);
}

/** What the SDKs for JavaScript put in the place of what is nested too deep, or of properties beyond the thousandth. */
const PLACEHOLDERS: ReadonlySet<JsonValue> = new Set(['[Object]', '[Array]', '[MaxProperties ~]']);

function visitValue(value: JsonValue, path: string, cuts: Cut[]): void {
  if (PLACEHOLDERS.has(value)) cuts.push(replaced(path));
  else if (typeof value === 'object' && value !== null)
    for (const [step, item] of Object.entries(value)) visitValue(item, pointer(path, step), cuts);
}

const replaced = (path: string): Cut => ({
  kind: 'by-sender',
  path,
  what: l10n.t('The sender put a text in its place: too deep, or more than it takes.'),
  limit: 0,
  actual: 1,
  unit: 'levels',
});
