/**
 * Texts in the user's language. The English text is the key, as with `vscode.l10n`; the extension hands the
 * translations over as JSON in `<body data-strings="…">`, which needs no script and so no exception in the page's
 * content security policy. A text without translation stays English.
 */

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads the translations; anything that is not a JSON object of strings counts as none. */
export const parseStrings = (json: string | undefined): ReadonlyMap<string, string> => {
  if (!json) return new Map();
  try {
    const value: unknown = JSON.parse(json);
    if (!isRecord(value)) return new Map();
    return new Map(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
};

const strings = parseStrings(globalThis.document?.body?.dataset.strings);

/** Puts the arguments into `{0}`, `{1}`, … once; braces inside an argument stay as they are. */
export const fill = (text: string, args: readonly (string | number)[]): string =>
  text.replace(/\{(\d+)\}/g, (whole, index: string) => {
    const arg = args[Number(index)];
    return arg === undefined ? whole : String(arg);
  });

/** The text in the user's language with its arguments. */
export const t = (text: string, ...args: readonly (string | number)[]): string => fill(strings.get(text) ?? text, args);

/** One of two texts by a count, which is argument `{0}` of both, formatted. */
export const plural = (count: number, one: string, many: string): string =>
  t(count === 1 ? one : many, new Intl.NumberFormat('en').format(count));

/** A translated text cut at its arguments, so that an element can stand for one: `pieces('in {0}')` is `['in ', 0]`. */
export const pieces = (text: string): readonly (string | number)[] =>
  (strings.get(text) ?? text)
    .split(/(\{\d+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => (/^\{\d+\}$/.test(piece) ? Number(piece.slice(1, -1)) : piece));
