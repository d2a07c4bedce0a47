import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exec } from '../../scripts/exec.ts';
import { prepared } from '../../scripts/prepared.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { pythonEnvironment } from '../dagster/provoker.ts';

const program = path.join(import.meta.dirname, 'many_failures.py');
const settings = path.join(import.meta.dirname, '..', 'dagster', 'dagster.yaml');

export const CHECKS = 1_900;
export const RUNS = 100;
/** What stands in the instance before the others are recorded, so that there is a log to meet. */
const BEFORE = 1;

/**
 * An instance with one failure, and the same instance after Dagster recorded 2,000 more. Made once (some 30 s) and
 * kept under `.cache`.
 */
export async function manyHistories(): Promise<{ readonly before: string; readonly after: string }> {
  const { python } = await pythonEnv();
  const hash = createHash('sha256')
    .update(await readFile(program))
    .update(`${CHECKS} ${RUNS}`)
    .digest('hex');
  const folder = await prepared(`dagster-many-${hash.slice(0, 12)}`, '2,000 failures in a Dagster', async (made) => {
    const [before, after] = [path.join(made, 'before'), path.join(made, 'after')];
    const fill = async (checks: number, runs: number, first: number): Promise<void> => {
      const args = ['--home', before, '--checks', checks, '--runs', runs, '--first', first].map(String);
      const ran = await exec(python, [program, ...args], { env: pythonEnvironment(before) });
      if (ran.code !== 0) throw new Error(`many_failures.py ended with ${ran.code}:\n${ran.stderr.slice(-4000)}`);
    };
    await cp(settings, path.join(before, 'dagster.yaml'));
    await fill(BEFORE, 0, 0);
    await cp(before, `${before}-kept`, { recursive: true });
    await fill(CHECKS, RUNS, BEFORE);
    await cp(before, after, { recursive: true });
    await rm(before, { recursive: true });
    await cp(`${before}-kept`, before, { recursive: true });
    await rm(`${before}-kept`, { recursive: true });
  });
  return { before: path.join(folder, 'before'), after: path.join(folder, 'after') };
}

/** An instance in which 2,000 failures are recorded at a stroke. */
export interface ManyFailures {
  readonly home: string;
  /** Puts the rows that Dagster wrote into the instance, at a stroke, also while others read it. */
  record(): void;
  dispose(): Promise<void>;
}

export async function manyFailures(): Promise<ManyFailures> {
  const { before, after } = await manyHistories();
  const home = await mkdtemp(path.join(os.tmpdir(), 'firedrill-many-'));
  await cp(before, home, { recursive: true });
  return {
    home,
    record: () => {
      // The runs first: whoever finds a failure looks for its run.
      for (const file of ['history/runs.db', 'history/runs/index.db'])
        addRows(path.join(home, file), path.join(after, file));
    },
    dispose: () => rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }),
  };
}

/** Adds what the same tables of another file hold more, in one transaction. */
function addRows(file: string, from: string): void {
  const database = new DatabaseSync(file, { timeout: 10_000 });
  try {
    database.prepare('attach database ? as later').run(from);
    database.exec('begin immediate');
    const tables = database.prepare(
      "select name from main.sqlite_schema where type = 'table' and name not like 'sqlite_%'",
    );
    for (const { name } of tables.all())
      database.exec(`insert or ignore into main."${name}" select * from later."${name}"`);
    database.exec('commit');
  } finally {
    database.close();
  }
}
