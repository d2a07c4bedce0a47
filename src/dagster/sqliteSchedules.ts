import { type StoredSensor, storedSensor } from './scheduleRows.ts';
import type { ScheduleStorage, TickRead } from './scheduleStorage.ts';
import { hasTable, SqliteFile } from './sqliteFile.ts';
import { OF_SENSORS, SENSORS, TICK_COLUMNS, tickRead } from './tickTable.ts';

/**
 * The schedule storage of Dagster's default SQLite storage (`schedules/schedules.db`, Dagster 1.0 and later): the
 * project's own sensors and their ticks. Only read; opened for each read and closed after it.
 */
export class SqliteSchedules implements ScheduleStorage {
  readonly #file: SqliteFile;

  constructor(file: string) {
    this.#file = new SqliteFile(file, { snapshot: false });
  }

  /** From the file's times. */
  async stamp(now: number): Promise<string | null> {
    return this.#file.unsettledFor(now) === 0 ? this.#file.look().stamp : null;
  }

  async sensors(): Promise<StoredSensor[]> {
    const rows = this.#file.read((database) =>
      hasTable(database, 'instigators') ? database.prepare(SENSORS).all() : [],
    );
    return rows.flatMap((row) => storedSensor(row) ?? []);
  }

  async after(id: number, limit: number): Promise<TickRead> {
    return this.#read(
      `select ${TICK_COLUMNS} from job_ticks where id > ? and ${OF_SENSORS} order by id limit ?`,
      id,
      limit,
    );
  }

  async before(id: number, limit: number): Promise<TickRead> {
    const sql = `select ${TICK_COLUMNS} from job_ticks where id < ? and ${OF_SENSORS} order by id desc limit ?`;
    return this.#read(sql, id, limit);
  }

  async these(ids: readonly number[]): Promise<TickRead> {
    const sql = `select ${TICK_COLUMNS} from job_ticks where id in (select value from json_each(?)) order by id`;
    return this.#read(sql, JSON.stringify(ids));
  }

  close(): void {
    this.#file.close();
  }

  #read(sql: string, ...parameters: readonly (number | string)[]): TickRead {
    const rows = this.#file.read((database) =>
      hasTable(database, 'job_ticks') ? database.prepare(sql).all(...parameters) : [],
    );
    return tickRead(rows);
  }
}
