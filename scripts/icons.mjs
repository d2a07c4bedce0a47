import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import subsetFont from 'subset-font';

/**
 * Writes `codicon.css` and `codicon.ttf` into the folder of the built webviews, with only those icons whose names occur
 * in their scripts: the whole font is a sixth of the package.
 */
export async function writeIcons(folder, root) {
  const source = path.join(root, 'node_modules', '@vscode', 'codicons', 'dist');
  const css = await readFile(path.join(source, 'codicon.css'), 'utf8');
  const words = new Set((await scriptsIn(folder)).match(/[a-z][a-z0-9-]*/g));
  const rules = [...css.matchAll(/^\.codicon-([a-z0-9-]+):before \{ content: "\\([0-9a-f]+)" \}$/gm)];
  if (rules.length === 0) throw new Error('codicon.css has another form than expected: no icon was found in it.');
  const used = rules.filter(([, name]) => words.has(name));
  const characters = used.map(([, , code]) => String.fromCodePoint(Number.parseInt(code, 16))).join('');
  const font = await subsetFont(await readFile(path.join(source, 'codicon.ttf')), characters, { targetFormat: 'sfnt' });
  const general = css.replace(/^\.codicon-[a-z0-9-]+:before .*\n?/gm, '').trim();
  await writeFile(path.join(folder, 'codicon.css'), `${general}\n${used.map(([rule]) => rule).join('\n')}\n`);
  await writeFile(path.join(folder, 'codicon.ttf'), font);
}

async function scriptsIn(folder) {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  return (await Promise.all(files.map((name) => readFile(path.join(folder, name), 'utf8')))).join('\n');
}
