import * as l10n from '@vscode/l10n';
import { messageOf } from '../failure/messageOf.ts';
import type { SilentWindow } from '../store/presence.ts';
import { StateStoreError } from '../store/stateStoreError.ts';

/** The fault of the state in an error, also where it kept a failed tick from being stored; null for any other error. */
export function stateFaultIn(error: unknown): StateStoreError | null {
  if (error instanceof StateStoreError) return error;
  if (!(error instanceof AggregateError)) return null;
  return error.errors.map(stateFaultIn).find((found) => found !== null) ?? null;
}

/**
 * What to tell of a fault of the state. SQLite does not say who holds a lock; but a process of Firedrill's that is there
 * and gives no sign of life may have been stopped in the middle of a write, and then nobody else can write.
 */
export function stateFaultWords(error: unknown, silent: readonly SilentWindow[]): string {
  if (!(error instanceof StateStoreError && error.isLocked)) return messageOf(error);
  const suspects = silent.map(({ pid, since }) =>
    l10n.t(
      "Firedrill's process {0} has been silent since {1} and may hold it: let it go on, or end it.",
      pid,
      new Date(since).toLocaleTimeString(),
    ),
  );
  return [error.message, ...suspects].join(' ');
}
