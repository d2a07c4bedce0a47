import type { EventLog } from './eventLog.ts';
import type { DagsterInstance } from './instance.ts';
import { SqliteEventLog, type SqliteEventLogOptions } from './sqliteEventLog.ts';

export type OpenOptions = Pick<SqliteEventLogOptions, 'codeLocationOf'> & Partial<SqliteEventLogOptions>;

/**
 * Opens the event log of an instance, by the kind of its storage.
 * @throws EventLogError when it cannot be read.
 */
export async function openEventLog(instance: DagsterInstance, options: OpenOptions): Promise<EventLog> {
  switch (instance.storage.kind) {
    case 'sqlite':
      return new SqliteEventLog(instance, { snapshot: false, now: Date.now, ...options });
  }
}
