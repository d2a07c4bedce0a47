import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { root } from '../../scripts/paths.ts';

/** A locale that nobody speaks: what shows in plain letters under it is not translated. */
export const PSEUDO = 'qps-ploc';

const PLAIN = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const ACCENTED = 'áƀćđéƒĝĥíĵķĺɱńóƥɋŕśťúṽŵẋýžÁƁĆĐÉƑĜĤÍĴĶĹṀŃÓƤɊŔŚŤÚṼŴẊÝŽ';
/** Places of arguments, commands behind links and placeholders stay as they are. */
const KEPT = /\{\d+\}|\]\([^)]*\)|\$\([\w-]+\)/g;

/** An English text as that locale has it. */
export function pseudo(text: string): string {
  let out = '';
  let at = 0;
  for (const kept of text.matchAll(KEPT)) {
    out += accented(text.slice(at, kept.index)) + kept[0];
    at = kept.index + kept[0].length;
  }
  return out + accented(text.slice(at));
}

const accented = (text: string): string => text.replace(/[a-z]/gi, (letter) => ACCENTED[PLAIN.indexOf(letter)] ?? '');

/** A copy of the built extension that also speaks the locale; everything that it can say is in the two bundles. */
export async function pseudoExtension(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-pseudo-'));
  for (const part of [
    'package.json',
    'package.nls.json',
    'l10n',
    'media',
    'dist',
    'README.md',
    'LICENSE',
    '.vscodeignore',
  ])
    await cp(path.join(root, part), path.join(folder, part), { recursive: true });
  for (const [from, to] of [
    ['package.nls.json', `package.nls.${PSEUDO}.json`],
    [path.join('l10n', 'bundle.l10n.json'), path.join('l10n', `bundle.l10n.${PSEUDO}.json`)],
  ] as const) {
    const texts = v.parse(v.record(v.string(), v.string()), JSON.parse(await readFile(path.join(root, from), 'utf8')));
    const spoken = Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, pseudo(text)]));
    await writeFile(path.join(folder, to), JSON.stringify(spoken));
  }
  return folder;
}
