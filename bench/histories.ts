import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exec } from '../scripts/exec.ts';
import { prepared } from '../scripts/prepared.ts';
import { pythonEnv } from '../scripts/python.ts';
import type { FailureKind } from '../src/failure/failure.ts';
import { pythonEnvironment } from '../test/dagster/provoker.ts';

/** How many failures of each kind stand in the backlogs. */
export const BACKLOG = { check: 5000, run: 300 } as const;

/** The instance before anything failed, and with its backlog of each kind. */
export type HistoryName = 'before' | 'checks' | 'runs';

/** Where a backlog of a kind stands. */
export const HISTORY: Readonly<Record<FailureKind, HistoryName>> = { check: 'checks', run: 'runs' };

const program = path.join(import.meta.dirname, 'python', 'make_backlog.py');

/** Made once with a real Dagster (some minutes), kept under `.cache`. */
async function histories(): Promise<string> {
  const { python } = await pythonEnv();
  const hash = createHash('sha256')
    .update(await readFile(program))
    .update(JSON.stringify(BACKLOG))
    .digest('hex');
  return await prepared(`bench-backlogs-${hash.slice(0, 12)}`, 'the backlogs, with a real Dagster', async (folder) => {
    const args = [program, '--home', folder, '--checks', String(BACKLOG.check), '--runs', String(BACKLOG.run)];
    const made = await exec(python, args, { env: pythonEnvironment(folder) });
    if (made.code !== 0) throw new Error(`make_backlog.py ended with ${made.code}:\n${made.stderr.slice(-4000)}`);
  });
}

/** A copy of one of the histories, in a folder of its own. */
export async function copyOf(name: HistoryName): Promise<{ readonly home: string; dispose(): Promise<void> }> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'firedrill-bench-'));
  await cp(path.join(await histories(), name), home, { recursive: true });
  return { home, dispose: () => rm(home, { recursive: true, force: true, maxRetries: 10 }) };
}

/** Lets a backlog happen in a copy of `before` that may be read meanwhile: all of it is recorded at this moment. */
export async function append(home: string, kind: FailureKind): Promise<void> {
  const from = path.join(await histories(), HISTORY[kind], 'history');
  const to = path.join(home, 'history');
  const isShard = (file: string): boolean => !/(index|runs)\.db/.test(path.basename(file));
  await cp(path.join(from, 'runs'), path.join(to, 'runs'), { recursive: true, force: false, filter: isShard });
  addRows(path.join(to, 'runs.db'), path.join(from, 'runs.db'));
  addRows(path.join(to, 'runs', 'index.db'), path.join(from, 'runs', 'index.db'));
}

/** Lets one check fail with a text of this many bytes in its metadata. */
export async function appendLarge(home: string, bytes: number): Promise<void> {
  const from = path.join(await histories(), HISTORY.check, 'history', 'runs', 'index.db');
  const db = new DatabaseSync(path.join(home, 'history', 'runs', 'index.db'));
  try {
    const columns = 'run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition';
    const text = JSON.stringify({ __class__: 'TextMetadataValue', text: 'x'.repeat(bytes) });
    db.exec(`attach '${from.replaceAll("'", "''")}' as backlog; begin immediate`);
    const added = db
      .prepare(`insert into event_logs (${columns}) select ${columns} from backlog.event_logs
        where dagster_event_type = 'ASSET_CHECK_EVALUATION' limit 1`)
      .run();
    db.prepare(`update event_logs set
      event = json_set(event, '$.dagster_event.event_specific_data.metadata.large', json(?)) where id = ?`).run(
      text,
      added.lastInsertRowid,
    );
    recordedNow(db, Number(added.lastInsertRowid) - 1);
    db.exec('commit');
  } finally {
    db.close();
  }
}

/** Puts the rows of one database that another lacks into that other, in one transaction; the event log's as of now. */
function addRows(to: string, from: string): void {
  const db = new DatabaseSync(to);
  try {
    db.exec(`attach '${from.replaceAll("'", "''")}' as backlog; begin immediate`);
    const tables = db.prepare("select name from backlog.sqlite_schema where type = 'table'").all();
    for (const { name } of tables) {
      const behind = name === 'event_logs' ? lastEvent(db) : 0;
      db.exec(`insert or ignore into main."${name}" select * from backlog."${name}"`);
      if (name === 'event_logs') recordedNow(db, behind);
    }
    db.exec('commit');
  } finally {
    db.close();
  }
}

const lastEvent = (db: DatabaseSync): number =>
  Number(db.prepare('select max(id) as id from main.event_logs').get()?.id);

/** Sets the time of all events behind this id to the present, in the row and in what Dagster stored of it. */
function recordedNow(db: DatabaseSync, behind: number): void {
  const now = new Date();
  db.prepare("update event_logs set event = json_set(event, '$.timestamp', ?), timestamp = ? where id > ?").run(
    now.getTime() / 1000,
    now.toISOString().replace('T', ' ').replace('Z', '000'),
    behind,
  );
}
