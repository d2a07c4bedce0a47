import * as l10n from '@vscode/l10n';
import { messageOf } from '../failure/messageOf.ts';
import { isSqliteFault, resultCode, SQLITE } from './sqliteCodes.ts';

/** The state cannot be read or written; the message says what happened to which file and what to do. */
export class StateStoreError extends Error {
  readonly file: string;
  /** Another program, or another Firedrill, holds its lock: it passes. */
  readonly isLocked: boolean;
  constructor(file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StateStoreError';
    this.file = file;
    this.isLocked = isSqliteFault(options?.cause, SQLITE.busy);
  }
}

/** An error of the database or the file system in words for the reader; any other error is answered as it is. */
export function toStateStoreError(file: string, error: unknown): unknown {
  if (error instanceof StateStoreError) return error;
  const words = explain(file, messageOf(error), error);
  return words === null ? error : new StateStoreError(file, words, { cause: error });
}

function explain(file: string, said: string, error: unknown): string | null {
  if (error instanceof Error && 'syscall' in error)
    return l10n.t('The state file {0} cannot be made: its folder cannot be written ({1}).', file, said);
  switch (resultCode(error)) {
    case null:
      return null;
    case SQLITE.busy:
      return l10n.t(
        'The state file {0} is locked by another program; close what holds it open, or wait ({1}).',
        file,
        said,
      );
    case SQLITE.readOnly:
      return l10n.t('The state file {0} cannot be written: make it and its folder writable ({1}).', file, said);
    case SQLITE.ioError:
      return l10n.t('The state file {0} could not be read or written by the file system ({1}).', file, said);
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return l10n.t(
        'The state file {0} is damaged; close all windows that use Firedrill and open them again, and it is set aside ({1}).',
        file,
        said,
      );
    case SQLITE.full:
      return l10n.t('The state file {0} cannot grow: the disk is full ({1}).', file, said);
    case SQLITE.cannotOpen:
      return l10n.t('The state file {0} cannot be opened: make its folder readable and writable ({1}).', file, said);
    default:
      return l10n.t('The state file {0} could not be used ({1}).', file, said);
  }
}
