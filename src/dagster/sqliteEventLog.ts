import type { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { FailureKind } from '../failure/failure.ts';
import type { StorageId } from '../failure/ids.ts';
import {
  type ExecutionsPlace,
  NO_EXECUTIONS,
  type Place,
  readCursor,
  timestampSeconds,
  writeCursor,
} from './cursor.ts';
import { type EntryOptions, EntryReader } from './entryReader.ts';
import type { EventLog, EventLogCursor, Lag, LogPage } from './eventLog.ts';
import { eventBefore, eventLag, eventUpTo, hasNewEvents, lastEvent, readEvents } from './eventRows.ts';
import {
  executionLag,
  executionsAt,
  executionsEnd,
  hasExecutions,
  hasNewExecutions,
  readExecutions,
} from './executionRows.ts';
import { watchFile } from './folderWatch.ts';
import type { DagsterInstance, SqliteStorage } from './instance.ts';
import { SqliteFile, type SqliteFileOptions } from './sqliteFile.ts';
import { SqliteRunFacts } from './sqliteRunFacts.ts';

export type SqliteEventLogOptions = EntryOptions & SqliteFileOptions;

/** Seconds after a run's end in which a last evaluation of it may still be written. */
const AFTER_END = 60;

/**
 * The event log of Dagster's default SQLite storage, 1.8 and later. Evaluations and run failures stand in the table
 * `event_logs` of `history/runs/index.db`; evaluations of Dagster before 1.12.11 only in `asset_check_executions`. Both
 * are read, those without a place in the log first; the same evaluation in both has the same identity. The consolidated
 * storage has the same tables in one file with the rows of all runs.
 *
 * SQLite commits one writer after the other, so ids become visible in order and nothing appears behind a cursor, but
 * for ids that are used again: see eventRows.ts.
 */
export class SqliteEventLog implements EventLog {
  readonly #options: SqliteEventLogOptions;
  readonly #log: SqliteFile;
  readonly #runs: SqliteRunFacts;
  readonly #entries: EntryReader;
  /** The last look that saw nothing new, by kind: true as long as the file is as it was. */
  readonly #nothingNew = new Map<FailureKind, { readonly cursor: EventLogCursor; readonly stamp: string }>();

  /** @throws EventLogError when the log cannot be read. */
  constructor(instance: DagsterInstance, storage: SqliteStorage, options: SqliteEventLogOptions) {
    this.#options = options;
    this.#log = new SqliteFile(storage.eventLog, options);
    this.#runs = new SqliteRunFacts(storage, options);
    this.#entries = new EntryReader(instance, this.#runs, options);
    this.#log.read(lastEvent);
  }

  async hasNew(kind: FailureKind, cursor: EventLogCursor): Promise<boolean> {
    const { stamp } = this.#log.look();
    const known = this.#nothingNew.get(kind);
    if (known?.cursor === cursor && known.stamp === stamp) return false;
    const place = readCursor(cursor, kind);
    const unsettled = this.#log.unsettledFor(this.#options.now());
    const isNew = this.#log.read((database) => {
      if (hasNewEvents(database, kind, place.anchor)) return true;
      const executions = executionsFrom(database, place);
      return executions !== null && hasNewExecutions(database, executions);
    });
    // A file that changed this very moment may change again without a trace in its times: look again next time.
    if (!isNew && unsettled === 0) this.#nothingNew.set(kind, { cursor, stamp });
    else this.#nothingNew.delete(kind);
    return isNew;
  }

  async read(kind: FailureKind, cursor: EventLogCursor, limit: number): Promise<LogPage> {
    const place = readCursor(cursor, kind);
    await this.#settled();
    const page = this.#page(place, limit);
    const { entries, notes } = await this.#entries.entries(kind, page.rows);
    return { entries, cursor: writeCursor(page.place), hasMore: page.hasMore, notes: [...page.notes, ...notes] };
  }

  async start(kind: FailureKind): Promise<EventLogCursor> {
    return writeCursor({ kind, anchor: null, executions: NEVER_READ[kind] });
  }

  async end(kind: FailureKind): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const executions = executionsPlace(database, kind, () => executionsEnd(database, this.#endedRuns));
      return writeCursor({ kind, anchor: lastEvent(database), executions });
    });
  }

  async at(kind: FailureKind, timestamp: number): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const executions = executionsPlace(database, kind, () => executionsAt(database, timestamp, this.#endedRuns));
      return writeCursor({ kind, anchor: eventBefore(database, kind, timestamp), executions });
    });
  }

  async after(kind: FailureKind, storageId: StorageId): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const anchor = eventUpTo(database, storageId);
      const at = timestampSeconds(anchor?.at ?? null);
      const executions = executionsPlace(database, kind, () =>
        at === null ? NO_EXECUTIONS : executionsAt(database, at, this.#endedRuns),
      );
      return writeCursor({ kind, anchor, executions });
    });
  }

  async lag(kind: FailureKind, cursor: EventLogCursor): Promise<Lag> {
    const place = readCursor(cursor, kind);
    return this.#log.read((database) => {
      const events = eventLag(database, kind, place.anchor);
      const from = executionsFrom(database, place);
      if (from === null) return events;
      const executions = executionLag(database, from);
      const oldest = [events.oldestUnread, executions.oldestUnread].filter((time) => time !== null);
      return {
        rows: events.rows + executions.rows,
        oldestUnread: oldest.length > 0 ? Math.min(...oldest) : null,
      };
    });
  }

  describe(cursor: EventLogCursor): string {
    const { anchor, executions } = readCursor(cursor);
    // Dagster before 1.12.11: the log has no evaluations, their own table counts.
    return anchor === null && executions?.anchor ? `check ${executions.anchor.id}` : String(anchor?.id ?? 0);
  }

  watch(onChange: () => void): () => void {
    return watchFile(this.#log.path, onChange);
  }

  close(): void {
    this.#log.close();
    this.#entries.close();
    this.#runs.close();
  }

  #page(place: Place, limit: number) {
    return this.#log.read((database) => {
      const from = executionsFrom(database, place);
      const executions = from === null ? null : readExecutions(database, from, limit, this.#endedRuns);
      const early = executions?.rows ?? [];
      const room = limit - early.length;
      const events = room > 0 ? readEvents(database, place.kind, place.anchor, room) : null;
      const next: Place = {
        ...place,
        anchor: events ? events.anchor : place.anchor,
        executions: executions?.place ?? place.executions,
      };
      return {
        rows: [...early, ...(events?.rows ?? [])],
        place: next,
        hasMore:
          (executions?.hasMore ?? false) ||
          (events ? events.hasMore : hasNewEvents(database, place.kind, place.anchor)),
        notes: [...(executions?.notes ?? []), ...(events?.notes ?? [])],
      };
    });
  }

  readonly #endedRuns = (ids: readonly string[]): ReadonlySet<string> => {
    const runs = this.#runs.recordsNow(ids);
    const now = this.#options.now() / 1000;
    return new Set(
      ids.filter((id) => {
        const run = runs.get(id);
        return run === undefined || (run.ended && now - (run.endTime ?? 0) > AFTER_END);
      }),
    );
  };

  async #settled(): Promise<void> {
    const wait = this.#log.unsettledFor(this.#options.now());
    if (wait > 0) await delay(wait);
  }
}

/** Nothing of `asset_check_executions` was read. Run failures never stand there, so they have no place in it. */
const NEVER_READ: Readonly<Record<FailureKind, ExecutionsPlace | null>> = { check: NO_EXECUTIONS, run: null };

/** The place in `asset_check_executions` that `make` finds, where there is such a table. */
const executionsPlace = (
  database: DatabaseSync,
  kind: FailureKind,
  make: () => ExecutionsPlace,
): ExecutionsPlace | null => (kind === 'check' && hasExecutions(database) ? make() : NEVER_READ[kind]);

/** From where on `asset_check_executions` is to be read; null where nothing of the kind stands there. */
const executionsFrom = (database: DatabaseSync, { kind, executions }: Place): ExecutionsPlace | null =>
  kind === 'check' && hasExecutions(database) ? (executions ?? NO_EXECUTIONS) : null;
