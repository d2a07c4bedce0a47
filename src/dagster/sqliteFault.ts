import * as l10n from '@vscode/l10n';
import { errorCode, messageOf } from '../failure/messageOf.ts';
import { resultCode, SQLITE } from '../store/sqliteCodes.ts';
import { EventLogError, type EventLogFault } from './eventLog.ts';

/** Faults by SQLite's result codes that can be met when reading. */
const FAULTS: Readonly<Record<number, EventLogFault>> = {
  [SQLITE.busy]: 'locked',
  [SQLITE.locked]: 'locked',
  [SQLITE.readOnly]: 'unreadable-folder', // the shared-memory file beside it cannot be made
  [SQLITE.cannotOpen]: 'unreadable-folder',
  [SQLITE.notADatabase]: 'not-a-database',
};

/** What SQLite or the file system said about `file`, as an error that a data engineer understands. */
export function eventLogError(error: unknown, file: string): EventLogError {
  if (error instanceof EventLogError) return error;
  const code = resultCode(error);
  const text = messageOf(error);
  const options = { cause: error };
  if (code === SQLITE.error && /no such (table|column)/.test(text)) return noTables(file, text, options);
  const fault = code === null ? fileFault(error) : (FAULTS[code] ?? 'other');
  return new EventLogError(fault, explain(fault, file, code, text), options);
}

export function gone(file: string): EventLogError {
  return new EventLogError(
    'gone',
    l10n.t('{0} is gone. Was the Dagster home removed, or a temporary one closed?', file),
  );
}

export function replaced(file: string): EventLogError {
  return new EventLogError(
    'replaced',
    l10n.t('{0} is another file than before: the Dagster home was made anew.', file),
  );
}

export function notADatabase(file: string): EventLogError {
  return new EventLogError('not-a-database', explain('not-a-database', file, null, ''));
}

export function noTables(file: string, text: string, options?: ErrorOptions): EventLogError {
  const message = l10n.t(
    '{0} holds no Dagster event log ({1}). Dagster makes its tables when it first starts on this home.',
    file,
    text,
  );
  return new EventLogError('no-tables', message, options);
}

function explain(fault: EventLogFault, file: string, code: number | null, text: string): string {
  switch (fault) {
    case 'locked':
      return l10n.t('{0} is locked by another program. Firedrill tries again.', file);
    case 'not-a-database':
      return l10n.t('{0} is not an SQLite database. Is this the home of a Dagster instance?', file);
    case 'unreadable-folder':
      return l10n.t('{0} cannot be opened ({1}). Check that this user may read the file and its folder.', file, text);
    case 'gone':
      return gone(file).message;
    default:
      if (code === SQLITE.corrupt)
        return l10n.t(
          '{0} is damaged ({1}). Stop Dagster and check it with: sqlite3 "{0}" "pragma integrity_check"',
          file,
          text,
        );
      return l10n.t('{0} cannot be read: {1}', file, text);
  }
}

function fileFault(error: unknown): EventLogFault {
  const code = errorCode(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'gone';
  return code === 'EACCES' || code === 'EPERM' || code === 'EISDIR' ? 'unreadable-folder' : 'other';
}
