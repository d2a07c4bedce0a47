import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import * as l10n from '@vscode/l10n';
import { errorCode } from '../failure/messageOf.ts';

/** A SENTRY_DSN as it was found: the text is a secret, `source` is for people. */
export interface FoundDsn {
  readonly text: string;
  readonly source: string;
}

export interface DsnPlaces {
  readonly workspaceFolders: readonly string[];
  /** The location's working directory where the webserver tells it. */
  readonly workingDirectory: (codeLocation: string) => string | null;
  readonly secretDsn: (codeLocation: string | null) => Promise<string | null>;
  /** SENTRY_DSN of the environment that the engine runs in. */
  readonly environmentDsn: string | undefined;
}

/**
 * The DSN text for a code location's failures: the `.env` of its project folder (the location's working directory,
 * `projects/<location>`, the workspace), else the host's secret storage, else the environment. The first place that
 * has a SENTRY_DSN wins, also when it is malformed; an empty value counts as none there.
 * @param codeLocation null for failures whose run recorded none: the workspace's own DSN.
 */
export async function findDsn(codeLocation: string | null, places: DsnPlaces): Promise<FoundDsn | null> {
  for (const file of envFiles(codeLocation, places)) {
    const text = await sentryDsnIn(file);
    if (text !== null) return { text, source: shortPath(file, places.workspaceFolders) };
  }
  const secret = await secretFor(codeLocation, places);
  if (secret !== null && secret.trim() !== '') return { text: secret.trim(), source: l10n.t('secret storage') };
  const fromEnvironment = places.environmentDsn?.trim();
  return fromEnvironment ? { text: fromEnvironment, source: l10n.t('environment') } : null;
}

/** The location's own secret, else the one that was set for the whole workspace. */
async function secretFor(codeLocation: string | null, places: DsnPlaces): Promise<string | null> {
  const own = await places.secretDsn(codeLocation);
  return own === null && codeLocation !== null ? places.secretDsn(null) : own;
}

/** The `.env` files that are looked at for a code location, nearest first. */
function envFiles(codeLocation: string | null, places: DsnPlaces): string[] {
  const folders: string[] = [];
  if (codeLocation !== null) {
    const working = places.workingDirectory(codeLocation);
    if (working !== null) folders.push(working);
    // A location's name is pipeline data: it must not lead out of the workspace.
    if (path.basename(codeLocation) === codeLocation && codeLocation !== '..' && codeLocation !== '.') {
      folders.push(...places.workspaceFolders.map((folder) => path.join(folder, 'projects', codeLocation)));
    }
  }
  folders.push(...places.workspaceFolders);
  return [...new Set(folders.map((folder) => path.join(folder, '.env')))];
}

async function sentryDsnIn(file: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw new Error(l10n.t('Cannot read {0} for SENTRY_DSN: {1}', file, code ?? String(error)), { cause: error });
  }
  const value = parseEnv(text).SENTRY_DSN?.trim();
  return value ? value : null;
}

function shortPath(file: string, workspaceFolders: readonly string[]): string {
  for (const folder of workspaceFolders) {
    const relative = path.relative(folder, file);
    if (relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative))
      return relative.split(path.sep).join('/');
  }
  return file;
}
