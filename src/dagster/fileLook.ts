import { type BigIntStats, closeSync, openSync, readSync, statSync } from 'node:fs';
import * as l10n from '@vscode/l10n';
import { eventLogError, gone, noTables, notADatabase } from './sqliteFault.ts';

/** What the file system tells about a database without opening it with SQLite. Costs some 10 µs. */
export interface FileLook {
  /** Device, inode and birth: another one is another file. */
  readonly identity: string;
  /** Changes with every commit and checkpoint. */
  readonly stamp: string;
  readonly size: number;
  /** Bytes of the write-ahead log; 0 when there is none. */
  readonly walSize: number;
  /** ms since 1970 of the last change of either file. */
  readonly changedAt: number;
}

/** @throws EventLogError: gone, or a folder that cannot be read. */
export function lookAt(file: string): FileLook {
  let database: BigIntStats | undefined;
  let wal: BigIntStats | undefined;
  try {
    database = statSync(file, { bigint: true, throwIfNoEntry: false });
    wal = statSync(`${file}-wal`, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    throw eventLogError(error, file);
  }
  if (!database) throw gone(file);
  // Some file systems know no birth and answer the time of the last change: then it says nothing.
  const birth = database.birthtimeNs === database.ctimeNs ? 0n : database.birthtimeNs;
  const changedAt = wal && wal.mtimeMs > database.mtimeMs ? wal.mtimeMs : database.mtimeMs;
  return {
    identity: `${database.dev}:${database.ino}:${birth}`,
    stamp: `${database.ino}:${database.mtimeNs}:${database.size}|${wal ? `${wal.ino}:${wal.mtimeNs}:${wal.size}` : ''}`,
    size: Number(database.size),
    walSize: Number(wal?.size ?? 0n),
    changedAt: Number(changedAt),
  };
}

/** Whether two looks saw one and the same file. An unknown birth (0) matches any. */
export function isSameFile(a: FileLook, b: FileLook): boolean {
  if (a.identity === b.identity) return true;
  const [deviceA, inodeA, birthA] = a.identity.split(':');
  const [deviceB, inodeB, birthB] = b.identity.split(':');
  return deviceA === deviceB && inodeA === inodeB && (birthA === '0' || birthB === '0');
}

const MAGIC = 'SQLite format 3\0';

/**
 * The journal mode that the file's header names (SQLite file format, offset 18: 2 is WAL).
 * @throws EventLogError for a file that is empty or no SQLite database.
 */
export function journalMode(file: string): 'wal' | 'rollback' {
  const header = Buffer.alloc(100);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      length = readSync(descriptor, header, 0, header.length, 0);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw eventLogError(error, file);
  }
  if (length === 0) throw noTables(file, l10n.t('the file is empty'));
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC) throw notADatabase(file);
  return header[18] === 2 ? 'wal' : 'rollback';
}
