import { isList, type JsonValue } from '../../failure/json.ts';
import { plural } from '../shared/l10n.ts';

/** A piece of JSON in one line; a `fold` stands for what is left out. */
export interface InlinePart {
  readonly kind: 'text' | 'fold';
  readonly text: string;
}

/** Longer lists and objects, and longer texts, are folded. */
const ITEMS = 6;
const TEXT = 60;
const LEVELS = 3;
/** So long may the line become. */
const LINE = 120;

const levels = (value: JsonValue): number =>
  value === null || typeof value !== 'object'
    ? 0
    : 1 + Object.values(value).reduce((most: number, item: JsonValue) => Math.max(most, levels(item)), 0);

const size = (value: object): string =>
  Array.isArray(value)
    ? plural(value.length, '{0} item', '{0} items')
    : plural(Object.keys(value).length, '{0} field', '{0} fields');

const name = (key: string): string => (/^[\p{L}_][\p{L}\p{N}_]*$/u.test(key) ? key : JSON.stringify(key));

const scalar = (value: JsonValue): readonly InlinePart[] => {
  const text = JSON.stringify(value);
  if (text.length <= TEXT) return [{ kind: 'text', text }];
  return [
    { kind: 'text', text: `${text.slice(0, TEXT)}…"` },
    { kind: 'fold', text: plural(text.length - 2, '{0} character', '{0} characters') },
  ];
};

const write = (value: JsonValue, left: number): readonly InlinePart[] => {
  if (value === null || typeof value !== 'object') return scalar(value);
  const items: readonly (readonly [string, JsonValue])[] = isList(value)
    ? value.map((item) => ['', item] as const)
    : Object.entries(value).map(([key, item]) => [`${name(key)}: `, item] as const);
  const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
  if (items.length === 0) return [{ kind: 'text', text: `${open}${close}` }];
  const text = (words: string): InlinePart => ({ kind: 'text', text: words });
  if (items.length > ITEMS || left === 0) {
    const deep = levels(value);
    const fold = items.length > ITEMS || deep === 1 ? size(value) : plural(deep, '{0} more level', '{0} more levels');
    return [text(`${open} `), { kind: 'fold', text: fold }, text(` ${close}`)];
  }
  const inside = items.flatMap(([before, item], index) => [
    text(`${index === 0 ? ' ' : ', '}${before}`),
    ...write(item, left - 1),
  ]);
  return [text(open), ...inside, text(` ${close}`)];
};

const length = (parts: readonly InlinePart[]): number => parts.reduce((sum, { text }) => sum + text.length, 0);

/** A value as JSON in one line, with what is deep, long or many folded. */
export const inlineJson = (value: JsonValue): { readonly parts: readonly InlinePart[]; readonly folded: boolean } => {
  let parts: readonly InlinePart[] = [];
  for (let depth = LEVELS; depth >= 0; depth -= 1) {
    parts = write(value, depth);
    if (length(parts) <= LINE) break;
  }
  return { parts, folded: parts.some(({ kind }) => kind === 'fold') };
};
