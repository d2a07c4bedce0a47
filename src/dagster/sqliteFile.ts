import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import * as l10n from '@vscode/l10n';
import { isSqliteFault, SQLITE } from '../store/sqliteCodes.ts';
import { EventLogError } from './eventLog.ts';
import { type FileLook, isSameFile, journalMode, lookAt } from './fileLook.ts';
import { eventLogError, replaced } from './sqliteFault.ts';

/** ms that a read waits for a lock; longer would hold the engine's thread. */
const BUSY_TIMEOUT = 60;
/** File times tick in steps of some ms: a change in the same step as a look cannot be told from none. */
const TIME_STEP = 12;
/** How often a read that a writer overtook is repeated before it is done beside the writer. */
const ATTEMPTS = 4;
/** Bytes up to which a database is copied where it can be read in no other way. */
const COPY_LIMIT = 512 * 2 ** 20;

/**
 * - `closed`: nobody has written since the log was folded into the file: opened as immutable, which takes no lock and
 *   leaves no file behind; the file's times are compared afterwards and a read that a writer overtook is repeated.
 * - `shared`: a writer is there: opened read-only beside it, through its write-ahead log and shared memory.
 * - `copy`: there is a write-ahead log but nobody holds it, or the folder cannot be written: a temporary copy is read.
 */
type Way = 'closed' | 'shared' | 'copy';

export interface SqliteFileOptions {
  /** Never open beside a writer but read a copy, so that not even `-shm` changes: for a reader that looks once. */
  readonly snapshot: boolean;
}

/**
 * One of Dagster's SQLite files, opened anew for every read and closed after it, on every platform: so nothing is left
 * beside a closed database, no handle keeps a home from being removed (Windows), Dagster's own last connection still
 * folds and removes its log, and a file that was replaced is noticed. Opening, a query and closing take some 0.15 ms;
 * whether anything changed at all is told by two stat calls.
 */
export class SqliteFile {
  readonly path: string;
  readonly #snapshot: boolean;
  #first: FileLook | null = null;
  #copy: { readonly stamp: string; readonly folder: string } | null = null;

  constructor(file: string, options: SqliteFileOptions) {
    this.path = file;
    this.#snapshot = options.snapshot;
  }

  /** @throws EventLogError when the file is gone or another one than at first. */
  look(): FileLook {
    const look = lookAt(this.path);
    this.#first ??= look;
    if (!isSameFile(this.#first, look)) throw replaced(this.path);
    return look;
  }

  /** ms until the file's times can be trusted to show the next change; 0 nearly always. */
  unsettledFor(now: number): number {
    const age = now - this.look().changedAt;
    return age < 0 || age >= TIME_STEP ? 0 : TIME_STEP - age;
  }

  /**
   * Runs `use` on a read-only connection. It may run more than once, so it must do nothing but read.
   * @throws EventLogError
   */
  read<T>(use: (database: DatabaseSync) => T): T {
    for (let attempt = 0; ; attempt += 1) {
      const look = this.look();
      const way = attempt < ATTEMPTS ? this.#way(look) : 'shared';
      // Looks again in any case: a file that was put in its place meanwhile is told as replaced, and not read.
      const overtaken = () => this.look().stamp !== look.stamp && way !== 'shared';
      try {
        const result = this.#readBy(way, look, use);
        if (!overtaken()) return result;
      } catch (error) {
        if (overtaken()) continue;
        if (way !== 'shared' || !isFolderFault(error)) throw eventLogError(error, this.path);
        return this.#readCopy(look, use);
      }
    }
  }

  close(): void {
    if (this.#copy) rmSync(this.#copy.folder, { recursive: true, force: true });
    this.#copy = null;
  }

  #way(look: FileLook): Way {
    if (journalMode(this.path) === 'rollback') return 'shared';
    if (look.walSize === 0) return 'closed';
    if (this.#snapshot || !existsSync(`${this.path}-shm`)) return look.size > COPY_LIMIT ? 'shared' : 'copy';
    return 'shared';
  }

  #readBy<T>(way: Way, look: FileLook, use: (database: DatabaseSync) => T): T {
    switch (way) {
      case 'closed':
        return withDatabase(`${pathToFileURL(this.path).href}?immutable=1`, use);
      case 'shared':
        return withDatabase(this.path, use);
      case 'copy':
        return this.#readCopy(look, use);
    }
  }

  #readCopy<T>(look: FileLook, use: (database: DatabaseSync) => T): T {
    if (look.size > COPY_LIMIT) {
      const size = Math.round(look.size / 2 ** 20);
      const message = l10n.t(
        '{0} cannot be read beside its write-ahead log in a folder that is not writable, and with {1} MB it is too large to copy.',
        this.path,
        size,
      );
      throw new EventLogError('unreadable-folder', message);
    }
    if (this.#copy?.stamp !== look.stamp) {
      this.close();
      const folder = mkdtempSync(path.join(tmpdir(), 'firedrill-'));
      this.#copy = { stamp: look.stamp, folder };
      copyFileSync(this.path, path.join(folder, 'copy.db'));
      if (look.walSize > 0) copyFileSync(`${this.path}-wal`, path.join(folder, 'copy.db-wal'));
    }
    return withDatabase(path.join(this.#copy.folder, 'copy.db'), use);
  }
}

function withDatabase<T>(location: string, use: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(location, { readOnly: true, timeout: BUSY_TIMEOUT });
  try {
    return use(database);
  } finally {
    database.close();
  }
}

/** Whether the database has this table: storages of older Dagsters lack some. */
export const hasTable = (database: DatabaseSync, name: string): boolean =>
  database.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(name) !== undefined;

const isFolderFault = (error: unknown): boolean => isSqliteFault(error, SQLITE.readOnly, SQLITE.cannotOpen);
