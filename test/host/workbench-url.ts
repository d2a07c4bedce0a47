import path from 'node:path';
import type { VscodeServer } from './server.ts';

export interface Place {
  /** Folder to open, or a `.code-workspace` file; none when not given. */
  folder?: string;
  /** Pairs the workbench takes from its address, as `['extensionDevelopmentPath', …]`. */
  payload?: [string, string][];
}

/** The address at which a server shows its workbench. */
export function workbenchUrl(server: VscodeServer, { folder, payload = [] }: Place): string {
  const url = new URL(server.origin);
  if (folder === undefined) url.searchParams.set('ew', 'true');
  else url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/** A path on this machine, as the workbench in the browser names it. */
export function remotePath(server: VscodeServer, file: string): string {
  return `vscode-remote://${server.host}:${server.port}${path.resolve(file)}`;
}
