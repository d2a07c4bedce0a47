// Plain JavaScript, because start.mjs needs it before anything is installed; types in npm.d.mts.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';

export function npmCommand(args) {
  const cli = process.env.npm_execpath; // the npm that started us; absent when started by hand
  const own = cli?.endsWith('.js') && existsSync(cli);
  const windows = process.platform === 'win32';
  const [command, ...rest] = own ? [process.execPath, cli, ...args] : [windows ? 'npm.cmd' : 'npm', ...args];
  return { command, args: rest, shell: !own && windows };
}

export function npm(args, cwd) {
  const { command, args: rest, shell } = npmCommand(args);
  const child = spawn(command, rest, { cwd, stdio: ['ignore', 2, 2], shell });
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
