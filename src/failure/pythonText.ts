import type { JsonValue } from './json.ts';

/** Nesting beyond which a text is not read. */
const DEEPEST = 40;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };
const WORDS: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['None', null],
  ['True', true],
  ['False', false],
]);

class Unreadable extends Error {}

/**
 * Reads what Python's `repr` wrote of constants, lists, dicts and objects, as Dagster's text form of a metadata value
 * is, or the fields of one object without its class (`a=1 b='x'`, a pydantic model's `str`). An object becomes its
 * fields, one with a single unnamed argument that argument. null for anything else: it is shown as the text that it is.
 */
export function readPython(text: string): JsonValue {
  const reader = new Reader(text);
  try {
    return /^\w+=/.test(text) ? reader.fields() : reader.whole();
  } catch (error) {
    if (error instanceof Unreadable) return null;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value(0);
    if (this.#at < this.#text.length) throw new Unreadable();
    return value;
  }

  fields(): JsonValue {
    const fields: [string, JsonValue][] = [];
    do {
      const name = this.#match(/(\w+)=/y);
      fields.push([name, this.#value(0)]);
    } while (this.#skips(' '));
    if (this.#at < this.#text.length) throw new Unreadable();
    return Object.fromEntries(fields);
  }

  #value(depth: number): JsonValue {
    if (depth > DEEPEST) throw new Unreadable();
    const start = this.#text[this.#at];
    if (start === "'" || start === '"') return this.#string(start);
    if (this.#skips('[')) return this.#list(']', () => this.#value(depth + 1));
    if (this.#skips('{')) {
      const entries = this.#list('}', (): [string, JsonValue] => {
        const key = this.#value(depth + 1);
        if (typeof key !== 'string' || !this.#skips(': ')) throw new Unreadable();
        return [key, this.#value(depth + 1)];
      });
      return Object.fromEntries(entries);
    }
    const number = this.#tries(/-?\d+(?:\.\d+)?(?:e[-+]?\d+)?/iy);
    return number === null ? this.#named(depth) : Number(number);
  }

  /** A constant, or an object after its class. */
  #named(depth: number): JsonValue {
    const word = this.#match(/([A-Za-z_]\w*)/y);
    const constant = WORDS.get(word);
    if (constant !== undefined) return constant;
    if (!this.#skips('(')) throw new Unreadable();
    const unnamed: JsonValue[] = [];
    const fields: [string, JsonValue][] = [];
    this.#list(')', () => {
      const name = this.#tries(/(\w+)=/y);
      const value = this.#value(depth + 1);
      if (name === null) unnamed.push(value);
      else fields.push([name, value]);
    });
    const [only, ...others] = unnamed;
    if (only === undefined) return Object.fromEntries(fields);
    if (others.length > 0 || fields.length > 0) throw new Unreadable();
    return only;
  }

  #list<Item>(end: string, item: () => Item): Item[] {
    const items: Item[] = [];
    if (this.#skips(end)) return items;
    do items.push(item());
    while (this.#skips(', '));
    if (!this.#skips(end)) throw new Unreadable();
    return items;
  }

  #string(quote: string): string {
    const inside = this.#match(quote === "'" ? /'((?:[^'\\]|\\.)*)'/y : /"((?:[^"\\]|\\.)*)"/y);
    return inside.replace(/\\(?:x(\w{2})|u(\w{4})|U(\w{8})|(.))/g, (_, x?: string, u?: string, U?: string, c = '') => {
      const code = x ?? u ?? U;
      return code === undefined ? (ESCAPES[c] ?? c) : characterOf(code);
    });
  }

  #skips(text: string): boolean {
    const there = this.#text.startsWith(text, this.#at);
    if (there) this.#at += text.length;
    return there;
  }

  /** What a sticky pattern finds here, or its first group; null where it does not fit. */
  #tries(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at = pattern.lastIndex;
    return found[1] ?? found[0];
  }

  #match(pattern: RegExp): string {
    const found = this.#tries(pattern);
    if (found === null) throw new Unreadable();
    return found;
  }
}

function characterOf(code: string): string {
  const point = Number.parseInt(code, 16);
  if (!(point <= 0x10ffff)) throw new Unreadable();
  return String.fromCodePoint(point);
}
