import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FailureKind } from '../failure/failure.ts';
import type { StorageId } from '../failure/ids.ts';
import { NO_EXECUTIONS, type Place, readCursor, timestampSeconds, writeCursor } from './cursor.ts';
import {
  type EventLog,
  type EventLogCursor,
  EventLogError,
  type Lag,
  type LogEntry,
  type LogPage,
} from './eventLog.ts';
import { eventBefore, eventLag, eventUpTo, hasNewEvents, lastEvent, type RawRow, readEvents } from './eventRows.ts';
import {
  executionLag,
  executionsAt,
  executionsEnd,
  hasExecutions,
  hasNewExecutions,
  readExecutions,
} from './executionRows.ts';
import { watchFile } from './folderWatch.ts';
import type { DagsterInstance } from './instance.ts';
import { evaluationEntry, runFailureEntry, unreadable } from './logEntry.ts';
import { type RunRecord, runRecords } from './runRecords.ts';
import {
  decodeEvaluation,
  decodeRunFailure,
  SerdesError,
  type StoredEvaluation,
  type StoredRunFailure,
} from './serdes.ts';
import { SqliteFile, type SqliteFileOptions } from './sqliteFile.ts';
import { firstStepFailure } from './stepFailures.ts';

export interface SqliteEventLogOptions extends SqliteFileOptions {
  /** The code location that defines the asset of a run-less evaluation; null where it cannot be told. Never rejects. */
  codeLocationOf(assetKey: readonly string[]): Promise<string | null>;
  /** ms since 1970. */
  now(): number;
}

/** Seconds after a run's end in which a last evaluation of it may still be written. */
const AFTER_END = 60;
/** ms that Dagster is given to mark a run that just failed, after its event: status first, then `will_retry`. */
const MARKING = 1000;

/**
 * The event log of Dagster's default SQLite storage, 1.8 and later. Evaluations and run failures stand in the table
 * `event_logs` of `history/runs/index.db`; evaluations of Dagster before 1.12.11 only in `asset_check_executions`. Both
 * are read, those without a place in the log first; the same evaluation in both has the same identity.
 *
 * SQLite commits one writer after the other, so ids become visible in order and nothing appears behind a cursor, but
 * for ids that are used again: see eventRows.ts.
 */
export class SqliteEventLog implements EventLog {
  readonly #instance: DagsterInstance;
  readonly #options: SqliteEventLogOptions;
  readonly #log: SqliteFile;
  readonly #runs: SqliteFile;
  /** The last look that saw nothing new, by kind: true as long as the file is as it was. */
  readonly #nothingNew = new Map<FailureKind, { readonly cursor: EventLogCursor; readonly stamp: string }>();

  /** @throws EventLogError when the log cannot be read. */
  constructor(instance: DagsterInstance, options: SqliteEventLogOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#log = new SqliteFile(instance.storage.eventLog, options);
    this.#runs = new SqliteFile(instance.storage.runs, options);
    this.#log.read(lastEvent);
  }

