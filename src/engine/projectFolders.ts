import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Names of the folders in `projects/` of the workspace: code locations that can be seen while no webserver runs. */
export async function projectFolders(workspaceFolders: readonly string[]): Promise<string[]> {
  const found = await Promise.all(workspaceFolders.map((folder) => foldersIn(path.join(folder, 'projects'))));
  return found.flat();
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
  } catch {
    return []; // no such folder: nothing to learn there
  }
}
