import type { DagsterInstance } from './instance.ts';
import type { StoredSensor, StoredTick } from './scheduleRows.ts';
import { SqliteSchedules } from './sqliteSchedules.ts';

/** A part of the ticks, with what could not be understood left out. */
export interface TickRead {
  readonly ticks: readonly StoredTick[];
  /** Ids of the first and the last row that were looked at, understood or not; null when there was none. */
  readonly ids: { readonly first: number; readonly last: number } | null;
}

/** The project's own sensors and their ticks, whatever storage they stand in. Only read. All methods throw EventLogError. */
export interface ScheduleStorage {
  /** Changes with every commit. null: a change this very moment could go unseen, so it is to be read again. */
  stamp(now: number): Promise<string | null>;
  sensors(): Promise<StoredSensor[]>;
  /** Up to `limit` ticks after an id, oldest first. */
  after(id: number, limit: number): Promise<TickRead>;
  /** Up to `limit` ticks before an id, newest first. */
  before(id: number, limit: number): Promise<TickRead>;
  /** The ticks of these ids that are still there. */
  these(ids: readonly number[]): Promise<TickRead>;
  close(): void;
}

/** Where the instance keeps its ticks; null for a storage that is not read. Connects to nothing yet. */
export async function scheduleStorageOf({ storage }: DagsterInstance): Promise<ScheduleStorage | null> {
  const { schedules } = storage;
  switch (schedules?.kind) {
    case undefined:
      return null;
    case 'sqlite':
      return new SqliteSchedules(schedules.file);
    case 'postgres': {
      // Loaded when it is needed: most instances are on SQLite.
      const { PostgresSchedules } = await import('./postgres/schedules.ts');
      return new PostgresSchedules(schedules.server);
    }
  }
}
