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
  const words = explain(error);
  if (words === null) return error;
  const detail = messageOf(error);
  return new StateStoreError(file, `The state file ${file} ${words} (${detail}).`, { cause: error });
}

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

function explain(error: unknown): string | null {
  if (error instanceof Error && 'syscall' in error) return 'cannot be made: its folder cannot be written';
  switch (resultCode(error)) {
    case null:
      return null;
    case SQLITE.busy:
      return 'is locked by another program; close what holds it open, or wait';
    case SQLITE.readOnly:
      return 'cannot be written: make it and its folder writable';
    case SQLITE.ioError:
      return 'could not be read or written by the file system';
    case SQLITE.corrupt:
    case SQLITE.notADatabase:
      return 'is damaged; close all windows that use Firedrill and open them again, and it is set aside';
    case SQLITE.full:
      return 'cannot grow: the disk is full';
    case SQLITE.cannotOpen:
      return 'cannot be opened: make its folder readable and writable';
    default:
      return 'could not be used';
  }
}
