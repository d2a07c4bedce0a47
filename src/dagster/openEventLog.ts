import type { EventLog } from './eventLog.ts';
import type { DagsterInstance } from './instance.ts';
import { SqliteEventLog, type SqliteEventLogOptions } from './sqliteEventLog.ts';

/**
 * `snapshot: true` for a reader that looks once and must leave no trace at all, not even in a live `-shm` file.
 * `now` is for tests.
 */
export type OpenOptions = Pick<SqliteEventLogOptions, 'codeLocationOf'> & Partial<SqliteEventLogOptions>;

/**
 * Opens the event log of an instance, by the kind of its storage.
 * @throws EventLogError when it cannot be read.
 */
export async function openEventLog(instance: DagsterInstance, options: OpenOptions): Promise<EventLog> {
  const whole = { snapshot: false, now: Date.now, ...options };
  const { storage } = instance;
  switch (storage.kind) {
    case 'sqlite':
      return new SqliteEventLog(instance, storage, whole);
    case 'postgres': {
      // Loaded when it is needed: most instances are on SQLite.
      const { PostgresEventLog } = await import('./postgres/eventLog.ts');
      return PostgresEventLog.open(instance, storage, whole);
    }
  }
}
