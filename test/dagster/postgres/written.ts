import type { Client } from 'pg';
import { exec } from '../../../scripts/exec.ts';
import { pythonEnv } from '../../../scripts/python.ts';
import type { DagsterInstance, PostgresStorage } from '../../../src/dagster/instance.ts';
import { serverOfUrl } from '../../../src/dagster/postgres/server.ts';
import { postgresStorageAt } from '../../../src/dagster/storageSections.ts';
import { instanceId } from '../../../src/failure/ids.ts';
import { DagsterInstance as RealInstance } from '../dagsterInstance.ts';
import { pythonEnvironment } from '../provoker.ts';
import { evaluationJson, stepFailureJson, timestampOf } from '../reading/home.ts';
import type { WrittenStorage } from '../reading/writtenStorage.ts';
import { dagsterPostgres } from './packages.ts';
import type { PostgresForTests } from './server.ts';

/** A server with a database that has Dagster's tables. */
export interface RunningPostgres {
  readonly server: PostgresForTests;
  readonly database: string;
}

/** A new database with the tables that a real Dagster makes; answers its name. */
export async function dagsterDatabase(server: PostgresForTests): Promise<string> {
  const database = await server.newDatabase();
  const instance = await postgresInstance(server, database);
  try {
    const { python } = await pythonEnv();
    const make = 'import dagster, sys; dagster.DagsterInstance.from_config(sys.argv[1])';
    const env = { ...pythonEnvironment(instance.home), ...(await postgresEnv(server, database)) };
    const ran = await exec(python, ['-c', make, instance.home], { env });
    if (ran.code !== 0) throw new Error(`Dagster did not make its tables: ${ran.stderr.slice(-2000)}`);
  } finally {
    await instance.dispose();
  }
  return database;
}

/** A home whose dagster.yaml names the database, its URL taken from the environment. */
export async function postgresInstance(server: PostgresForTests, database: string): Promise<RealInstance> {
  const yaml = 'storage:\n  postgres:\n    postgres_url:\n      env: DAGSTER_POSTGRES_URL\n';
  return RealInstance.empty({ yaml, env: await postgresEnv(server, database) });
}

/** What Dagster's processes need for an instance on Postgres. */
export const postgresEnv = async (server: PostgresForTests, database: string) => ({
  PYTHONPATH: await dagsterPostgres(),
  DAGSTER_POSTGRES_URL: server.url(database),
});

/** The instance in a database, as discovery finds it. */
export function instanceInDatabase(url: string): DagsterInstance & { readonly storage: PostgresStorage } {
  const server = serverOfUrl(url);
  if (server === null) throw new Error('This is no URL of a Postgres database.');
  return {
    id: instanceId('test-instance'),
    madeAt: '2026-05-01 08:00:00.000001',
    home: '/nowhere',
    foundBy: 'setting',
    storage: postgresStorageAt(server),
    webserverUrl: null,
    runRetries: false,
    warnings: [],
  };
}

const INSERT = 'insert into event_logs (run_id, event, dagster_event_type, timestamp) values ($1, $2, $3, $4)';

/** Adds a row as Dagster does, without telling it; answers its storage id. */
export async function insertEvent(
  client: Client,
  runId: string,
  seconds: number,
  type: string,
  event: string,
): Promise<number> {
  const { rows } = await client.query(`${INSERT} returning id`, [runId, event, type, timestampOf(seconds)]);
  return Number(rows[0].id);
}

/** Dagster's tables, emptied, and a connection that writes into them. */
export async function writtenPostgres(server: PostgresForTests, database: string): Promise<WrittenStorage> {
  const client = await server.client(database);
  await client.query('truncate event_logs, runs, run_tags, instance_info');
  const event: WrittenStorage['event'] = async (runId, seconds, type, text) => {
    const id = await insertEvent(client, runId, seconds, type, text);
    await client.query(`notify run_events, '${runId}_${id}'`); // PostgresEventLogStorage.store_event
    return id;
  };
  return {
    instance: instanceInDatabase(server.url(database)),
    event,
    evaluation: (runId, seconds, more) =>
      event(runId, seconds, 'ASSET_CHECK_EVALUATION', evaluationJson(runId, seconds, more)),
    stepFailure: async (runId, seconds, stepKey) => {
      await event(runId, seconds, 'STEP_FAILURE', stepFailureJson(runId, seconds, stepKey));
    },
    run: async (runId, status, endTime) => {
      const sql = `insert into runs (run_id, pipeline_name, status, run_body, end_time) values ($1, 'job', $2, '{}', $3)
        on conflict (run_id) do update set status = excluded.status, end_time = excluded.end_time`;
      await client.query(sql, [runId, status, endTime ?? null]);
    },
    tag: async (...tag) =>
      void (await client.query('insert into run_tags (run_id, key, value) values ($1, $2, $3)', tag)),
    deleteRun: async (runId) => {
      await client.query('delete from event_logs where run_id = $1', [runId]);
      await client.query('delete from runs where run_id = $1', [runId]);
    },
    dispose: () => client.end(),
  };
}
