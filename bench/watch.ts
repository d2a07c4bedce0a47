import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import * as esbuild from 'esbuild';
import * as v from 'valibot';
import { cliBundle } from '../esbuild.mjs';
import { cliFlags } from '../scripts/cliFlags.mjs';
import { root } from '../scripts/paths.ts';

const line = v.variant('type', [
  v.object({ type: v.literal('instance'), instance: v.looseObject({ state: v.string() }) }),
  v.object({ type: v.literal('failure'), title: v.string(), runId: v.nullable(v.string()), timestamp: v.number() }),
  v.object({ type: v.literal('tick'), sensor: v.string(), startedAt: v.number(), failuresFound: v.number() }),
]);
export type WatchLine = v.InferOutput<typeof line>;

let built: Promise<unknown> | undefined;

/** `watch` of the command line as users run it: a process of its own, from the bundle. */
export class Watch {
  readonly lines: WatchLine[] = [];
  readonly #child: ChildProcess;
  #errors = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves when it follows the instance. `preload` is a module that is loaded before it. */
  static async start(options: {
    readonly home: string;
    readonly state: string;
    readonly dsn: string | null;
    readonly preload?: string;
  }): Promise<Watch> {
    built ??= esbuild.build(cliBundle);
    await built;
    const { home, state, dsn, preload } = options;
    const { SENTRY_DSN: _, DAGSTER_HOME: __, ...env } = process.env;
    const node = [...cliFlags, ...(preload === undefined ? [] : ['--import', preload])];
    const program = [...node, path.join(root, 'dist', 'cli.js'), 'watch', '--home', home, '--state', state];
    const args = ['--inbox-port', '0', '--workspace', home, '--webserver', 'http://127.0.0.1:9'];
    const child = spawn(process.execPath, [...program, ...args, '--deliver', dsn === null ? 'hold' : 'dsn'], {
      env: { ...env, ...(dsn === null ? {} : { SENTRY_DSN: dsn }) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const watch = new Watch(child);
    createInterface({ input: child.stdout }).on('line', (text) => {
      const said = v.safeParse(line, JSON.parse(text));
      if (said.success) watch.lines.push(said.output);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      watch.#errors += text;
    });
    await watch.until(() =>
      watch.lines.some((said) => said.type === 'instance' && said.instance.state === 'following'),
    );
    return watch;
  }

  of<Type extends WatchLine['type']>(type: Type): Extract<WatchLine, { type: Type }>[] {
    return this.lines.filter((said): said is Extract<WatchLine, { type: Type }> => said.type === type);
  }

  async until(holds: () => boolean, timeout = 60_000): Promise<void> {
    for (const end = Date.now() + timeout; !holds(); await pause(10)) {
      if (this.#child.exitCode !== null) throw new Error(`watch ended with ${this.#child.exitCode}: ${this.#errors}`);
      if (Date.now() > end) throw new Error(`watch did not come that far in ${timeout} ms; it said: ${this.#errors}`);
    }
  }

  /** Resident memory in bytes (Linux). */
  async memory(): Promise<number> {
    const status = await readFile(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await gone;
  }
}

/** An empty folder for a state. */
export async function newState(): Promise<{ readonly state: string; dispose(): Promise<void> }> {
  const state = await mkdtemp(path.join(os.tmpdir(), 'firedrill-bench-state-'));
  return { state, dispose: () => rm(state, { recursive: true, force: true, maxRetries: 10 }) };
}

/** The DSN of a sink. */
export const dsnOf = ({ port }: { readonly port: number }): string =>
  `http://0123456789abcdef0123456789abcdef@127.0.0.1:${port}/42`;
