// Runs in the extension host of a real VS Code, once with Firedrill and once with an extension that does nothing: what
// happens outside is the same. Writes what it measured to the file FIREDRILL_BENCH_OUT.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import Module from 'node:module';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Firedrill } from '../../src/extension.ts';
import type { EditorRun, Phase } from './delays.ts';

const home = process.env.FIREDRILL_BENCH_HOME ?? '';
const firedrill = vscode.extensions.getExtension<Firedrill>('firedrill.firedrill');
const empty = vscode.extensions.getExtension('firedrill.firedrill-empty');

/** ms after which a phase's last work is over. */
const SETTLED = 1_500;
/** ms after which VS Code has started what it starts by itself. */
const STARTED = 4_000;
/** The file that VS Code loads first. */
const MAIN = path.join('dist', 'extension.cjs');

async function act(what: 'backlog' | 'large' | 'lock'): Promise<void> {
  const program = path.join(import.meta.dirname, 'act.ts');
  const node = process.env.FIREDRILL_NODE ?? process.execPath;
  const { ELECTRON_RUN_AS_NODE: _, NODE_OPTIONS: __, ...env } = process.env;
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', program, what, home], { env, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`act.ts ${what} ended with ${code}`);
}

async function until(what: string, holds: () => boolean, timeout = 60_000): Promise<void> {
  for (const end = Date.now() + timeout; !holds(); await pause(50)) {
    if (Date.now() > end) throw new Error(`not in ${timeout} ms: ${what}`);
  }
}

/** The longest that the event loop was late while `work` went on, in ms. */
async function lateness(work: () => Promise<unknown>): Promise<number> {
  const monitor = monitorEventLoopDelay({ resolution: 1 });
  monitor.enable();
  await work();
  await pause(SETTLED);
  monitor.disable();
  return monitor.max / 1e6;
}

/** What activation asks for and how long it holds the thread, from now on. */
interface Loading {
  /** Names of the modules, as they were asked for. */
  readonly modules: string[];
  /** ms to load Firedrill's main file with all that it imports, and to run its `activate`, which is synchronous. */
  held: number;
}

function watchLoading(): Loading {
  const loading: Loading = { modules: [], held: 0 };
  const load = Reflect.get(Module, '_load');
  Reflect.set(Module, '_load', function (this: unknown, ...args: unknown[]) {
    loading.modules.push(String(args[0]));
    const began = performance.now();
    const exports: unknown = Reflect.apply(load, this, args);
    if (!String(args[0]).endsWith(MAIN) || typeof exports !== 'object' || exports === null) return exports;
    loading.held += performance.now() - began;
    const activate = (context: unknown): unknown => {
      const from = performance.now();
      const answer = Reflect.apply(Reflect.get(exports, 'activate'), exports, [context]);
      loading.held += performance.now() - from;
      return answer;
    };
    return { ...exports, activate };
  });
  return loading;
}

const pending = (drill: Firedrill | undefined): number => drill?.session.overview?.pending.check ?? 0;

describe('the extension host', function () {
  this.timeout(180_000);

  it('is measured in each phase', async () => {
    if (firedrill?.isActive || empty?.isActive) throw new Error('it was activated before it could be measured');
    await pause(STARTED);
    const loading = watchLoading();
    let drill: Firedrill | undefined;
    const delays: Partial<Record<Phase, number>> = {};
    delays.activation = await lateness(async () => {
      drill = await firedrill?.activate();
      await empty?.activate();
    });
    const { held: activation, modules } = { ...loading, modules: [...loading.modules] };
    const setting = vscode.workspace.getConfiguration('firedrill');
    if (drill && activation === 0) throw new Error('the loading of the main file was not seen');
    if (drill) await setting.update('dagsterHome', home, vscode.ConfigurationTarget.Global);
    await until('following', () => !drill || drill.session.overview?.instance.state === 'following');
    delays['first preview'] = await lateness(async () => {
      if (drill) await vscode.commands.executeCommand('firedrill.sendTestCheck');
    });
    delays['10 MB of metadata'] = await lateness(async () => {
      const before = pending(drill);
      await act('large');
      await until('the large failure', () => !drill || pending(drill) > before);
      const row = drill?.failures.list.rows('check')[0];
      if (row) await vscode.commands.executeCommand('firedrill.preview', row.id);
    });
    delays['10 s lock'] = await lateness(() => act('lock'));
    delays['5,000 failures'] = await lateness(async () => {
      await act('backlog');
      await until('the backlog', () => !drill || pending(drill) >= 5000);
    });
    const measured = { activation, modules, delays: delays as Record<Phase, number> } satisfies EditorRun;
    await writeFile(process.env.FIREDRILL_BENCH_OUT ?? '', JSON.stringify(measured));
  });
});
