import { EventLogError, type EventLogFault } from './eventLog.ts';

/** SQLite's primary result codes that can be met when reading. */
const FAULTS: Readonly<Record<number, EventLogFault>> = {
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'unreadable-folder', // READONLY: the shared-memory file beside it cannot be made
  14: 'unreadable-folder', // CANTOPEN
  26: 'not-a-database', // NOTADB
};

/** What SQLite or the file system said about `file`, as an error that a data engineer understands. */
export function eventLogError(error: unknown, file: string): EventLogError {
  if (error instanceof EventLogError) return error;
  const { code, text } = resultCode(error);
  const options = { cause: error };
  if (code === 1 && /no such (table|column)/.test(text)) return noTables(file, text, options);
  const fault = code === null ? fileFault(error) : (FAULTS[code] ?? 'other');
  return new EventLogError(fault, explain(fault, file, code, text), options);
}

export function gone(file: string): EventLogError {
  return new EventLogError('gone', `${file} is gone. Was the Dagster home removed, or a temporary one closed?`);
}

export function replaced(file: string): EventLogError {
  return new EventLogError('replaced', `${file} is another file than before: the Dagster home was made anew.`);
}

export function notADatabase(file: string): EventLogError {
  return new EventLogError('not-a-database', explain('not-a-database', file, null, ''));
}

export function noTables(file: string, text = 'it is empty', options?: ErrorOptions): EventLogError {
  const message = `${file} holds no Dagster event log (${text}). Dagster makes its tables when it first starts on this home.`;
  return new EventLogError('no-tables', message, options);
}

function explain(fault: EventLogFault, file: string, code: number | null, text: string): string {
  switch (fault) {
    case 'locked':
      return `${file} is locked by another program. Firedrill tries again.`;
    case 'not-a-database':
      return `${file} is not an SQLite database. Is this the home of a Dagster instance?`;
    case 'unreadable-folder':
      return `${file} cannot be opened (${text}). Check that this user may read the file and its folder.`;
    case 'gone':
      return gone(file).message;
    default:
      if (code === 11)
        return `${file} is damaged (${text}). Stop Dagster and check it with: sqlite3 "${file}" "pragma integrity_check"`;
      return `${file} cannot be read: ${text}`;
  }
}

/** SQLite's primary result code; null for an error that is not SQLite's. */
export function resultCode(error: unknown): { readonly code: number | null; readonly text: string } {
  const text = error instanceof Error ? error.message : String(error);
  const extended = error instanceof Error && 'errcode' in error ? error.errcode : null;
  return { code: typeof extended === 'number' ? extended & 0xff : null, text };
}

function fileFault(error: unknown): EventLogFault {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
  return code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' ? 'unreadable-folder' : 'other';
}
