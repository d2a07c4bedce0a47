import type { FailureKind } from '../../failure/failure.ts';
import type { StorageId } from '../../failure/ids.ts';
import { readCursor, writeCursor } from '../cursor.ts';
import { type EntryOptions, EntryReader } from '../entryReader.ts';
import type { EventLog, EventLogCursor, Lag, LogPage } from '../eventLog.ts';
import type { DagsterInstance, PostgresStorage } from '../instance.ts';
import { PostgresConnection, type Timeouts } from './connection.ts';
import { listen } from './listener.ts';
import { hasNewRows, lagOf, lastRow, placeBehind, readPage, rowBefore, rowUpTo } from './rows.ts';
import { PostgresRunFacts } from './runFacts.ts';

/**
 * The event log of Dagster's Postgres storage: one table `event_logs` with the rows of all runs. Postgres gives a row
 * its id before it commits, so a row can appear behind one that was read: the cursor remembers which ids were missing.
 * Dagster has always written evaluations into this table, so `asset_check_executions` is not needed here.
 */
export class PostgresEventLog implements EventLog {
  readonly #log: PostgresConnection;
  readonly #runs: PostgresConnection;
  readonly #entries: EntryReader;

  private constructor(
    instance: DagsterInstance,
    log: PostgresConnection,
    runs: PostgresConnection,
    options: EntryOptions,
  ) {
    this.#log = log;
    this.#runs = runs;
    this.#entries = new EntryReader(instance, new PostgresRunFacts(log, runs), options);
  }

  /** @throws EventLogError when the log cannot be read. */
  static async open(
    instance: DagsterInstance,
    storage: PostgresStorage,
    options: EntryOptions,
    timeouts?: Timeouts,
  ): Promise<PostgresEventLog> {
    const log = await PostgresConnection.open(storage.eventLog, timeouts);
    let runs = log;
    try {
      await log.read(lastRow);
      if (!storage.runs.isSameAs(storage.eventLog)) runs = await PostgresConnection.open(storage.runs, timeouts);
    } catch (error) {
      log.close();
      throw error;
    }
    return new PostgresEventLog(instance, log, runs, options);
  }

  async hasNew(kind: FailureKind, cursor: EventLogCursor): Promise<boolean> {
    const place = readCursor(cursor, kind);
    return this.#log.read((query) => hasNewRows(query, place));
  }

  async read(kind: FailureKind, cursor: EventLogCursor, limit: number): Promise<LogPage> {
    const from = readCursor(cursor, kind);
    const page = await this.#log.read((query) => readPage(query, from, limit));
    const { entries, notes } = await this.#entries.entries(kind, page.rows);
    return { entries, cursor: writeCursor(page.place), hasMore: page.hasMore, notes: [...page.notes, ...notes] };
  }

  async start(kind: FailureKind): Promise<EventLogCursor> {
    return writeCursor({ kind, anchor: null });
  }

  async end(kind: FailureKind): Promise<EventLogCursor> {
    return this.#log.read(async (query) => writeCursor(await placeBehind(query, kind, await lastRow(query))));
  }

  async at(kind: FailureKind, timestamp: number): Promise<EventLogCursor> {
    return this.#log.read(async (query) =>
      writeCursor(await placeBehind(query, kind, await rowBefore(query, kind, timestamp))),
    );
  }

  async after(kind: FailureKind, storageId: StorageId): Promise<EventLogCursor> {
    return this.#log.read(async (query) =>
      writeCursor(await placeBehind(query, kind, await rowUpTo(query, storageId))),
    );
  }

  async lag(kind: FailureKind, cursor: EventLogCursor): Promise<Lag> {
    const place = readCursor(cursor, kind);
    return this.#log.read((query) => lagOf(query, place));
  }

  describe(cursor: EventLogCursor): string {
    return String(readCursor(cursor).anchor?.id ?? 0);
  }

  watch(onChange: () => void): () => void {
    return listen(this.#log, onChange);
  }

  close(): void {
    this.#entries.close();
    this.#log.close();
    if (this.#runs !== this.#log) this.#runs.close();
  }
}
