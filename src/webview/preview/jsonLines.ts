import { isList, type JsonValue, pointer } from '../../failure/json.ts';
import { plural } from '../shared/l10n.ts';

/** A piece of a line of JSON, by what it is. */
export interface JsonPart {
  readonly kind: 'key' | 'string' | 'number' | 'literal' | 'punctuation';
  readonly text: string;
}

/** One line of indented JSON. Lines inside a folded part are left out but counted in `number`. */
export interface JsonLine {
  readonly number: number;
  readonly depth: number;
  /** JSON pointer of the value that begins in this line; the container's for a closing line. */
  readonly path: string;
  readonly parts: readonly JsonPart[];
  /** Set where a list, object or long text can be folded: what stands in its place, and what follows it. */
  readonly fold: { readonly folded: boolean; readonly summary: string; readonly rest: readonly JsonPart[] } | null;
}

/** Lists longer than this, objects with more keys, arrive folded. */
const LONG_LIST = 10;
const LONG_OBJECT = 50;
/** Longer strings are cut until unfolded. */
const LONG_TEXT = 2000;
/** How many entries one unfolded container draws before asking again. */
const PAGE = 500;

const children = (value: JsonValue): readonly (readonly [string | number, JsonValue])[] | null => {
  if (value === null || typeof value !== 'object') return null;
  return isList(value) ? value.map((item, index) => [index, item] as const) : Object.entries(value);
};

/** How many lines `JSON.stringify(value, null, 2)` has. */
export const lineCount = (value: JsonValue): number => {
  const inside = children(value);
  if (inside === null || inside.length === 0) return 1;
  return inside.reduce((sum, [, child]) => sum + lineCount(child), 2);
};

const arrivesFolded = (value: JsonValue): boolean =>
  isList(value) ? value.length > LONG_LIST : (children(value)?.length ?? 0) > LONG_OBJECT;

const scalar = (value: JsonValue): JsonPart =>
  typeof value === 'string'
    ? { kind: 'string', text: JSON.stringify(value) }
    : { kind: typeof value === 'number' ? 'number' : 'literal', text: JSON.stringify(value) };

const punctuation = (text: string): JsonPart => ({ kind: 'punctuation', text });

/**
 * The lines of a value as indented JSON, as `JSON.stringify(value, null, 2)` writes them. `toggled` holds the pointers
 * whose folding differs from how they arrive; `<pointer>/*` unfolds what is beyond the first 500 entries.
 */
export const jsonLines = (root: JsonValue, toggled: ReadonlySet<string>): readonly JsonLine[] => {
  const lines: JsonLine[] = [];
  let number = 1;

  const write = (value: JsonValue, path: string, depth: number, before: readonly JsonPart[], comma: string): void => {
    const inside = children(value);
    if (inside === null || inside.length === 0) {
      const part = inside === null ? scalar(value) : punctuation(isList(value) ? '[]' : '{}');
      const end = comma === '' ? [] : [punctuation(comma)];
      if (part.text.length <= LONG_TEXT) {
        lines.push({ number, depth, path, parts: [...before, part, ...end], fold: null });
      } else {
        const folded = !toggled.has(path);
        const summary = plural(part.text.length - 2, '{0} character', '{0} characters');
        const shown = folded ? { ...part, text: `${part.text.slice(0, LONG_TEXT)}…` } : part;
        lines.push({ number, depth, path, parts: [...before, shown], fold: { folded, summary, rest: end } });
      }
      number += 1;
      return;
    }
    const [open, close] = isList(value) ? ['[', ']'] : ['{', '}'];
    const folded = path !== '' && arrivesFolded(value) !== toggled.has(path);
    const summary = isList(value)
      ? plural(inside.length, '{0} item', '{0} items')
      : plural(inside.length, '{0} field', '{0} fields');
    const opening = [...before, punctuation(open)];
    if (folded) {
      const rest = [punctuation(`${close}${comma}`)];
      lines.push({ number, depth, path, parts: opening, fold: { folded, summary, rest } });
      number += lineCount(value);
      return;
    }
    lines.push({ number, depth, path, parts: opening, fold: path === '' ? null : { folded, summary, rest: [] } });
    number += 1;
    const more = pointer(path, '*');
    const shown = toggled.has(more) ? inside.length : Math.min(inside.length, PAGE);
    inside.forEach(([key, child], index) => {
      if (index >= shown) return;
      const name: readonly JsonPart[] =
        typeof key === 'number' ? [] : [{ kind: 'key', text: JSON.stringify(key) }, punctuation(': ')];
      write(child, pointer(path, key), depth + 1, name, index === inside.length - 1 ? '' : ',');
    });
    if (shown < inside.length) {
      const left = inside.slice(shown);
      const text = plural(left.length, '{0} more', '{0} more');
      lines.push({ number, depth: depth + 1, path: more, parts: [], fold: { folded: true, summary: text, rest: [] } });
      number += left.reduce((sum, [, child]) => sum + lineCount(child), 0);
    }
    lines.push({ number, depth, path, parts: [punctuation(`${close}${comma}`)], fold: null });
    number += 1;
  };

  write(root, '', 0, [], '');
  return lines;
};
