import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fullHistory } from '../dagster/dagsterInstance.ts';
import { evaluationJson } from '../dagster/reading/home.ts';

/** How often Dagster's rows are written in these tests: by these names of checks. */
let made = 0;

/**
 * A DAGSTER_HOME that Dagster itself wrote, in a folder of its own, to which this process writes as Dagster does: a
 * connection for each event, closed after it.
 */
export class WrittenInstance {
  readonly home: string;
  readonly #parent: string;

  private constructor(parent: string) {
    this.#parent = parent;
    this.home = path.join(parent, 'home');
  }

  /** With the history that this Dagster wrote; older than any failure that {@link fail} makes. */
  static async make(): Promise<WrittenInstance> {
    const parent = mkdtempSync(path.join(os.tmpdir(), 'firedrill-faults-'));
    const instance = new WrittenInstance(parent);
    cpSync(await fullHistory(), instance.home, { recursive: true, dereference: true });
    return instance;
  }

  get log(): string {
    return path.join(this.home, 'history', 'runs', 'index.db');
  }

  /** Records a failed evaluation, also where the home stands elsewhere; answers its check's name, which no other has. */
  fail(secondsAgo = 0, home = this.home, text = ''): string {
    made += 1;
    const check = `check_${made}`;
    const seconds = Date.now() / 1000 - secondsAgo;
    const metadata = `{"text": {"__class__": "TextMetadataEntryData", "text": "${text}"}}`;
    const event = evaluationJson(`run-${made}`, seconds, { check, metadata });
    const database = new DatabaseSync(path.join(home, 'history', 'runs', 'index.db'), { timeout: 5_000 });
    try {
      insert(database, 'ASSET_CHECK_EVALUATION', `run-${made}`, seconds, event);
    } finally {
      database.close();
    }
    return check;
  }

  /** Gives the instance the name that `instance_info` holds. */
  name(id: string | null): void {
    const database = new DatabaseSync(path.join(this.home, 'history', 'runs.db'));
    database.exec('delete from instance_info');
    if (id !== null) database.prepare('insert into instance_info (run_storage_id) values (?)').run(id);
    database.close();
  }

  /** Another making of the same tables: what a database of another instance has. */
  makeAnother(): void {
    const database = new DatabaseSync(path.join(this.home, 'history', 'runs.db'));
    database.exec("update secondary_indexes set migration_completed = datetime(migration_completed, '+1 day')");
    database.close();
  }

  /** Where the home stands while it is away. */
  get away(): string {
    return path.join(this.#parent, 'away');
  }

  goAway(): void {
    renameSync(this.home, this.away);
  }

  comeBack(): void {
    if (existsSync(this.away)) renameSync(this.away, this.home);
  }

  dispose(): void {
    rmSync(this.#parent, { recursive: true, force: true });
  }
}

export function insert(database: DatabaseSync, type: string, run: string, seconds: number, event: string): number {
  const sql = 'insert into event_logs (run_id, event, dagster_event_type, timestamp) values (?, ?, ?, ?)';
  const text = new Date(seconds * 1000).toISOString().replace('T', ' ').replace('Z', '000');
  return Number(database.prepare(sql).run(run, event, type, text).lastInsertRowid);
}
