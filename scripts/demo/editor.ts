import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../../esbuild.mjs';
import { desktopCode } from '../../test/host/desktop.ts';
import { startServer } from '../../test/host/server.ts';
import { workbenchUrl } from '../../test/host/workbench-url.ts';
import { exec } from '../exec.ts';
import { root } from '../paths.ts';
import type { Leaving } from './leaving.ts';
import type { Stage } from './stage.ts';

/** Builds the extension, opens VS Code with it on the demo project, and waits until Firedrill follows the instance. */
export async function openEditor(
  stage: Stage,
  options: { host: string; port: number | undefined; hosted: boolean },
  leaving: Leaving,
): Promise<void> {
  console.log('Building the extension...');
  await build();

  const desktop = options.hosted ? undefined : await desktopCode();
  const userData = path.join(stage.folder, 'user');
  if (desktop === undefined) await openHosted(stage, userData, options, leaving);
  else await openDesktop(desktop, stage, userData, leaving);

  console.log(
    '\nIn VS Code: click the Firedrill icon in the activity bar (the bar at the side), and leave the tree open.',
  );
  console.log('The failures begin when Firedrill follows the instance; press Enter to begin at once.');
  await followed(userData, leaving);
  console.log('\nWhat to click while they come:');
  console.log('  - a failure: its preview, the exact request that Sentry would get');
  console.log('  - the send button on a failure: it goes to the inbox (no DSN is set), and its receipt is shown');
  console.log('  - "Send test check failure" in the title of the Failures view');
  console.log('  - the panel "Sensor Ticks" at the bottom: the sensors at work');
}

async function openHosted(
  stage: Stage,
  userDataDir: string,
  options: { host: string; port: number | undefined },
  leaving: Leaving,
): Promise<void> {
  console.log('Starting VS Code (hosted, for your browser)...');
  const server = await startServer({
    host: options.host,
    ...(options.port === undefined ? {} : { port: options.port }),
    extensions: [root],
    userDataDir,
  });
  leaving.add('VS Code', () => server.stop());
  console.log(`\nOpen this in a browser:\n\n  ${workbenchUrl(server, { folder: stage.workspace })}`);
  if (options.host !== '127.0.0.1' && options.host !== 'localhost') {
    console.log('\nWebviews (the preview, the ticks) need an address that browsers trust: 127.0.0.1 or localhost.');
  }
}

async function openDesktop(code: string, stage: Stage, userData: string, leaving: Leaving): Promise<void> {
  console.log(`Starting VS Code (${code})...`);
  const args = ['--new-window', '--wait', '--disable-workspace-trust', `--extensionDevelopmentPath=${root}`];
  args.push(`--user-data-dir=${userData}`, `--extensions-dir=${path.join(stage.folder, 'extensions')}`);
  args.push(stage.workspace);
  const windows = process.platform === 'win32';
  const child = spawn(windows ? `"${code}"` : code, windows ? args.map((text) => `"${text}"`) : args, {
    stdio: 'ignore',
    shell: windows, // code.cmd
    detached: !windows, // a terminal's Ctrl-C is for the demo, which ends it in its turn
  });
  const gone = once(child, 'exit');
  leaving.add('VS Code', async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    await endWindow(userData);
    const ended = await Promise.race([gone, sleep(10_000, 'late' as const)]);
    if (ended === 'late') throw new Error('close its window');
  });
  await once(child, 'spawn');
  void gone.then(() => {
    if (!leaving.signal.aborted) console.log('\nThe VS Code window is closed. Ctrl-C ends the rest.');
  });
}

/** `code` only waits for the window, whose process is another: VS Code leaves its id in its user folder. */
async function endWindow(userData: string): Promise<void> {
  const pid = Number(await readFile(path.join(userData, 'code.lock'), 'utf8').catch(() => ''));
  if (!(pid > 0)) return;
  if (process.platform === 'win32') await exec('taskkill', ['/T', '/F', '/PID', String(pid)]);
  else process.kill(pid, 'SIGTERM');
}

/** Resolves when the extension follows the instance, or somebody pressed Enter. */
async function followed(userData: string, leaving: Leaving): Promise<void> {
  const input = createInterface({ input: process.stdin });
  let pressed = false;
  input.once('line', () => {
    pressed = true;
  });
  const state = path.join(userData, 'User', 'globalStorage', 'firedrill.firedrill');
  try {
    while (!pressed && !(await holdsInstance(state))) await sleep(250, undefined, { signal: leaving.signal });
  } finally {
    input.close();
  }
}

/** Whether the engine keeps state for an instance: a file of its own beside that for when there is none. */
async function holdsInstance(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => []); // not there before the extension's first start
  return names.filter((name) => /^state-.*\.db$/.test(name)).length > 1;
}
