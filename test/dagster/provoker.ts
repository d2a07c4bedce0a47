import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { cache } from '../../scripts/paths.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { type ManifestEntry, manifestEntries } from './manifest.ts';

/** The demo project: folder of workspace.yaml. */
export const workspace = path.join(import.meta.dirname, 'workspace');

const provokeProgram = path.join(import.meta.dirname, 'provoke');

const answer = v.union([
  v.object({ ready: v.literal(true), cases: v.record(v.string(), v.string()) }),
  v.object({ case: v.string(), ok: v.literal(true), entries: manifestEntries }),
  v.object({ case: v.string(), ok: v.literal(false), error: v.string() }),
]);
type Answer = v.InferOutput<typeof answer>;

/**
 * The environment of every Python that is started here: this process's own, without a DSN that somebody has set.
 * Compiled modules are kept, under `.cache`, even where the environment says not to: Dagster takes seconds without.
 */
export function pythonEnvironment(home: string): NodeJS.ProcessEnv {
  const { SENTRY_DSN: _dsn, PYTHONDONTWRITEBYTECODE: _noCompiled, ...rest } = process.env;
  return { ...rest, DAGSTER_HOME: home, PYTHONPYCACHEPREFIX: path.join(cache, 'pycache'), PYTHONUTF8: '1' };
}

export interface ProvokerOptions {
  /** The instance's DAGSTER_HOME. */
  home: string;
  /** The webserver of a `dagster dev` that runs on this home; otherwise the failures are made without one. */
  live?: string;
  /** A copy of the demo project, where it is not the repository's own. */
  workspace?: string;
  /** Added to its environment. */
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

/**
 * A process that makes failures on demand: some 2 s to start, then 0.1 to 0.6 s for most cases (live: 2 to 4 s).
 * It ends when this process does.
 */
export class Provoker {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #said = '';
  #queue: Promise<unknown> = Promise.resolve();
  /** Every case by name, with what happens in it. */
  #cases: Readonly<Record<string, string>> = {};

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-8000);
    });
    child.stdin.on('error', () => {}); // a process that ended early is told by the missing answer
  }

  static async start(options: ProvokerOptions): Promise<Provoker> {
    const { python } = await pythonEnv();
    const args = [provokeProgram, '--home', options.home, '--workspace', options.workspace ?? workspace, '--serve'];
    if (options.live !== undefined) args.push('--live', options.live);
    const env = { ...pythonEnvironment(options.home), ...options.env };
    const child = spawn(python, args, { env, windowsHide: true });
    const provoker = new Provoker(child);
    const ready = await provoker.#next();
    if (!('ready' in ready)) throw new Error(`provoke began with ${JSON.stringify(ready)}`);
    provoker.#cases = ready.cases;
    return provoker;
  }

  /** The names of all cases. */
  get cases(): readonly string[] {
    return Object.keys(this.#cases);
  }

  /** What happens in a case, in a few words. */
  describe(name: string): string {
    return this.#cases[name] ?? 'no such case';
  }

  /** Makes these cases happen, one after the other; the failures they left in the log. Rejects on the first surprise. */
  async provoke(...cases: string[]): Promise<ManifestEntry[]> {
    const entries: ManifestEntry[] = [];
    for (const name of cases) entries.push(...(await this.#one(name)));
    return entries;
  }

  /** Resolves when the process is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin.end();
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await gone;
    clearTimeout(kill);
  }

  #one(name: string): Promise<ManifestEntry[]> {
    const turn = this.#queue.then(async () => {
      this.#child.stdin.write(`${name}\n`);
      const said = await this.#next();
      if ('ready' in said || said.case !== name) throw new Error(`provoke answered ${JSON.stringify(said)} to ${name}`);
      if (!said.ok) throw new Error(`${name}: ${said.error}`);
      return said.entries;
    });
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #next(): Promise<Answer> {
    const line = await this.#answers.next();
    if (line.done) {
      const { exitCode, signalCode } = this.#child;
      if (exitCode === null && signalCode === null) await once(this.#child, 'exit');
      const how = `code ${this.#child.exitCode}, signal ${this.#child.signalCode}`;
      throw new Error(`provoke ended without an answer (${how}); it said:\n${this.#said}`);
    }
    return v.parse(answer, JSON.parse(line.value));
  }
}
