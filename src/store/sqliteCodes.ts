/** SQLite's result codes (sqlite.org/rescode.html) that Firedrill tells apart; extended ones hold these in their low byte. */
export const SQLITE = {
  error: 1,
  busy: 5,
  locked: 6,
  readOnly: 8,
  ioError: 10,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** The primary result code of an error of node:sqlite; null for any other error. */
export function resultCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Whether an error of node:sqlite has one of these result codes. */
export function isSqliteFault(error: unknown, ...codes: readonly number[]): boolean {
  const code = resultCode(error);
  return code !== null && codes.includes(code);
}
