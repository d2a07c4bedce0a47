import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/paths.ts';
import { freePort } from '../freePort.ts';
import { installed } from './extensions.ts';
import { calm, type Settings } from './settings.ts';
import { vscodeServer } from './vscode-files.ts';

export interface ServerOptions {
  /** Address to listen on; 127.0.0.1 when not given. Webviews work at 127.0.0.1 or localhost only. */
  host?: string;
  /** A free one when not given. */
  port?: number;
  /** Extensions to install: folders with a package.json (packed first, as for a release) or `.vsix` files. */
  extensions?: string[];
  /** User settings, over the calm ones. */
  settings?: Settings;
  /** Settings that keep the workbench quiet. True when not given. */
  calm?: boolean;
  /** Workspace Trust. False when not given: every folder is trusted, nothing asks. */
  trust?: boolean;
  /**
   * VS Code's smoke-test driver: only with it does the workbench honour `extensionDevelopmentPath` and
   * `extensionTestsPath`; but it suppresses toasts. False when not given.
   */
  smoke?: boolean;
  /** Environment of the server and so of the extension host, over this process's. */
  env?: Record<string, string>;
  /** Where user settings, state and secrets are kept; in a temporary folder when not given. */
  userDataDir?: string;
  /** Called with what the server says. */
  onOutput?: (text: string) => void;
}

export interface VscodeServer {
  /** As `http://127.0.0.1:4711`. */
  origin: string;
  host: string;
  port: number;
  userDataDir: string;
  /** Its temporary folder, with logs, workspace storage and the installed extensions. */
  folder: string;
  process: ChildProcess;
  /** What the server has said so far. */
  output(): string;
  /**
   * Changes settings while the workbench is open, which sees it at once. They are this machine's: above the user's, and
   * not for what VS Code takes from the user's alone (application scope). User settings changed on disk go unnoticed.
   */
  changeSettings(settings: Settings): Promise<void>;
  /** Ends the server and all that it started, and removes its temporary folder. */
  stop(): Promise<void>;
}

/**
 * Starts a VS Code server that serves the workbench on a local address. It ends with this process, however this
 * process ends. Resolves when it listens; rejects with what it said when it does not.
 */
export async function startServer(options: ServerOptions = {}): Promise<VscodeServer> {
  const main = await vscodeServer();
  const extensions = await Promise.all((options.extensions ?? []).map(installed));
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? (await freePort());
  const base = await mkdtemp(path.join(os.tmpdir(), 'firedrill-vscode-'));
  const userDataDir = options.userDataDir ?? path.join(base, 'user');
  const extensionsDir = path.join(base, 'extensions');
  await installAll(extensions, extensionsDir);
  const trust = options.trust ?? false;
  const quiet = options.calm === false ? {} : calm;
  await addSettings(path.join(userDataDir, 'User', 'settings.json'), {
    ...quiet,
    'security.workspace.trust.enabled': trust,
    ...options.settings,
  });

  const guard = pathToFileURL(path.join(root, 'scripts', 'parent-guard.mjs')).href;
  const args = ['--host', host, '--port', String(port), '--without-connection-token', '--accept-server-license-terms'];
  args.push('--user-data-dir', userDataDir, '--extensions-dir', extensionsDir);
  args.push('--server-data-dir', path.join(base, 'server'));
  args.push('--disable-telemetry', '--disable-experiments', '--disable-getting-started-override');
  if (!trust) args.push('--disable-workspace-trust');
  if (options.smoke) args.push('--enable-smoke-test-driver');
  const child = spawn(process.execPath, ['--import', guard, main, ...args], {
    cwd: base,
    env: serverEnv(options.env),
    detached: process.platform !== 'win32', // leads a group, so that all of it can be ended
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const killGroup = (signal: NodeJS.Signals) => signalGroup(child, signal);
  let text = '';
  const listening = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk;
      options.onOutput?.(String(chunk));
      if (text.includes('Extension host agent listening')) resolve();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('error', reject);
    child.once('exit', (code) =>
      reject(new Error(`The VS Code server ended with ${code} before it listened:\n${text}`)),
    );
  });
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      killGroup('SIGTERM');
      const hard = setTimeout(() => killGroup('SIGKILL'), 4000);
      await gone;
      clearTimeout(hard);
    }
    killGroup('SIGKILL'); // extension hosts that outlive it
    await rm(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  await listening.catch(async (error) => {
    await stop();
    throw error;
  });
  return {
    origin: `http://${host}:${port}`,
    host,
    port,
    userDataDir,
    folder: base,
    process: child,
    output: () => text,
    changeSettings: (settings) => addSettings(path.join(userDataDir, 'Machine', 'settings.json'), settings),
    stop,
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error; // all gone already
  }
}

function serverEnv(extra: Record<string, string> | undefined): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    EXTENSIONS_GALLERY: '{}',
    FIREDRILL_PARENT_PIPE: '3,group',
    ...extra,
  };
  // Of this process, or of a VS Code that this process was started from: not for the one under test.
  const foreign = /^(NODE_OPTIONS|NODE_V8_COVERAGE|LD_LIBRARY_PATH|ELECTRON_RUN_AS_NODE|VSCODE_.*|npm_.*)$/;
  for (const name of Object.keys(env)) if (foreign.test(name) && !(extra && name in extra)) delete env[name];
  return env;
}

/** Puts installed extensions in one folder, as VS Code keeps them. */
async function installAll(extensions: string[], into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const registered: unknown[] = [];
  for (const from of extensions) {
    await cp(from, into, { recursive: true, filter: (file) => path.basename(file) !== '.complete' });
    registered.push(...JSON.parse(await readFile(path.join(from, 'extensions.json'), 'utf8')));
  }
  await writeFile(path.join(into, 'extensions.json'), JSON.stringify(registered));
}

async function addSettings(file: string, settings: Settings): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const before = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : {};
  await writeFile(file, JSON.stringify({ ...before, ...settings }, null, 2));
}
