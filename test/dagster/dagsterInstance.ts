import { createHash } from 'node:crypto';
import { appendFile, copyFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { prepared } from '../../scripts/prepared.ts';
import { type DagsterVersion, lockedPackages, pythonEnv } from '../../scripts/python.ts';
import { type ManifestEntry, readManifest } from './manifest.ts';
import { Provoker, pythonEnvironment } from './provoker.ts';

const here = import.meta.dirname;

/** Where an instance keeps its data, if not in the default SQLite storage. */
export interface OtherStorage {
  /** The sections of dagster.yaml that say so. */
  readonly yaml: string;
  /** What Dagster's processes need in their environment for it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A DAGSTER_HOME of its own, with default SQLite storage where no other is given. */
export class DagsterInstance {
  /** The home folder. */
  readonly home: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #provokers = new Set<Provoker>();

  private constructor(home: string, env: Readonly<Record<string, string>> = {}) {
    this.home = home;
    this.#env = env;
  }

  /** Nothing was ever recorded here. */
  static async empty(storage: OtherStorage = { yaml: '' }): Promise<DagsterInstance> {
    const home = await newFolder();
    await copyFile(path.join(here, 'dagster.yaml'), path.join(home, 'dagster.yaml'));
    await appendFile(path.join(home, 'dagster.yaml'), storage.yaml);
    return new DagsterInstance(home, storage.env);
  }

  /** Every case once. The history is made on first use (some 30 s) and copied from then on. */
  static async withHistory(): Promise<DagsterInstance> {
    const home = await newFolder();
    await cp(await fullHistory(), home, { recursive: true });
    return new DagsterInstance(home);
  }

  /** As Dagster 1.8 wrote it: the evaluations stand in `asset_check_executions` alone. */
  static async withOldHistory(): Promise<DagsterInstance> {
    const home = await newFolder();
    await cp(await oldHistory(), home, { recursive: true });
    return new DagsterInstance(home);
  }

  /** All failures that were provoked here so far. */
  manifest(): Promise<ManifestEntry[]> {
    return readManifest(this.home);
  }

  /** A process that makes failures here one by one; `live` is the webserver of a `dagster dev` on this home. */
  async serve(live?: string): Promise<Provoker> {
    const provoker = await Provoker.start({ home: this.home, env: this.#env, ...(live === undefined ? {} : { live }) });
    this.#provokers.add(provoker);
    return provoker;
  }

  /** Makes these cases happen, without a webserver; the failures they left. For several calls use {@link serve}. */
  async provoke(...cases: string[]): Promise<ManifestEntry[]> {
    const provoker = await this.serve();
    try {
      return await provoker.provoke(...cases);
    } finally {
      await provoker.stop();
      this.#provokers.delete(provoker);
    }
  }

  /** Ends what was started here and removes the folder. */
  async dispose(): Promise<void> {
    for (const provoker of this.#provokers) await provoker.stop();
    await rm(this.home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

const newFolder = (): Promise<string> => mkdtemp(path.join(os.tmpdir(), 'firedrill-dagster-'));

/** A home in which every case happened, under `.cache`. Read it only; {@link DagsterInstance.withHistory} copies it. */
export async function fullHistory(): Promise<string> {
  const { python } = await pythonEnv();
  const inputs = ['workspace', 'provoke', 'dagster.yaml', 'requirements.txt'];
  return await prepared(
    `dagster-history-${await hashOf(inputs)}`,
    'a Dagster history of every failure',
    async (home) => {
      await copyFile(path.join(here, 'dagster.yaml'), path.join(home, 'dagster.yaml'));
      await run(python, [path.join(here, 'provoke'), '--home', home, '--all'], home);
    },
  );
}

/**
 * A home written by this Dagster, under `.cache`: the cases that every version from 1.8 on can make. Read it only. It
 * takes some 20 s to make.
 */
export async function versionHistory(version: DagsterVersion): Promise<string> {
  const { python } = await pythonEnv(version);
  const hash = createHash('sha256').update(await lockedPackages(version));
  hash.update(await hashOf(['workspace', 'provoke', 'versions/history.py', 'versions/locations']));
  return await prepared(
    `dagster-${version}-history-${hash.digest('hex').slice(0, 12)}`,
    `a history written by Dagster ${version}`,
    async (home) => {
      await run(python, [path.join(here, 'versions', 'history.py'), '--home', home], home);
    },
  );
}

/** A home written by the oldest Dagster, 1.8. Read it only. */
export const oldHistory = (): Promise<string> => versionHistory('1.8.13');

async function run(python: string, args: string[], home: string): Promise<void> {
  const ran = await exec(python, args, { env: pythonEnvironment(home) });
  if (ran.code === 0) return;
  const surprises = ran.stdout.split('\n').filter((line) => line.includes('"ok": false'));
  throw new Error(
    `${path.basename(args[0] ?? '')} ended with ${ran.code}:\n${surprises.join('\n') || ran.stderr.slice(-4000)}`,
  );
}

/** Of the content of files and folders beside this file. */
async function hashOf(names: string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const name of names) {
    for (const file of await filesOf(path.join(here, name))) {
      hash
        .update(path.relative(here, file).replaceAll('\\', '/'))
        .update('\0')
        .update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 12);
}

const notSource = new Set(['__pycache__', '.env']);

async function filesOf(place: string): Promise<string[]> {
  const children = await readdir(place, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (children === undefined) return [place];
  const names = children.map((child) => child.name).filter((name) => !notSource.has(name));
  return (await Promise.all(names.sort().map((name) => filesOf(path.join(place, name))))).flat();
}
