import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import { workspace } from '../dagster/provoker.ts';

/** A copy of the demo project with an instance of its own: what a data engineer has open. */
export interface Project {
  readonly folder: string;
  readonly instance: DagsterInstance;
  dispose(): Promise<void>;
}

/**
 * Copies the demo project and names its DAGSTER_HOME in `.env`.
 * @param dsns SENTRY_DSN by code location, for the `.env` of its project folder.
 */
export async function makeProject(dsns: Readonly<Record<string, string>> = {}): Promise<Project> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-project-'));
  const instance = await DagsterInstance.empty();
  await cp(workspace, folder, { recursive: true });
  await writeFile(path.join(folder, '.env'), `DAGSTER_HOME='${instance.home}'\n`);
  for (const [location, dsn] of Object.entries(dsns)) {
    await writeFile(path.join(folder, 'projects', location, '.env'), `SENTRY_DSN=${dsn}\n`);
  }
  return {
    folder,
    instance,
    dispose: async () => {
      await instance.dispose();
      await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    },
  };
}
