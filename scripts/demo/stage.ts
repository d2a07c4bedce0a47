import { copyFile, cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DagsterDev } from '../../test/dagster/dagsterDev.ts';
import { workspace as source } from '../../test/dagster/provoker.ts';
import { cache } from '../paths.ts';
import { pythonEnv } from '../python.ts';
import type { Leaving } from './leaving.ts';

/** The demo's own copy of the Dagster project, with a running `dagster dev` on it. */
export interface Stage {
  /** Everything of this demo; removed at the end. */
  folder: string;
  /** The project's folder: what is opened in the editor. */
  workspace: string;
  /** DAGSTER_HOME, inside the workspace, so that it belongs to it. */
  home: string;
  dagster: DagsterDev;
}

/** Prepares Python, copies the project, starts Dagster; resolves when both code locations are loaded. */
export async function setStage(leaving: Leaving): Promise<Stage> {
  console.log('Preparing Python with Dagster (the first time some 30 s)...');
  await pythonEnv();

  const folder = path.join(cache, 'demo', String(process.pid));
  await removeLeftOver();
  await rm(folder, { recursive: true, force: true });
  leaving.add('The folder of the demo', () =>
    rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  );
  const workspace = path.join(folder, 'workspace');
  const home = path.join(workspace, '.dagster_home');
  const notWanted = new Set(['__pycache__', '.env']);
  await cp(source, workspace, { recursive: true, filter: (file) => !notWanted.has(path.basename(file)) });
  await mkdir(home);
  await copyFile(path.join(source, '..', 'dagster.yaml'), path.join(home, 'dagster.yaml'));
  await writeFile(path.join(workspace, '.env'), `DAGSTER_HOME=${home}\n`);

  console.log('Starting dagster dev on the demo project...');
  const dagster = await DagsterDev.start({ home, workspace, signal: leaving.signal });
  leaving.add('dagster dev', () => dagster.stop());
  await mkdir(path.join(workspace, '.vscode'));
  const settings = { 'firedrill.webserverUrl': dagster.url };
  await writeFile(path.join(workspace, '.vscode', 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  console.log(`Dagster is up, nothing has failed yet: ${dagster.url}`);
  return { folder, workspace, home, dagster };
}

/** Folders of demos that were killed: they are named after their process. */
async function removeLeftOver(): Promise<void> {
  const folder = path.join(cache, 'demo');
  await mkdir(folder, { recursive: true });
  for (const name of await readdir(folder)) {
    if (!isRunning(Number(name))) await rm(path.join(folder, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false; // no such process (or not ours to ask about)
  }
}
