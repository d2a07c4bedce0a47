import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

/** ms within which another one has to take over. */
const TAKEOVER = 5_000;

describe('two VS Code windows and watch at one instance', function () {
  this.timeout(120_000);
  let project: Project;
  let provoker: Provoker;
  let elsewhere: string;
  let first: Workbench;
  let second: Workbench;
  let watch: ChildProcess;
  let printed = '';

  before(async () => {
    project = await makeProject();
    provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
    elsewhere = await mkdtemp(path.join(os.tmpdir(), 'firedrill-elsewhere-'));
    await writeFile(path.join(elsewhere, '.env'), `DAGSTER_HOME='${project.instance.home}'\n`);
    first = await openWorkbench({ folder: project.folder, extensions: [root] });
    await first.openContainer('Firedrill');
    await first.tree('Failures').row('Before Firedrill').waitFor();
    second = await first.openWindow(elsewhere);
    await second.openContainer('Firedrill');
    await second.tree('Failures').row('Before Firedrill').waitFor();
    watch = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        path.join(root, 'src', 'cli.ts'),
        'watch',
        ...['--home', project.instance.home, '--state', path.dirname(stateFile()), '--inbox-port', '0'],
        ...['--webserver', 'http://127.0.0.1:9', '--workspace', elsewhere],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    watch.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    await until(() => printed.includes('"state":"following"'), 'watch to follow');
  });
  after(async () => {
    if (watch && watch.exitCode === null) {
      const gone = once(watch, 'exit');
      watch.kill('SIGTERM');
      await gone;
    }
    await first?.close();
    await project?.dispose();
    await rm(elsewhere, { recursive: true, force: true });
  });

  const stateFile = (): string => {
    const found = globSync('**/globalStorage/*/state-*.db', { cwd: first.server.userDataDir }).map((name) =>
      path.join(first.server.userDataDir, name),
    );
    return (
      found.find((file) => !String(ask(file, 'select id as answer from instance')).startsWith('no-instance')) ??
      assert.fail('no state')
    );
  };
  const ask = (file: string, sql: string): unknown => {
    const state = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
    try {
      return state.prepare(sql).get()?.answer;
    } finally {
      state.close();
    }
  };
  /** Who ticks: its process, by its sign of life. */
  const leader = (): { readonly owner: string; readonly pid: number } => {
    const owner = String(ask(stateFile(), 'select owner as answer from lease'));
    return { owner, pid: JSON.parse(readFileSync(`${stateFile()}.window-${owner}`, 'utf8')).pid };
  };
  const takenOver = async (from: string): Promise<number> => {
    const began = performance.now();
    const isTaken = (): boolean => {
      const owner = ask(stateFile(), 'select owner as answer from lease');
      return owner !== null && owner !== from;
    };
    await until(isTaken, 'a takeover');
    return performance.now() - began;
  };
  const shown = (window: Workbench, check: RegExp): Promise<void> => window.tree('Failures').row(check).waitFor();

  it('one detects, all show the same as it happens', async () => {
    await provoker.provoke('check-discrepancies');
    await Promise.all([
      shown(first, /discrepancies/),
      shown(second, /discrepancies/),
      until(() => printed.includes('discrepancies on audi'), 'watch to print it'),
    ]);
    assert.equal(ask(stateFile(), 'select count(*) as answer from ticks where failures_found > 0'), 1);
    await second.screenshot('windows.second');
  });

  it('when the process of the window that leads is killed, another takes over within 5 s', async () => {
    const { owner, pid } = leader();
    assert.notEqual(pid, watch.pid, 'a window leads: it came first');
    process.kill(pid, 'SIGKILL');
    const ms = await takenOver(owner);
    console.log(`      killed: taken over after ${Math.round(ms)} ms`);
    assert.ok(ms < TAKEOVER);
    await provoker.provoke('check-unresolved-refs');
    await shown(second, /unresolved_refs/);
    await until(() => printed.includes('unresolved_refs on'), 'watch to print it');
  });

  it('when the one that leads is stopped, another takes over within 5 s, and all goes on when it wakes up', async () => {
    const { owner, pid } = leader();
    process.kill(pid, 'SIGSTOP');
    const ms = await takenOver(owner);
    console.log(`      stopped: taken over after ${Math.round(ms)} ms`);
    assert.ok(ms < TAKEOVER);
    await provoker.provoke('run-exception');
    process.kill(pid, 'SIGCONT');
    await Promise.all([
      shown(second, /^run failure |, run failure /),
      until(() => printed.includes('"kind":"run"'), 'watch to print it'),
    ]);
  });

  it('when the windows are closed, watch goes on', async () => {
    await second.page.close({ runBeforeUnload: true });
    await first.close();
    const began = printed.length;
    await provoker.provoke('check-discrepancies');
    await until(() => printed.slice(began).includes('discrepancies on audi'), 'watch to find it');
  });
});

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo(); await pause(50)) {
    if (Date.now() > end) assert.fail(`waited 15 s in vain for ${what}`);
  }
}
