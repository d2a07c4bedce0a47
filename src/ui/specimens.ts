import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Specimen } from '../engine/api.ts';
import { specimenSchema } from '../failure/specimen.ts';
import { maskSecrets } from './mask.ts';
import { ask, wordsOf } from './say.ts';

/** Where specimens are kept, in each folder of the workspace: to be committed beside the pipeline. */
const FOLDER = ['.firedrill', 'specimens'];
/** A larger file is not read. */
const LARGEST = 1_000_000;

/** A file of the folder; `problem` tells why it is no specimen. */
export type SpecimenFile = { readonly name: string; readonly uri: vscode.Uri } & (
  | { readonly specimen: Specimen }
  | { readonly problem: string }
);

/** Says why a specimen cannot have this name, or undefined. */
export const nameProblem = (name: string): string | undefined =>
  /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,59}$/u.test(name.trim())
    ? undefined
    : vscode.l10n.t('Letters, digits, spaces and . _ - only, at most 60.');

/** All specimens of the workspace by name. */
export async function listSpecimens(): Promise<readonly SpecimenFile[]> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const lists = await Promise.all(folders.map(({ uri }) => inFolder(vscode.Uri.joinPath(uri, ...FOLDER))));
  return lists.flat().sort((a, b) => a.name.localeCompare(b.name));
}

/**
 * Keeps a specimen under a name in the first folder of the workspace; asks before it takes the place of another.
 * Resolves to its file, undefined when the user said no.
 */
export async function saveSpecimen(name: string, specimen: Specimen): Promise<vscode.Uri | undefined> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (!folder) throw new Error(vscode.l10n.t('Open a folder first: specimens are kept in the workspace.'));
  const text = `${JSON.stringify(specimen, null, 2)}\n`;
  if (maskSecrets(text) !== text)
    throw new Error(
      vscode.l10n.t('It holds what looks like a key or a DSN. A specimen may be committed: take that out first.'),
    );
  const uri = vscode.Uri.joinPath(folder.uri, ...FOLDER, `${name.trim()}.json`);
  if (await exists(uri)) {
    const question = vscode.l10n.t('Replace the specimen “{0}”?', name.trim());
    const detail = vscode.l10n.t('A file with this name is in the workspace already.');
    if (!(await ask(question, detail, vscode.l10n.t('Replace')))) return undefined;
  }
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

async function inFolder(folder: vscode.Uri): Promise<readonly SpecimenFile[]> {
  if (!(await exists(folder))) return [];
  const files = (await vscode.workspace.fs.readDirectory(folder)).filter(
    ([name, type]) => name.endsWith('.json') && (type & vscode.FileType.File) !== 0,
  );
  return await Promise.all(files.map(([name]) => read(vscode.Uri.joinPath(folder, name), name.slice(0, -5))));
}

async function read(uri: vscode.Uri, name: string): Promise<SpecimenFile> {
  try {
    const { size } = await vscode.workspace.fs.stat(uri);
    if (size > LARGEST) return { name, uri, problem: vscode.l10n.t('It is larger than 1 MB.') };
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    const parsed = v.safeParse(specimenSchema, JSON.parse(text));
    if (parsed.success) return { name, uri, specimen: parsed.output };
    const [issue] = parsed.issues;
    return { name, uri, problem: `${v.getDotPath(issue) ?? ''}: ${issue.message}` };
  } catch (error) {
    return { name, uri, problem: wordsOf(error) };
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}
