import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..');
const bundle = path.join(root, 'l10n', 'bundle.l10n.json');

/** A string literal as the first argument of what translates: in the host, and in the webviews. */
const call = /\b(?:l10n\.t|t|rich)\(\s*(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")/g;
const plural = /\bplural\([^,]+,\s*'((?:[^'\\\n]|\\.)*)',\s*'((?:[^'\\\n]|\\.)*)'/g;

/** Every text that the code shows, sorted. */
export async function textsInCode(): Promise<string[]> {
  const texts = new Set<string>();
  for (const folder of ['src/ui', 'src/webview']) {
    for (const file of await readdir(path.join(root, folder), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const code = await readFile(path.join(root, folder, file), 'utf8');
      for (const match of [...code.matchAll(call), ...code.matchAll(plural)]) {
        for (const text of match.slice(1)) if (text !== undefined) texts.add(unescaped(text));
      }
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