  async hasNew(kind: FailureKind, cursor: EventLogCursor): Promise<boolean> {
    const { stamp } = this.#log.look();
    const known = this.#nothingNew.get(kind);
    if (known?.cursor === cursor && known.stamp === stamp) return false;
    const place = readCursor(cursor, kind);
    const unsettled = this.#log.unsettledFor(this.#options.now());
    const isNew = this.#log.read(
      (database) =>
        hasNewEvents(database, kind, place.anchor) ||
        (place.kind === 'check' &&
          hasExecutions(database) &&
          hasNewExecutions(database, place.executions ?? NO_EXECUTIONS)),
    );
    // A file that changed this very moment may change again without a trace in its times: look again next time.
    if (!isNew && unsettled === 0) this.#nothingNew.set(kind, { cursor, stamp });
    else this.#nothingNew.delete(kind);
    return isNew;
  }

  async read(kind: FailureKind, cursor: EventLogCursor, limit: number): Promise<LogPage> {
    const place = readCursor(cursor, kind);
    await this.#settled();
    const page = this.#page(place, limit);
    const notes = [...page.notes];
    const entries = kind === 'check' ? await this.#evaluations(page.rows) : await this.#runFailures(page.rows, notes);
    return { entries, cursor: writeCursor(page.place), hasMore: page.hasMore, notes };
  }

  async start(kind: FailureKind): Promise<EventLogCursor> {
    return writeCursor({ kind, anchor: null, executions: kind === 'check' ? NO_EXECUTIONS : null });
  }

  async end(kind: FailureKind): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const executions =
        kind === 'check' && hasExecutions(database) ? executionsEnd(database, this.#endedRuns) : NO_EXECUTIONS;
      return writeCursor({ kind, anchor: lastEvent(database), executions: kind === 'check' ? executions : null });
    });
  }

  async at(kind: FailureKind, timestamp: number): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const executions =
        kind === 'check' && hasExecutions(database)
          ? executionsAt(database, timestamp, this.#endedRuns)
          : NO_EXECUTIONS;
      const anchor = eventBefore(database, kind, timestamp);
      return writeCursor({ kind, anchor, executions: kind === 'check' ? executions : null });
    });
  }

  async after(kind: FailureKind, storageId: StorageId): Promise<EventLogCursor> {
    await this.#settled();
    return this.#log.read((database) => {
      const anchor = eventUpTo(database, storageId);
      const at = timestampSeconds(anchor?.at ?? null);
      const executions =
        kind === 'check' && at !== null && hasExecutions(database)
          ? executionsAt(database, at, this.#endedRuns)
          : NO_EXECUTIONS;
      return writeCursor({ kind, anchor, executions: kind === 'check' ? executions : null });
    });
  }

  async lag(kind: FailureKind, cursor: EventLogCursor): Promise<Lag> {
    const place = readCursor(cursor, kind);
    return this.#log.read((database) => {
      const events = eventLag(database, kind, place.anchor);
      if (kind === 'run' || !hasExecutions(database)) return events;
      const executions = executionLag(database, place.executions ?? NO_EXECUTIONS);
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
    this.#runs.close();
  }

  #page(place: Place, limit: number) {
    return this.#log.read((database) => {
      const executions =
        place.kind === 'check' && hasExecutions(database)
          ? readExecutions(database, place.executions ?? NO_EXECUTIONS, limit, this.#endedRuns)
          : null;
      const early = executions?.rows ?? [];
      const room = limit - early.length;
      const events = room > 0 ? readEvents(database, place.kind, place.anchor, room) : null;
      const next: Place = {
        kind: place.kind,
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

  async #evaluations(rows: readonly RawRow[]): Promise<LogEntry[]> {
    const decoded = rows.map((row) => decodeRow(row, decodeEvaluation));
    const failed = decoded.flatMap((row) => (row.stored && !row.stored.passed ? row.stored.runId : []));
    const passed = decoded.flatMap((row) => (row.stored?.passed ? row.stored.runId : []));
    const runs = this.#runRecords([...failed, ...passed]);
    const entries: LogEntry[] = [];
    for (const { row, stored, reason } of decoded) {
      if (stored === null) {
        entries.push(unreadable(row, reason));
        continue;
      }
      const run = runs.get(stored.runId);
      const location = stored.passed ? null : await this.#locationOf(stored, run);
      entries.push(evaluationEntry(this.#instance.id, row.storageId, stored, run, location));
    }
    return entries;
  }

  async #locationOf(evaluation: StoredEvaluation, run: RunRecord | undefined): Promise<string | null> {
    if (evaluation.runId !== '') return run?.codeLocation ?? null;
    return this.#options.codeLocationOf(evaluation.assetKey);
  }

  async #runFailures(rows: readonly RawRow[], notes: string[]): Promise<LogEntry[]> {
    const decoded = rows.map((row) => decodeRow(row, decodeRunFailure));
    const runs = await this.#markedRuns(decoded.flatMap((row) => row.stored ?? []));
    return decoded.map(({ row, stored, reason }) => {
      if (stored === null) return unreadable(row, reason);
      const folder = path.dirname(this.#log.path);
      const { step, note } = firstStepFailure(folder, stored.runId, this.#options);
      if (note !== null) notes.push(note);
      const run = runs.get(stored.runId);
      return runFailureEntry(this.#instance.id, row.storageId, stored, step ?? stored.firstStep, run);
    });
  }

  /**
   * The runs of these failures. Dagster writes the event first, then the run's status, then (with run retries on) the
   * tag `dagster/will_retry`: a failure of this moment is given up to a second to be marked.
   */
  async #markedRuns(failures: readonly StoredRunFailure[]): Promise<ReadonlyMap<string, RunRecord>> {
    const ids = failures.map((failure) => failure.runId);
    for (;;) {
      const runs = this.#runRecords(ids);
      const isUnmarked = ({ runId, timestamp }: StoredRunFailure): boolean => {
        const run = runs.get(runId);
        const isRecent = this.#options.now() - timestamp * 1000 < MARKING;
        return isRecent && run !== undefined && (!run.ended || (this.#instance.runRetries && run.willRetry === null));
      };
      if (!failures.some(isUnmarked)) return runs;
      await delay(10);
    }
  }

  #runRecords(ids: readonly string[]): ReadonlyMap<string, RunRecord> {
    try {
      return this.#runs.read((database) => runRecords(database, ids));
    } catch (error) {
      // Without `runs.db` the log still tells the failures, only less about their runs.
      if (error instanceof EventLogError && (error.fault === 'gone' || error.fault === 'no-tables')) return new Map();
      throw error;
    }
  }

  readonly #endedRuns = (ids: readonly string[]): ReadonlySet<string> => {
    const runs = this.#runRecords(ids);
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

interface Decoded<T> {
  readonly row: RawRow;
  readonly stored: T | null;
  /** Why nothing is stored. */
  readonly reason: string;
}

function decodeRow<T>(row: RawRow, decode: (text: string) => T): Decoded<T> {
  if (row.event === null) return { row, stored: null, reason: 'its event is no text' };
  try {
    return { row, stored: decode(row.event), reason: '' };
  } catch (error) {
    if (error instanceof SerdesError) return { row, stored: null, reason: error.message };
    throw error;
  }
}
