import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { runTests } from '@vscode/test-electron';
import { judge, type Outcome } from '../run/outcome.ts';
import { readRows, type TestRow } from '../run/rows.ts';
import { bundleForHost } from './bundle.ts';
import { codeExecutable } from './desktop.ts';
import { calm, type Settings } from './settings.ts';

export interface HostTests {
  /** Test files (`*.host.ts`), mocha style; they import `vscode`. */
  files: string[];
  /** Folder of the extension under test, with its built `main`. */
  extension: string;
  /** Folder to open; an empty window when not given. */
  folder?: string;
  /** User settings, over the calm ones. */
  settings?: Settings;
  /** Environment of the extension host, over this process's. */
  env?: Record<string, string>;
  /** Only tests whose full title matches. */
  grep?: string;
  /** After how many milliseconds VS Code is ended; 5 minutes when not given. */
  timeout?: number;
}

export interface HostTestResult {
  rows: TestRow[];
  /** The counts; with a `problem` when VS Code did not come up, the extension host died or no test ran. */
  outcome: Outcome;
  /** What VS Code and the tests wrote. */
  output: string;
}

/**
 * Runs mocha tests inside the extension host of a VS Code (see `desktop.ts` for which). VS Code's own word is not
 * believed alone: a run is good when its rows are whole, there are some, and none failed (see ../run/outcome.ts).
 */
export async function runHostTests(tests: HostTests): Promise<HostTestResult> {
  const base = await mkdtemp(path.join(os.tmpdir(), 'firedrill-host-'));
  const file = path.join(base, 'rows.jsonl');
  let output = '';
  const sink = () =>
    new Writable({
      write(chunk, _encoding, done) {
        output += chunk;
        done();
      },
    });
  try {
    const { entry, files } = await bundleForHost(tests.files);
    const userData = path.join(base, 'user');
    const settings = { ...calm, 'security.workspace.trust.enabled': false, ...tests.settings };
    await writeSettings(userData, settings);
    const executable = await codeExecutable();
    const launchArgs = [`--user-data-dir=${userData}`, `--extensions-dir=${path.join(base, 'extensions')}`];
    if (tests.folder !== undefined) launchArgs.unshift(path.resolve(tests.folder));
    const running = runTests({
      ...(executable === undefined ? {} : { vscodeExecutablePath: executable }),
      extensionDevelopmentPath: path.resolve(tests.extension),
      extensionTestsPath: entry,
      launchArgs,
      stdout: sink(),
      stderr: sink(),
      extensionTestsEnv: {
        ...tests.env,
        FIREDRILL_NODE: process.execPath,
        FIREDRILL_SETTINGS: JSON.stringify(settings),
        FIREDRILL_ROWS: file,
        FIREDRILL_HOST_FILES: JSON.stringify(files),
        ...(tests.grep === undefined ? {} : { FIREDRILL_HOST_GREP: tests.grep }),
        FIREDRILL_HOST_TIMEOUT: String(tests.timeout ?? 300_000),
      },
    });
    const end = await running.then(
      () => ({ good: true, how: 'exit code 0' }),
      (error: unknown) => ({ good: false, how: error instanceof Error ? error.message : String(error) }),
    );
    const rows = await readRows(file);
    return { rows: rows.rows, outcome: judge(rows, end, tests.grep !== undefined), output };
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function writeSettings(userData: string, settings: Settings): Promise<void> {
  const folder = path.join(userData, 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings));
}
