import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const bundle = path.join(root, 'l10n', 'bundle.l10n.json');

/** A string literal as the first argument of what translates: in the host, and in the webviews. */
const call = /\b(?:l10n\.t|t|rich)\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g;
const plural = /\bplural\([^,]+,\s*'((?:[^'\\\n]|\\.)*)',\s*'((?:[^'\\\n]|\\.)*)'/g;

/** The folders whose words people read: the host's and the webviews' own, and the engine's, which speaks in its thread. */
const folders = ['ui', 'webview', 'dagster', 'sensors', 'failure', 'channels', 'delivery', 'store', 'engine'];

/** Calls with something else than a literal text, which no translator could be given: `file: call`. */
export async function textsMadeByCode(): Promise<string[]> {
  const found: string[] = [];
  for (const { file, code } of await sources()) {
    for (const [whole] of code.matchAll(/\bl10n\.t(?:\(\s*(?![\s'"])|`)[^\n]*/g)) {
      if (!/^l10n\.t\(message\b/.test(whole)) found.push(`${file}: ${whole}`);
    }
  }
  return found;
}

/** The code of all folders whose words people read. */
export async function sources(): Promise<{ readonly file: string; readonly code: string }[]> {
  const files = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(path.join(root, 'src', folder), { recursive: true })).map((file) => `src/${folder}/${file}`),
    ),
  );
  const modules = files.flat().filter((file) => file.endsWith('.ts'));
  return Promise.all(modules.map(async (file) => ({ file, code: await readFile(path.join(root, file), 'utf8') })));
}

/** Every text that the code shows, sorted. */
export async function textsInCode(): Promise<string[]> {
  const texts = new Set<string>();
  for (const { code } of await sources()) {
    for (const match of [...code.matchAll(call), ...code.matchAll(plural)]) {
      for (const text of match.slice(1)) if (text !== undefined) texts.add(unescaped(text));
    }
  }
  return [...texts].sort();
}

export async function textsInBundle(): Promise<string[]> {
  return Object.keys(JSON.parse(await readFile(bundle, 'utf8'))).sort();
}

const unescaped = (literal: string): string => literal.replace(/\\(.)/g, '$1');

// `node test/ui/strings.ts` writes the bundle that translations start from.
if (process.argv[1] === import.meta.filename) {
  const texts = await textsInCode();
  await writeFile(bundle, `${JSON.stringify(Object.fromEntries(texts.map((text) => [text, text])), null, 2)}\n`);
}
