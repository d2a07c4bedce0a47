import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { pythonEnv } from '../../scripts/python.ts';
import { freePort } from '../freePort.ts';
import { pythonEnvironment, workspace } from './provoker.ts';

export interface DagsterDevOptions {
  /** The DAGSTER_HOME it runs on. */
  home: string;
  /** A copy of the demo project, where it is not the repository's own. */
  workspace?: string;
  /** Default: a free one. */
  port?: number;
  /** Added to its environment, e.g. SENTRY_DSN for the project's own sensors. */
  env?: Record<string, string>;
  /** Ends waiting for it; the process is stopped. */
  signal?: AbortSignal;
}

const statuses = v.object({
  data: v.object({
    locationStatusesOrError: v.object({
      entries: v.array(v.object({ name: v.string(), loadStatus: v.string() })),
    }),
    workspaceOrError: v.object({
      locationEntries: v.array(
        v.object({ name: v.string(), locationOrLoadError: v.nullable(v.object({ __typename: v.string() })) }),
      ),
    }),
  }),
});

const question = `{
  locationStatusesOrError { ... on WorkspaceLocationStatusEntries { entries { name loadStatus } } }
  workspaceOrError { ... on Workspace { locationEntries { name locationOrLoadError { __typename } } } }
}`;

/** A running `dagster dev`: webserver, daemon and code servers. All of it ends when this process does, however it does. */
export class DagsterDev {
  /** The webserver's address, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  readonly home: string;
  readonly #child: ChildProcess;
  #log = '';

  private constructor(child: ChildProcess, port: number, home: string) {
    this.#child = child;
    this.port = port;
    this.home = home;
    this.url = `http://127.0.0.1:${port}`;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log = (this.#log + text).slice(-100_000);
      });
    }
  }

  /** Resolves when both code locations are loaded (some 5 to 15 s). */
  static async start(options: DagsterDevOptions): Promise<DagsterDev> {
    const environment = await pythonEnv();
    const port = options.port ?? (await freePort());
    const dagster = ['dev', '-w', 'workspace.yaml', '-h', '127.0.0.1', '-p', String(port)];
    const child = spawn(
      environment.python,
      [path.join(import.meta.dirname, 'guard.py'), environment.bin('dagster'), ...dagster],
      {
        cwd: options.workspace ?? workspace,
        env: { ...pythonEnvironment(options.home), ...options.env },
        // The guard's own group. Its input is never written to: when it closes, the guard takes all of them down.
        detached: process.platform !== 'win32',
        windowsHide: true,
        stdio: ['pipe', 'pipe', 'pipe'],
      },
    );
    const dev = new DagsterDev(child, port, options.home);
    try {
      await dev.#loaded(options.signal);
      return dev;
    } catch (error) {
      await dev.stop();
      throw error;
    }
  }

  /** What it printed, the last 100 kB. */
  get log(): string {
    return this.#log;
  }

  /** Of the guard, which leads the process group of all of it (except on Windows). */
  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends the whole process tree; resolves when it is gone. */
  async stop(): Promise<void> {
    if (!this.running) return;
    const gone = once(this.#child, 'exit');
    this.#child.stdin?.end();
    await gone;
  }

  async #loaded(signal: AbortSignal | undefined): Promise<void> {
    const deadline = Date.now() + 120_000;
    let last = 'no answer yet';
    for (;;) {
      signal?.throwIfAborted();
      if (!this.running) throw new Error(`dagster dev ended by itself:\n${this.#log.slice(-4000)}`);
      if (Date.now() > deadline)
        throw new Error(`dagster dev did not load in time (${last}):\n${this.#log.slice(-4000)}`);
      const answer = await this.#ask();
      if (typeof answer === 'string') last = answer;
      else {
        const { entries } = answer.data.locationStatusesOrError;
        const loaded = answer.data.workspaceOrError.locationEntries;
        const broken = loaded.find((entry) => entry.locationOrLoadError?.__typename === 'PythonError');
        if (broken) throw new Error(`the code location ${broken.name} does not load:\n${this.#log.slice(-4000)}`);
        if (entries.length === 2 && entries.every((entry) => entry.loadStatus === 'LOADED')) return;
        last = `${entries.length} locations are loading`;
      }
      await pause(200);
    }
  }

  async #ask(): Promise<v.InferOutput<typeof statuses> | string> {
    try {
      const response = await fetch(`${this.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: question }),
        signal: AbortSignal.timeout(10_000),
      });
      return v.parse(statuses, await response.json());
    } catch (error) {
      return error instanceof Error ? error.message : String(error); // not up yet
    }
  }
}
