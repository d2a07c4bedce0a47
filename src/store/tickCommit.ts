import type { EventLogCursor } from '../dagster/eventLog.ts';
import type { PassedCheck } from '../failure/failure.ts';
import type { Tick } from '../sensors/tick.ts';
import type { NewOutboxRow } from './outbox.ts';
import type { NewFailure, StoredFailure } from './storedFailure.ts';
import type { NewTick } from './tickCounting.ts';

/** One page of a tick, with all that belongs to it. */
export interface TickCommit extends Omit<NewTick, 'failuresFound' | 'firstFound'> {
  /** The cursor that the page was read from. */
  readonly cursorBefore: EventLogCursor | null;
  /** The epoch under which this window holds the lease. */
  readonly epoch: number;
  readonly cursorAfter: EventLogCursor | null;
  readonly found: readonly NewFailure[];
  /** Evaluations that passed; failures of their checks before them are marked, also those in `found`. */
  readonly passed: readonly PassedCheck[];
  /** Alerts of failures in `found` that are to be delivered. */
  readonly outbox: readonly NewOutboxRow[];
}

export type TickCommitted =
  | {
      readonly outcome: 'committed';
      readonly tick: Tick;
      readonly added: readonly StoredFailure[];
      /** Failures whose check has passed since, as this page told. */
      readonly passed: readonly StoredFailure[];
      readonly queued: readonly number[];
    }
  /** A person moved the cursor since it was read: nothing was stored. */
  | { readonly outcome: 'cursor-moved' }
  /** Another window holds the lease by now: nothing was stored. */
  | { readonly outcome: 'fenced' };
