import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { userError } from '../channels/sentry/errorType.ts';
import type { DagsterError, Failure } from '../failure/failure.ts';
import type { FailingLine } from './api.ts';

/** A frame as Python writes it: `  File "/acme/prices.py", line 12, in prices`. */
const FRAME = /^\s*File "([^"\r\n]+)", line (\d+)/;
/** Code that was installed, not written here, also where its folder lies in the workspace. */
const INSTALLED = /[\\/](?:site-packages|dist-packages|lib[\\/]python\d[\d.]*)[\\/]/i;
/** Frames looked at; a recursion leaves thousands. */
const LOOKED_AT = 500;

/**
 * The line to look at first: the innermost frame that is a file of the workspace, of the user's exception before what
 * caused it and what wraps it. null where there is none, as for a check failure.
 */
export async function failingLine(failure: Failure, folders: readonly string[]): Promise<FailingLine | null> {
  if (failure.kind === 'check') return null;
  const errors = [...chain(userError(failure)), failure.step?.error ?? null, failure.error];
  const frames = errors.flatMap((error) => framesOf(error)).slice(0, LOOKED_AT);
  const real = await realFolders(folders);
  for (const { file, line } of frames) {
    const found = await fileIn(real, file);
    if (found !== null) return { file: found, line };
  }
  return null;
}

function chain(error: DagsterError | null): readonly DagsterError[] {
  const errors: DagsterError[] = [];
  for (let at = error; at !== null; at = at.cause) errors.push(at);
  return errors;
}

/** Innermost first. */
const framesOf = (error: DagsterError | null): readonly FailingLine[] =>
  (error?.stack ?? [])
    .flatMap((text) => {
      const [, file, line] = FRAME.exec(text) ?? [];
      return file === undefined ? [] : [{ file, line: Number(line) }];
    })
    .reverse();

interface Folder {
  readonly named: string;
  readonly real: string;
}

async function realFolders(folders: readonly string[]): Promise<readonly Folder[]> {
  const real = await Promise.all(folders.map(async (named) => ({ named, real: await realOf(named) })));
  return real.flatMap((folder) => (folder.real === null ? [] : [{ named: folder.named, real: folder.real }]));
}

/**
 * The real file that a stack names, where it is one of these folders'. Other paths are never touched: a pipeline could
 * name any, a network share too.
 */
async function fileIn(folders: readonly Folder[], named: string): Promise<string | null> {
  for (const { named: folder, real } of folders) {
    const file = path.resolve(folder, named);
    if (!(isInside(folder, file) || isInside(real, file)) || INSTALLED.test(file)) continue;
    const found = await realOf(file);
    if (found !== null && isInside(real, found) && !INSTALLED.test(found) && (await stat(found)).isFile()) return found;
  }
  return null;
}

/** null where there is nothing: a stack may be older than the files. */
const realOf = (file: string): Promise<string | null> => realpath(file).catch(() => null);

function isInside(folder: string, file: string): boolean {
  const way = path.relative(folder, file);
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way);
}
