import { createHash } from 'node:crypto';
import { type InstanceId, instanceId } from '../../failure/ids.ts';
import type { PostgresStorage } from '../instance.ts';
import { storageIdIn } from '../runRecords.ts';
import { PostgresConnection, type Query } from './connection.ts';
import { lastRow } from './rows.ts';
import type { PostgresServer } from './server.ts';

/**
 * The instance's name for itself, `instance_info.run_storage_id`; where that is empty, a hash of where the database is.
 * @param signal ends the waiting; the connection ends by its own timeout.
 * @throws EventLogError when it cannot be reached, or holds no event log; the signal's reason when it is aborted.
 */
export async function identifyPostgres(storage: PostgresStorage, signal?: AbortSignal): Promise<InstanceId> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([identity(storage), aborted.promise]);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

async function identity(storage: PostgresStorage): Promise<InstanceId> {
  await readOnce(storage.eventLog, lastRow);
  const [row] = await readOnce(storage.runs, (query) =>
    query('select run_storage_id as id from instance_info order by id limit 1'),
  );
  const place = createHash('sha256').update(storage.eventLog.label).digest('hex').slice(0, 32);
  return instanceId(storageIdIn(row) ?? `postgres-${place}`);
}

async function readOnce<T>(server: PostgresServer, use: (query: Query) => Promise<T>): Promise<T> {
  const connection = await PostgresConnection.open(server);
  try {
    return await connection.read(use);
  } finally {
    connection.close();
  }
}
