import * as l10n from '@vscode/l10n';
import { messageOf } from '../failure/messageOf.ts';
/** SQLite's result codes (sqlite.org/rescode.html) that Firedrill tells apart; extended ones hold these in their low byte. */
export const SQLITE = {
  busy: 5,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

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

/** Whether an error of node:sqlite has one of these result codes. */
export function isSqliteFault(error: unknown, ...codes: readonly number[]): boolean {
  const code = resultCode(error);
  return code !== null && codes.includes(code);
}

/** An error of the database or the file system in words for the reader; any other error is answered as it is. */
export function toStateStoreError(file: string, error: unknown): unknown {
  if (error instanceof StateStoreError) return error;
  const words = explain(file, messageOf(error), error);
  return words === null ? error : new StateStoreError(file, words, { cause: error });
}

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
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
