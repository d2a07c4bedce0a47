import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { type Bundled, bundledPackages } from './bundled.ts';
import { root } from './paths.ts';
import { Problem } from './say.ts';

const Authored = v.object({ author: v.optional(v.string()) });

/** Licences under which others' code may be passed on in the package, beside their text. CC-BY is the icon font's. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'ISC',
  'MIT',
]);

/**
 * The licences of all packages whose code is in `dist`. A {@link Problem} where one has another licence than those that
 * are allowed, or no licence text.
 */
export async function notices(dist: string): Promise<string> {
  const texts = await Promise.all((await bundledPackages(dist)).map(notice));
  return `Firedrill contains code of the following packages.\n\n${texts.join('\n')}`;
}

/** The licence text of one package under its name. */
export async function notice({ folder, name, version, license }: Bundled): Promise<string> {
  if (license === undefined || !ALLOWED.has(license)) {
    throw new Problem(`${name} ${version} cannot be shipped: its licence is ${license ?? 'not named'}`);
  }
  const text = (await ownFiles(folder)) || (await sectionOfReadme(folder)) || (await mitOfAuthor(folder, license));
  if (text === '') throw new Problem(`${name} ${version} cannot be shipped: it has no licence text`);
  return `${'='.repeat(80)}\n${name} ${version} (${license})\n\n${text}\n`;
}

async function ownFiles(folder: string): Promise<string> {
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  return texts.map((each) => each.trim()).join('\n\n');
}

/** Some older packages have their licence at the end of their README only. */
async function sectionOfReadme(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((file) => /^readme\.md$/i.test(file));
  const text = name === undefined ? '' : await readFile(path.join(folder, name), 'utf8');
  const section = /^(?:#+ *)?licen[cs]e *\n(?:-+|=+)?\n?([\s\S]*copyright[\s\S]*)$/im.exec(text)?.[1] ?? '';
  return section.trim();
}

/** A package that only names MIT and its author: the licence's text, which is Firedrill's own too, with that author. */
async function mitOfAuthor(folder: string, license: string): Promise<string> {
  const file = path.join(folder, 'package.json');
  if (license !== 'MIT' || !existsSync(file)) return '';
  const { author } = v.parse(Authored, JSON.parse(await readFile(file, 'utf8')));
  if (author === undefined) return '';
  const own = await readFile(path.join(root, 'LICENSE'), 'utf8');
  return own.replace(/^Copyright.*$/m, `Copyright (c) ${author}`).trim();
}
