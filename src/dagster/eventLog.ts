import type { Failure, FailureKind, PassedCheck } from '../failure/failure.ts';
import type { RunId, StorageId } from '../failure/ids.ts';

declare const cursorBrand: unique symbol;
/**
 * A place in an event log for one kind of event. Opaque text, as Dagster's own sensors have: only the log that made it
 * understands it. It remembers what its row was, so that a reused storage id is noticed.
 */
export type EventLogCursor = string & { readonly [cursorBrand]: true };

/** One row of the log, decoded. */
export type LogEntry =
  | { readonly outcome: 'failure'; readonly failure: Failure }
  /** An evaluation that passed. */
  | (PassedCheck & { readonly outcome: 'passed'; readonly storageId: StorageId | null })
  /** A row that could not be decoded: counted, named, skipped. */
  | {
      readonly outcome: 'unreadable';
      readonly storageId: StorageId | null;
      readonly runId: RunId | null;
      readonly reason: string;
    };

export interface LogPage {
  /** In log order; may repeat rows of a short overlap, which the failure's identity drops. */
  readonly entries: readonly LogEntry[];
  /** Where the next page begins. */
  readonly cursor: EventLogCursor;
  readonly hasMore: boolean;
  /** Plain sentences about the log itself, e.g. that storage ids were reused and reading began again at row N. */
  readonly notes: readonly string[];
}

/** How far a cursor is behind the log. */
export interface Lag {
  readonly rows: number;
  /** Timestamp (seconds since 1970) of the oldest row that was not read yet; null if all was. */
  readonly oldestUnread: number | null;
}

/** The event log of one instance, whatever storage it stands in. All methods throw EventLogError. */
export interface EventLog {
  /** True when rows of this kind stand beyond the cursor. The cheap look that runs four times a second. */
  hasNew(kind: FailureKind, cursor: EventLogCursor): Promise<boolean>;
  /** At most `limit` rows of this kind after the cursor. */
  read(kind: FailureKind, cursor: EventLogCursor, limit: number): Promise<LogPage>;
  /** The cursor before the first row. */
  start(kind: FailureKind): Promise<EventLogCursor>;
  /** The cursor behind the last row: where first contact starts. */
  end(kind: FailureKind): Promise<EventLogCursor>;
  /** The cursor behind the last row recorded before `timestamp` (seconds since 1970). */
  at(kind: FailureKind, timestamp: number): Promise<EventLogCursor>;
  /** The cursor behind the row with this storage id: what a person sets by hand. */
  after(kind: FailureKind, storageId: StorageId): Promise<EventLogCursor>;
  lag(kind: FailureKind, cursor: EventLogCursor): Promise<Lag>;
  /** A short text for people, e.g. `396`. */
  describe(cursor: EventLogCursor): string;
  /** Calls `onChange` when the storage may have grown (a hint, may miss or repeat); returns a stop function. */
  watch(onChange: () => void): () => void;
  close(): void;
}

/** Why a log cannot be read now. `gone` and `locked` pass by themselves; the others need a person. */
export type EventLogFault =
  | 'gone'
  | 'locked'
  | 'not-a-database'
  | 'no-tables'
  | 'unreadable-folder'
  | 'replaced'
  | 'other';

export class EventLogError extends Error {
  readonly fault: EventLogFault;
  constructor(fault: EventLogFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EventLogError';
    this.fault = fault;
  }
}
