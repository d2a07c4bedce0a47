import { writeSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { build } from '../../esbuild.mjs';
import { runNode } from '../../scripts/child.ts';
import { node22 } from '../../scripts/node22.ts';
import { root } from '../../scripts/paths.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { fullHistory, oldHistory } from '../dagster/dagsterInstance.ts';
import { dagsterPostgres, postgresFiles } from '../dagster/postgres/packages.ts';
import { bugsinkFiles } from '../delivery/bugsink/bugsink.ts';
import { manyHistories } from '../faults/manyFailures.ts';
import { chromiumFiles } from '../host/chromium-files.ts';
import { canHost } from '../host/desktop.ts';
import { runHostTests } from '../host/run-host-tests.ts';
import { vscodeServer } from '../host/vscode-files.ts';
import { runMocha } from './mocha.ts';
import type { Outcome } from './outcome.ts';

/** Which files a stage runs; together all that there are. */
export const testFiles = {
  unit: 'test/**/*.test.ts',
  node22: 'test/{dagster,sensors,failure,channels,delivery,store,engine}/**/*.test.ts',
  dagster: 'test/{dagster/reading,dagster/versions,faults,engine,cli,delivery,endToEnd}/**/*.dagster.ts',
  demo: 'test/dagster/*.dagster.ts',
  host: 'test/vscode/**/*.host.ts',
  ui: 'test/vscode/**/*.ui.ts',
  endToEnd: 'test/{endToEnd,hostile}/**/*.ui.ts',
  testHost: 'test/host/*.ui.ts',
  webview: 'test/webview/**/*.ui.ts',
  figures: 'test/{hostile,vscode,webview}/**/*.figures.ts',
  versions: 'test/dagster/versions/*.versions.ts',
  faults: 'test/faults/*.long.ts',
} as const;

/** What a stage needs made before it starts. */
export type Preparation = 'build' | 'python' | 'history' | 'postgres' | 'bugsink' | 'vscode';

export const preparations: Record<Preparation, () => Promise<unknown>> = {
  build: () => build(),
  python: () => Promise.all([pythonEnv(), pythonEnv('1.8.13')]),
  history: () => Promise.all([fullHistory(), oldHistory(), manyHistories()]),
  postgres: () => Promise.all([postgresFiles(), dagsterPostgres()]),
  bugsink: () => bugsinkFiles(),
  vscode: () => (canHost() ? Promise.all([vscodeServer(), chromiumFiles()]) : Promise.resolve()),
};

export interface StageOptions {
  grep?: string | undefined;
  /** Descriptor of the file that the stage's output goes to; this process's own output when not given. */
  output?: number | undefined;
}

export interface Stage {
  name: string;
  title: string;
  needs: Preparation[];
  /** Takes minutes: runs only when it is named, or with `--full`. */
  long?: true;
  /** Holds times to limits: nothing else runs beside it. */
  alone?: true;
  run(options: StageOptions): Promise<Outcome>;
}

/** In the order they begin, two at a time: what is quick to fail first, then the longest. */
export const stages: Stage[] = [
  { name: 'types', title: 'types', needs: [], run: types },
  { name: 'lint', title: 'lint', needs: [], run: ({ output }) => command(['scripts/lint.ts'], output) },
  {
    name: 'audit',
    title: 'known vulnerabilities of what is shipped',
    needs: [],
    run: ({ output }) => command(['scripts/audit.ts'], output),
  },
  {
    name: 'ui',
    title: 'tests of the interface in a real VS Code, in a real browser',
    needs: ['build', 'python', 'vscode'],
    run: async ({ grep, output }) => {
      return mocha({ files: await find(testFiles.ui), timeout: 60_000, limit: 600_000, grep, output });
    },
  },
  {
    name: 'dagster',
    title: 'tests against a real Dagster',
    needs: ['build', 'python', 'history', 'postgres', 'bugsink'],
    run: async ({ grep, output }) => {
      return mocha({ files: await find(testFiles.dagster), timeout: 120_000, limit: 900_000, grep, output });
    },
  },
  {
    name: 'endToEnd',
    title: 'tests of the whole way, and of hostile data, in a real VS Code',
    needs: ['build', 'python', 'vscode'],
    run: async ({ grep, output }) => {
      return mocha({ files: await find(testFiles.endToEnd), timeout: 60_000, limit: 600_000, grep, output });
    },
  },
  {
    name: 'demo',
    title: 'tests of the demo project, with a real dagster dev',
    needs: ['build', 'python', 'history'],
    run: async ({ grep, output }) => mocha({ files: await find(testFiles.demo), timeout: 120_000, grep, output }),
  },
  {
    name: 'webview',
    title: 'tests of the webviews in a real browser',
    needs: ['build', 'vscode'],
    run: async ({ grep, output }) => mocha({ files: await find(testFiles.webview), timeout: 60_000, grep, output }),
  },
  {
    name: 'testHost',
    title: "tests of the tests' own VS Code",
    needs: ['vscode'],
    run: async ({ grep, output }) => mocha({ files: await find(testFiles.testHost), timeout: 60_000, grep, output }),
  },
  {
    name: 'unit',
    title: 'unit tests',
    needs: ['python'],
    run: async ({ grep, output }) => mocha({ files: await find(testFiles.unit), timeout: 10_000, grep, output }),
  },
  {
    name: 'node22',
    title: "the engine's unit tests on Node 22",
    needs: ['python'],
    run: async ({ grep, output }) => {
      return mocha({
        files: await find(testFiles.node22),
        timeout: 10_000,
        grep,
        output,
        node: node22(),
      });
    },
  },
  {
    name: 'figures',
    title: 'times in a real VS Code and a real browser',
    needs: ['build', 'python', 'vscode'],
    alone: true,
    run: async ({ grep, output }) => mocha({ files: await find(testFiles.figures), timeout: 60_000, grep, output }),
  },
  {
    name: 'versions',
    title: 'the last patch of each minor release of Dagster since 1.8',
    needs: ['build', 'history'],
    long: true,
    run: async ({ grep, output }) => {
      return mocha({ files: await find(testFiles.versions), timeout: 300_000, limit: 2_400_000, grep, output });
    },
  },
  {
    name: 'faults',
    title: 'the engine killed and stopped at every point of its way, at length',
    needs: ['build', 'python', 'history'],
    long: true,
    run: async ({ grep, output }) => {
      return mocha({ files: await find(testFiles.faults), timeout: 600_000, limit: 1_800_000, grep, output });
    },
  },
  { name: 'host', title: 'tests in the extension host of a real VS Code', needs: ['build', 'vscode'], run: inHost },
];

async function find(pattern: string): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(pattern, { cwd: root })) files.push(path.join(root, file));
  return files.sort();
}

