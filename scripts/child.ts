import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './paths.ts';

const guard = pathToFileURL(path.join(root, 'scripts', 'parent-guard.mjs')).href;

export interface NodeChild {
  /** Node's executable; the one that runs this when not given. */
  node?: string;
  env?: Record<string, string>;
  /** Throws its output away. */
  quiet?: boolean;
  /** Descriptor of the file that its output goes to; this process's own output when not given. */
  output?: number | undefined;
  /** After how many milliseconds it is ended. */
  timeout?: number;
}

/** How a process ended. */
export interface Ended {
  good: boolean;
  /** As "exit code 1", "signal SIGKILL", "out of time after 300 s". */
  how: string;
}

/**
 * Runs a script on Node to its end, its output being ours. It is asked to end (SIGTERM) when this process ends,
 * however this process ends, and made to (SIGKILL) 10 s after its time is over.
 */
export function runNode(args: string[], options: NodeChild = {}): Promise<Ended> {
  const out = options.quiet ? 'ignore' : options.output;
  const child = spawn(
    options.node ?? process.execPath,
    ['--disable-warning=ExperimentalWarning', '--import', guard, ...args],
    {
      cwd: root,
      stdio: ['ignore', out ?? 'inherit', out ?? 'inherit', 'pipe'],
      env: { ...process.env, ...options.env, FIREDRILL_PARENT_PIPE: '3' },
    },
  );
  return ending(child, options.timeout);
}

function ending(child: ChildProcess, timeout: number | undefined): Promise<Ended> {
  let late = false;
  const timers: NodeJS.Timeout[] = [];
  if (timeout !== undefined) {
    const soft = setTimeout(() => {
      late = true;
      child.kill('SIGTERM');
    }, timeout);
    timers.push(
      soft,
      setTimeout(() => child.kill('SIGKILL'), timeout + 10_000),
    );
  }
  return new Promise((resolve) => {
    const done = (end: Ended) => {
      for (const timer of timers) clearTimeout(timer);
      resolve(end);
    };
    child.once('error', (error) => done({ good: false, how: error.message }));
    child.once('exit', (code, signal) => {
      if (late) done({ good: false, how: `out of time after ${(timeout ?? 0) / 1000} s` });
      else done({ good: code === 0, how: signal === null ? `exit code ${code}` : `signal ${signal}` });
    });
  });
}
