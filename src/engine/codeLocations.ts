import { readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * The code locations that may have a DSN: those of the webserver, those of the failures listed, and the folders of
 * `projects/` in the workspace, which can be seen while no webserver runs; null stands for the workspace itself.
 */
export async function knownLocations(
  fromWebserver: readonly string[],
  fromFailures: readonly (string | null)[],
  workspaceFolders: readonly string[],
): Promise<readonly (string | null)[]> {
  const folders = await Promise.all(workspaceFolders.map((folder) => projectFolders(path.join(folder, 'projects'))));
  return [...new Set([...fromWebserver, ...fromFailures, ...folders.flat(), null])];
}

async function projectFolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch {
    return []; // no such folder: nothing to learn there
  }
}