async function mocha(run: Parameters<typeof runMocha>[0]): Promise<Outcome> {
  return run.files.length === 0 ? { passed: 0, failures: [] } : runMocha(run);
}

/** A check that is one test: it passes when the command does. */
async function command(args: string[], output: number | undefined): Promise<Outcome> {
  const { good, how } = await runNode(args, { timeout: 300_000, output });
  return good ? { passed: 1, failures: [] } : { passed: 0, failures: [how] };
}

async function types({ output }: StageOptions): Promise<Outcome> {
  const tsc = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const projects = ['.', 'src/webview', 'test'];
  const ran = await Promise.all(projects.map((project) => runNode([tsc, '-p', project], { timeout: 300_000, output })));
  const bad = ran.find(({ good }) => !good);
  return bad ? { passed: 0, failures: [bad.how] } : { passed: 1, failures: [] };
}

async function inHost({ grep, output: to }: StageOptions): Promise<Outcome> {
  const files = await find(testFiles.host);
  if (files.length === 0) return { passed: 0, failures: [] };
  const folder = path.join(root, 'test', 'dagster', 'workspace');
  const { outcome, output } = await runHostTests({ files, extension: root, folder, ...(grep ? { grep } : {}) });
  writeSync(to ?? process.stdout.fd, output);
  return outcome;
}
