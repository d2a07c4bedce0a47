import { chmodSync, closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../failure/messageOf.ts';
import { migrate } from './migrations.ts';
import { isSqliteFault, SQLITE } from './sqliteCodes.ts';
import { StateStoreError, toStateStoreError } from './stateStoreError.ts';

/**
 * ms that a statement waits for another window's transaction, which takes a few ms. Shorter than the silence after which
 * a window counts as gone: waiting holds the thread, and with it the sign of life.
 */
const BUSY_TIMEOUT = 1_500;
/** A larger file is not read whole at every start, only after damage in it was met. */
const CHECKED_UP_TO_BYTES = 64 * 1024 * 1024;
/** Opening a fresh file in two windows at once can answer "locked" without waiting: tried again this often. */
const OPEN_TRIES = 20;

/**
 * Pages of 8 KiB: a failure with its metadata fits into one, which doubled the rows a second that a tick stores. Freed
 * pages can be given back to the disk; that is set once, before the first table, as it writes to the file.
 */
const SETUP_NEW = 'pragma page_size = 8192; pragma auto_vacuum = incremental';
/** The WAL shrinks again after a burst. */
const SETUP = `pragma journal_mode = wal; pragma journal_size_limit = ${16 * 1024 * 1024};
  pragma synchronous = normal; pragma foreign_keys = on`;

/** Beside a file in which damage was met: the next start reads it whole. */
const SUSPECT = '.suspect';

/** How safe a transaction must be against a crash of the whole machine. A crash of the process never loses one. */
export type Durability =
  /** Synced to disk before it counts: a person's decision, an endpoint's receipt. */
  | 'synced'
  /** May be lost with the machine's power, never broken: what the event log tells again. */
  | 'quick';

/** Who keeps count of what this connection wrote. */
export interface OwnWrites {
  /** The number of the newest change in the file. */
  latest(): number;
  /** A transaction of this connection made the changes behind `from` up to `to`. */
  wrote(from: number, to: number): void;
}

/**
 * One SQLite file in WAL mode with transactions. One connection serves both durabilities: the level is switched by
 * PRAGMA between transactions (some µs), and a synced commit also makes the quick ones before it durable, as they
 * stand before it in the same WAL. A second connection would count as "another window" in `dataVersion`.
 */
export class Database {
  readonly file: string;
  readonly #db: DatabaseSync;
  #durability: Durability = 'quick';
  #depth = 0;
  #ownWrites: OwnWrites | null = null;
  #dataVersion: StatementSync | undefined;

  constructor(file: string, db: DatabaseSync) {
    this.file = file;
    this.#db = db;
  }

  /** Tells of each transaction from now on. */
  tellWrites(to: OwnWrites): void {
    this.#ownWrites = to;
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql);
  }

  /**
   * Runs `work` in one transaction that holds the write lock from its start; all of it is stored or nothing. Called
   * inside another write it becomes part of that one. Throws StateStoreError when the database fails.
   */
  write<T>(durability: Durability, work: () => T): T {
    if (this.#depth > 0) return work();
    try {
      if (durability !== this.#durability) {
        this.#db.exec(`pragma synchronous = ${durability === 'synced' ? 'full' : 'normal'}`);
        this.#durability = durability;
      }
      this.#db.exec('begin immediate');
      this.#depth += 1;
      const from = this.#ownWrites?.latest() ?? 0;
      const result = work();
      const to = this.#ownWrites?.latest() ?? 0;
      this.#db.exec('commit');
      this.#ownWrites?.wrote(from, to);
      return result;
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('rollback');
      throw this.#fault(error);
    } finally {
      this.#depth = 0;
    }
  }

  /** Runs a query; a fault of the database becomes a StateStoreError. */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#fault(error);
    }
  }

  /** Changes when another connection (another window) has committed, never by own writes. */
  dataVersion(): number {
    this.#dataVersion ??= this.#db.prepare('pragma data_version');
    return Number(this.read(() => this.#dataVersion?.get())?.data_version);
  }

  /** Gives free pages back to the disk, this many at most. */
  shrink(pages: number): void {
    this.read(() => this.#db.exec(`pragma incremental_vacuum(${pages})`));
  }

  close(): void {
    if (!this.#db.isOpen) return;
    this.#db.close();
  }

  #fault(error: unknown): unknown {
    if (isSqliteFault(error, SQLITE.notADatabase, SQLITE.corrupt)) {
      try {
        makePrivate(this.file + SUSPECT);
      } catch {
        // On a disk that takes no file the damage is met, and told, once more.
      }
    }
    return toStateStoreError(this.file, error);
  }
}

export interface Opened {
  readonly database: Database;
  /** What the user should know, e.g. that a damaged file was set aside. */
  readonly notes: readonly string[];
}

/**
 * Opens or makes a database and brings it to the newest schema. A damaged file is renamed, with its -wal and -shm, to
 * `….damaged-<time>` and a new one begins; a note tells so. Throws StateStoreError for a file of a newer Firedrill
 * and for a folder that cannot be written; both are left as they are.
 */
export function openDatabase(file: string, migrations: readonly string[], now: () => number): Opened {
  try {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    makePrivate(file);
  } catch (error) {
    throw toStateStoreError(file, error);
  }
  try {
    return { database: new Database(file, openHealthy(file, migrations)), notes: [] };
  } catch (error) {
    if (!isSqliteFault(error, SQLITE.notADatabase, SQLITE.corrupt)) throw toStateStoreError(file, error);
    const aside = setAside(file, now());
    makePrivate(file);
    const db = openHealthy(file, migrations);
    const note = l10n.t(
      'The state file {0} was damaged. It was set aside as {1} and a new one was begun. Failures of the last 24 hours are listed again as before Firedrill, also those that were sent or dismissed; older ones and deliveries that were waiting are lost to Firedrill and are not sent.',
      file,
      path.basename(aside),
    );
    return { database: new Database(file, db), notes: [note] };
  }
}

function openHealthy(file: string, migrations: readonly string[]): DatabaseSync {
  for (let tries = 1; ; tries += 1) {
    const db = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
    try {
      if (statSync(file).size === 0) db.exec(SETUP_NEW);
      db.exec(SETUP);
      const suspect = existsSync(file + SUSPECT);
      if (suspect || statSync(file).size <= CHECKED_UP_TO_BYTES) checkPages(db);
      if (suspect) rmSync(file + SUSPECT);
      migrate(db, migrations, file);
      return db;
    } catch (error) {
      db.close();
      if (!isSqliteFault(error, SQLITE.busy) || tries === OPEN_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10 * tries);
    }
  }
}

/**
 * Failures hold data of the user's pipelines: only the user reads them. SQLite gives `-wal` and `-shm` the rights of the
 * file. Windows has no such rights; the user's folder is the user's there.
 */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600);
}

function checkPages(db: DatabaseSync): void {
  const found = db.prepare('pragma quick_check(1)').get()?.quick_check;
  if (found === 'ok') return;
  throw Object.assign(new Error(String(found)), { errcode: SQLITE.corrupt });
}

function setAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replace(/[:.]/g, '-');
  const aside = `${file}.damaged-${stamp}`;
  try {
    for (const end of ['', '-wal', '-shm']) {
      if (existsSync(file + end)) renameSync(file + end, aside + end);
    }
    rmSync(file + SUSPECT, { force: true });
  } catch (error) {
    throw new StateStoreError(
      file,
      l10n.t(
        'The state file {0} is damaged and cannot be set aside ({1}). Close all windows that use Firedrill, move the file away, and open them again.',
        file,
        messageOf(error),
      ),
      { cause: error },
    );
  }
  return aside;
}
