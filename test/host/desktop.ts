import { access } from 'node:fs/promises';
import path from 'node:path';

/** Whether VS Code can be hosted here: its server with our own Chromium (see chromium-files.ts and code-host). */
export function canHost(): boolean {
  return process.platform === 'linux' && process.arch === 'x64';
}

/**
 * Which VS Code runs tests in its extension host: `FIREDRILL_CODE` (path of a desktop `code`), else the hosted one,
 * else a `code` on the PATH, else undefined: @vscode/test-electron downloads one.
 */
export async function codeExecutable(): Promise<string | undefined> {
  const named = process.env.FIREDRILL_CODE;
  if (named) return named;
  if (canHost()) return path.join(import.meta.dirname, 'code-host');
  return desktopCode();
}

/** The desktop `code` on the PATH where there is a display to show it on; undefined otherwise. */
export async function desktopCode(): Promise<string | undefined> {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return undefined;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, name);
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
