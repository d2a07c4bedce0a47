/**
 * JSON as Python's `json.dumps` writes it, which is more than JSON: NaN, Infinity and -Infinity stand bare, ints have
 * any length. Such values come back as text (`nan`, `inf`, `-inf`, the digits), since neither a JavaScript number nor
 * JSON can carry them exactly.
 *
 * Text without such a token goes to JSON.parse as it is (a 10 MB event in some 50 ms). Otherwise the tokens outside of
 * strings are quoted first, hopping from one string to the next, never character by character.
 * @throws SyntaxError where the text is no JSON.
 */
export function parsePythonJson(text: string): unknown {
  return JSON.parse(SUSPICIOUS.test(text) ? quoteBareTokens(text) : text);
}

/** May also match inside a string; then the slow way finds nothing to do. */
const SUSPICIOUS = /NaN|Infinity|\d{16}/;

/** A bare token, or an int of 16 digits and more that is no part of a float. */
const BARE = /NaN|-?Infinity|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

const WORDS: Readonly<Record<string, string>> = { NaN: '"nan"', Infinity: '"inf"', '-Infinity': '"-inf"' };

function quoteBareTokens(text: string): string {
  const parts: string[] = [];
  let from = 0; // start of what was not copied yet
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('"', at);
    const end = open < 0 ? text.length : open;
    const between = text.slice(at, end);
    if (SUSPICIOUS.test(between)) {
      parts.push(text.slice(from, at), between.replace(BARE, quoted));
      from = end;
    }
    at = open < 0 ? text.length : afterString(text, open);
  }
  return parts.join('') + text.slice(from);
}

/** The place behind the string that begins at `open`; the text's end where it is not closed. */
function afterString(text: string, open: number): number {
  for (let close = text.indexOf('"', open + 1); close >= 0; close = text.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (text[close - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return close + 1;
  }
  return text.length;
}

function quoted(token: string): string {
  const word = WORDS[token];
  if (word !== undefined) return word;
  const value = BigInt(token);
  const size = value < 0n ? -value : value;
  return size > 2n ** 53n ? `"${token}"` : token;
}
