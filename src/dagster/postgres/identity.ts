import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { instanceId } from '../../failure/ids.ts';
import { type Identity, identityOf, type PostgresStorage } from '../instance.ts';
import { storageIdIn } from '../runRecords.ts';
import { untilAborted } from '../untilAborted.ts';
import { PostgresConnection, type Query } from './connection.ts';
import { lastRow } from './rows.ts';
import type { PostgresServer } from './server.ts';

/**
 * The instance's name for itself, `instance_info.run_storage_id`. It is often empty and may be filled later: until then
 * a hash of where the database is and of when Dagster made its tables, so that another one in the same place is
 * another one.
 * @param signal ends the waiting; the connection ends by its own timeout.
 * @throws EventLogError when it cannot be reached, or holds no event log; the signal's reason when it is aborted.
 */
export async function identifyPostgres(storage: PostgresStorage, signal?: AbortSignal): Promise<Identity> {
  return untilAborted(identity(storage), signal);
}

async function identity({ eventLog, runs }: PostgresStorage): Promise<Identity> {
  await readOnce(eventLog, lastRow);
  const { named, madeAt } = await readOnce(runs, async (query) => ({
    named: storageIdIn(await first(query, 'instance_info', 'run_storage_id as id')),
    madeAt: madeAtIn(await first(query, 'secondary_indexes', 'min(migration_completed)::text as at')),
  }));
  const place = createHash('sha256').update(`${eventLog.label}\n${madeAt}`).digest('hex').slice(0, 32);
  return identityOf(instanceId(`postgres-${place}`), named, madeAt);
}

/** Dagster's first entry in `secondary_indexes`, which it makes together with the tables and keeps; '' for none. */
function madeAtIn(found: unknown): string {
  const row = v.safeParse(v.object({ at: v.string() }), found);
  return row.success ? row.output.at : '';
}

/** The first row of a table that an old Dagster may not have made. */
async function first(query: Query, table: string, what: string): Promise<unknown> {
  const [there] = await query('select 1 where to_regclass($1) is not null', [table]);
  return there === undefined ? undefined : (await query(`select ${what} from ${table} limit 1`))[0];
}

async function readOnce<T>(server: PostgresServer, use: (query: Query) => Promise<T>): Promise<T> {
  const connection = await PostgresConnection.open(server);
  try {
    return await connection.read(use);
  } finally {
    connection.close();
  }
}
