import * as v from 'valibot';
import { type StoredSensor, storedSensor } from '../scheduleRows.ts';
import type { ScheduleStorage, TickRead } from '../scheduleStorage.ts';
import { OF_SENSORS, SENSORS, TICK_COLUMNS, tickRead } from '../tickTable.ts';
import { PostgresConnection, type Query } from './connection.ts';
import type { PostgresServer } from './server.ts';

/** Ids are bigints, which `pg` hands over as text. */
const COLUMNS = TICK_COLUMNS.replace('id', 'id::double precision as id');

/**
 * Changes when a row is added or written anew: `xmin` is the transaction that wrote it. Dagster writes a tick's row once
 * more when it ends, and the sensor's after each tick; a tick that ends late is among the newest.
 */
const STAMP = `
  select md5(
    coalesce((select string_agg(i.id || ':' || i.xmin, ',' order by i.id) from instigators i), '') || '/' ||
    coalesce((select string_agg(t.id || ':' || t.xmin, ',' order by t.id)
      from (select id, xmin from job_ticks order by id desc limit 100) t), '')) as stamp`;
const StampRow = v.object({ stamp: v.string() });

/** The schedule storage of Dagster's Postgres storage. Connected when it is first read. */
export class PostgresSchedules implements ScheduleStorage {
  readonly #server: PostgresServer;
  #connection: Promise<PostgresConnection> | null = null;

  constructor(server: PostgresServer) {
    this.#server = server;
  }

  async stamp(): Promise<string> {
    const [row] = await this.#read((query) => query(STAMP));
    return v.parse(StampRow, row).stamp;
  }

  async sensors(): Promise<StoredSensor[]> {
    const rows = await this.#read((query) => query(SENSORS));
    return rows.flatMap((row) => storedSensor(row) ?? []);
  }

  async after(id: number, limit: number): Promise<TickRead> {
    const sql = `select ${COLUMNS} from job_ticks where id > $1 and ${OF_SENSORS} order by job_ticks.id limit $2`;
    return tickRead(await this.#read((query) => query(sql, [id, limit])));
  }

  async before(id: number, limit: number): Promise<TickRead> {
    const sql = `select ${COLUMNS} from job_ticks where id < $1 and ${OF_SENSORS} order by job_ticks.id desc limit $2`;
    return tickRead(await this.#read((query) => query(sql, [id, limit])));
  }

  async these(ids: readonly number[]): Promise<TickRead> {
    const sql = `select ${COLUMNS} from job_ticks where id = any($1::bigint[]) order by job_ticks.id`;
    return tickRead(await this.#read((query) => query(sql, [ids])));
  }

  close(): void {
    void this.#connection?.then((connection) => connection.close()).catch(() => undefined);
    this.#connection = null;
  }

  async #read<T>(use: (query: Query) => Promise<T>): Promise<T> {
    this.#connection ??= PostgresConnection.open(this.#server);
    const connecting = this.#connection;
    const connection = await connecting.catch((error: unknown) => {
      if (this.#connection === connecting) this.#connection = null; // the next read tries again
      throw error;
    });
    return connection.read(use);
  }
}
