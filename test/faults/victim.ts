import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths.ts';
import type { EngineWorkerData } from '../../src/engine/api.ts';
import { DEFAULTS } from '../engine/hostedEngine.ts';
import type { Point } from './points.ts';

/** Where a victim works. */
export interface Place {
  readonly home: string;
  readonly stateFolder: string;
  /** Its `.env` holds nothing: the DSN comes from the environment. */
  readonly workspace: string;
  readonly dsn: string;
}

/** Where a victim stops by itself. */
export interface Stop {
  readonly point: Point;
  /** The how manieth time the point is reached. */
  readonly nth: number;
  /** `wait`: it stands there until it is killed; `stop`: the process is stopped as by SIGSTOP. */
  readonly how: 'wait' | 'stop';
}

/** Starts a process that hosts the engine. */
export type Launch = (place: Place, stop: Stop | null) => Victim;

const NODE = ['--disable-warning=ExperimentalWarning'];
const probe = path.join(import.meta.dirname, 'probe.ts');

/** A process that hosts the engine and is killed or stopped on its way. */
export class Victim {
  readonly #child: ChildProcess;
  #said = '';
  #announced = '';
  /** It must not outlive a test that was broken off. */
  readonly #leave = (): void => void this.#child.kill('SIGKILL');

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(process.execPath, args, { env, cwd: root, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-4000);
    });
    process.once('exit', this.#leave);
    this.#child.once('exit', () => process.off('exit', this.#leave));
    const announcements = this.#child.stdio[3] as Readable;
    announcements.setEncoding('utf8').on('data', (text: string) => {
      this.#announced += text;
    });
  }

  /** Resolves when it has stopped by itself where it was told to. */
  async reached(point: Point): Promise<void> {
    for (const end = Date.now() + 20_000; !this.#announced.includes(`${point}\n`); await pause(5)) {
      if (this.#child.exitCode !== null || Date.now() > end) assert.fail(`never reached "${point}": ${this.#said}`);
    }
  }

  /** What it said on standard error lately. */
  get said(): string {
    return this.#said;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the process is gone. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill(signal);
    await gone;
  }
}

/** `watch`, as the command line has it. */
export const launchWatch: Launch = ({ home, stateFolder, workspace, dsn }, stop) =>
  new Victim(
    [
      ...NODE,
      '--import',
      probe,
      path.join(root, 'src', 'cli.ts'),
      'watch',
      ...['--home', home, '--state', stateFolder, '--workspace', workspace, '--deliver', 'dsn'],
      ...['--webserver', DEFAULTS.webserverUrl, '--inbox-port', '0'],
    ],
    environment(dsn, stop),
  );

/** A process that hosts the engine's worker thread, as the extension host does. */
export const launchWorkerHost: Launch = ({ home, stateFolder, workspace, dsn }, stop) => {
  const env = environment(dsn, stop);
  const data: EngineWorkerData = { stateFolder, version: '0.0.0-test', env: definedOnly(env) };
  const settings = {
    ...DEFAULTS,
    dagsterHome: home,
    workspaceFolders: [workspace],
    confirmedHomes: [home],
    deliveryMode: 'automatic',
    approvedDsns: 'all',
  };
  const program = path.join(import.meta.dirname, 'workerHost.ts');
  return new Victim([...NODE, program, JSON.stringify(data), JSON.stringify(settings)], env);
};

function environment(dsn: string, stop: Stop | null): NodeJS.ProcessEnv {
  const at = stop && { FIREDRILL_POINT: stop.point, FIREDRILL_NTH: String(stop.nth), FIREDRILL_HOW: stop.how };
  return { ...process.env, SENTRY_DSN: dsn, ...at };
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
