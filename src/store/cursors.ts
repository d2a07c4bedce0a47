import * as v from 'valibot';
import type { EventLogCursor } from '../dagster/eventLog.ts';
import type { SensorName } from '../sensors/tick.ts';
import type { Database } from './database.ts';
import { flag, row } from './rows.ts';

export interface SensorState {
  /** Where the sensor goes on reading; null before first contact. */
  readonly cursor: EventLogCursor | null;
  readonly running: boolean;
}

const sensorRow = v.object({
  // Opaque text that only the event log understands, given back as it was handed in.
  cursor: v.nullable(v.custom<EventLogCursor>((value) => typeof value === 'string')),
  running: flag,
});

/** Where each sensor stands and whether it runs. A sensor runs until somebody stops it, as specified. */
export class Cursors {
  readonly #db: Database;
  readonly #get;
  readonly #setCursor;
  readonly #begin;
  readonly #setRunning;

  constructor(db: Database) {
    this.#db = db;
    this.#get = db.prepare('select cursor, running from sensors where name = ?');
    this.#setCursor = db.prepare(
      'insert into sensors (name, cursor) values (?, ?) on conflict (name) do update set cursor = excluded.cursor',
    );
    this.#begin = db.prepare(`
      insert into sensors (name, cursor) values (?, ?)
      on conflict (name) do update set cursor = excluded.cursor where cursor is null`);
    this.#setRunning = db.prepare(
      'insert into sensors (name, running) values (?, ?) on conflict (name) do update set running = excluded.running',
    );
  }

  get(sensor: SensorName): SensorState {
    return this.#db.read(() => {
      const found = this.#get.get(sensor);
      return found === undefined ? { cursor: null, running: true } : row(sensorRow, found);
    });
  }

  /** First contact: sets the cursor of a sensor that has none. Another window may have been faster. */
  begin(sensor: SensorName, cursor: EventLogCursor): void {
    this.#db.write('synced', () => this.#begin.run(sensor, cursor));
  }

  /** Sets the cursor whatever it was, as a person wishes. */
  set(sensor: SensorName, cursor: EventLogCursor): void {
    this.#db.write('synced', () => this.#setCursor.run(sensor, cursor));
  }

  /** Moves the cursor inside a tick's transaction. */
  move(sensor: SensorName, cursor: EventLogCursor): void {
    this.#setCursor.run(sensor, cursor);
  }

  setRunning(sensor: SensorName, running: boolean): void {
    this.#db.write('synced', () => this.#setRunning.run(sensor, running ? 1 : 0));
  }
}
