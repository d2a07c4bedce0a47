import type { DatabaseSync } from 'node:sqlite';
import type { DagsterInstance } from './instance.ts';
import { type StoredSensor, type StoredTick, storedSensor, storedTick } from './scheduleRows.ts';
import { SqliteFile } from './sqliteFile.ts';

const COLUMNS = 'id, selector_id, status, tick_body';
/** Ticks of schedules and of the asset daemon stand in the same table. */
const OF_SENSORS = "type = 'SENSOR' and selector_id is not null";

/** A part of the ticks, with what could not be understood left out. */
export interface TickRead {
  readonly ticks: readonly StoredTick[];
  /** Ids of the first and the last row that were looked at, understood or not; null when there was none. */
  readonly ids: { readonly first: number; readonly last: number } | null;
}

/**
 * The schedule storage of Dagster's default SQLite storage (`schedules/schedules.db`, Dagster 1.0 and later): the
 * project's own sensors and their ticks. Only read; opened for each read and closed after it.
 */
export class ScheduleStorage {
  readonly #file: SqliteFile;

  private constructor(file: string) {
    this.#file = new SqliteFile(file, { snapshot: false });
  }

  /** Where the instance keeps its ticks; null for a storage that is not read. */
  static of(instance: DagsterInstance): ScheduleStorage | null {
    return instance.storage.kind === 'sqlite' ? new ScheduleStorage(instance.storage.schedules) : null;
  }

  /**
   * Changes with every commit. null: a change this very moment could go unseen in the file's times, so it is to be
   * read again. @throws EventLogError when the file is gone.
   */
  stamp(now: number): string | null {
    return this.#file.unsettledFor(now) === 0 ? this.#file.look().stamp : null;
  }

  sensors(): StoredSensor[] {
    const sql = "select selector_id, status, instigator_body from instigators where instigator_type = 'SENSOR'";
    const rows = this.#file.read((database) => (has(database, 'instigators') ? database.prepare(sql).all() : []));
    return rows.flatMap((row) => storedSensor(row) ?? []);
  }

  /** Up to `limit` ticks after an id, oldest first. */
  after(id: number, limit: number): TickRead {
    return this.#read(`select ${COLUMNS} from job_ticks where id > ? and ${OF_SENSORS} order by id limit ?`, id, limit);
  }

  /** Up to `limit` ticks before an id, newest first. */
  before(id: number, limit: number): TickRead {
    const sql = `select ${COLUMNS} from job_ticks where id < ? and ${OF_SENSORS} order by id desc limit ?`;
    return this.#read(sql, id, limit);
  }

  /** The ticks of these ids that are still there. */
  these(ids: readonly number[]): TickRead {
    const sql = `select ${COLUMNS} from job_ticks where id in (select value from json_each(?)) order by id`;
    return this.#read(sql, JSON.stringify(ids));
  }

  close(): void {
    this.#file.close();
  }

  #read(sql: string, ...parameters: readonly (number | string)[]): TickRead {
    const rows = this.#file.read((database) =>
      has(database, 'job_ticks') ? database.prepare(sql).all(...parameters) : [],
    );
    const [first, last] = [rows[0]?.id, rows.at(-1)?.id];
    return {
      ticks: rows.flatMap((row) => storedTick(row) ?? []),
      ids: typeof first === 'number' && typeof last === 'number' ? { first, last } : null,
    };
  }
}

const has = (database: DatabaseSync, table: string): boolean =>
  database.prepare("select 1 from sqlite_master where type = 'table' and name = ?").get(table) !== undefined;
