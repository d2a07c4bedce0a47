import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { runTests } from '@vscode/test-electron';
import * as v from 'valibot';
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

export interface HostTestRow {
  title: string;
  ms: number;
  /** Why it failed; absent when it passed. */
  error?: string;
}

export interface HostTestResult {
  rows: HostTestRow[];
  /** What went wrong beside the tests: VS Code did not come up, the extension host died, nothing ran. */
  problem?: string;
  /** What VS Code and the tests wrote. */
  output: string;
}

const Line = v.union([
  v.strictObject({ finished: v.literal(true), failures: v.number() }),
  v.strictObject({ title: v.string(), ms: v.number(), error: v.exactOptional(v.string()) }),
]);

/**
 * Runs mocha tests inside the extension host of a VS Code (see `desktop.ts` for which). VS Code's own word is not
 * believed: a run is good when its result file is whole, has tests, and none failed; all else is a `problem`.
 */
export async function runHostTests(tests: HostTests): Promise<HostTestResult> {
  const base = await mkdtemp(path.join(os.tmpdir(), 'firedrill-host-'));
  const result = path.join(base, 'result.jsonl');
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
        FIREDRILL_HOST_RESULT: result,
        FIREDRILL_HOST_FILES: JSON.stringify(files),
        ...(tests.grep === undefined ? {} : { FIREDRILL_HOST_GREP: tests.grep }),
        FIREDRILL_HOST_TIMEOUT: String(tests.timeout ?? 300_000),
      },
    });
    const failed = await running.then(
      () => undefined,
      (error: unknown) => error,
    );
    return { ...(await judge(result, failed)), output };
  } finally {
    await rm(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

async function writeSettings(userData: string, settings: Settings): Promise<void> {
  const folder = path.join(userData, 'User');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), JSON.stringify(settings));
}

async function judge(file: string, failed: unknown): Promise<Omit<HostTestResult, 'output'>> {
  const text = existsSync(file) ? await readFile(file, 'utf8') : '';
  const lines = text
    .split('\n')
    .filter(Boolean)
    .map((line) => v.parse(Line, JSON.parse(line)));
  const rows = lines.filter((line) => 'title' in line);
  const end = lines.find((line) => 'finished' in line);
  const said = failed instanceof Error ? `: ${failed.message}` : '';
  if (end === undefined) return { rows, problem: `VS Code ended before the tests had${said}` };
  if (rows.length === 0) return { rows, problem: 'no test ran' };
  const wrong = rows.filter((row) => row.error !== undefined).length;
  if (failed !== undefined && wrong === 0) return { rows, problem: `VS Code reported a failure${said}` };
  return { rows };
}
