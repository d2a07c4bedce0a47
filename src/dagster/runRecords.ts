import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { parsePythonJson } from './pythonJson.ts';
import { hasTable } from './sqliteFile.ts';

/** What the instance's run storage knows of one run. */
export interface RunRecord {
  readonly jobName: string | null;
  /** As Dagster recorded it with the run; null for a run that was started without a code location. */
  readonly codeLocation: string | null;
  /** The assets that the run was started for. */
  readonly assets: readonly (readonly string[])[];
  /** The tag `dagster/partition`. */
  readonly partition: string | null;
  /** The tag `dagster/will_retry`: null while Dagster has not decided, or where run retries are off. */
  readonly willRetry: boolean | null;
  readonly ended: boolean;
  /** Seconds since 1970; null while it runs. */
  readonly endTime: number | null;
}

const ENDED = new Set(['SUCCESS', 'FAILURE', 'CANCELED']);
const PARTITION = 'dagster/partition';
const WILL_RETRY = 'dagster/will_retry';
const CODE_LOCATION = 'dagster/code_location';
const REPOSITORY = '.dagster/repository';

const Text = v.nullable(v.string());
const RunRow = v.object({
  run_id: v.string(),
  pipeline_name: Text,
  status: Text,
  end_time: v.nullable(v.number()),
  run_body: v.unknown(),
});
const TagRow = v.object({ run_id: v.string(), key: v.string(), value: Text });

/** The tags of a run that are read. */
export const RUN_TAGS = [PARTITION, WILL_RETRY, CODE_LOCATION, REPOSITORY];

/** The runs of these ids that `runs.db` has. */
export function runRecords(database: DatabaseSync, ids: readonly string[]): ReadonlyMap<string, RunRecord> {
  const wanted = JSON.stringify(distinct(ids));
  const tagSql = `select run_id, key, value from run_tags where run_id in (select value from json_each(?))
    and key in ('${RUN_TAGS.join("','")}')`;
  const runSql = `select run_id, pipeline_name, status, end_time, run_body from runs
    where run_id in (select value from json_each(?))`;
  return recordsOf(database.prepare(runSql).iterate(wanted), database.prepare(tagSql).all(wanted));
}

/** The ids without repeats and without that of run-less events. */
export const distinct = (ids: readonly string[]): readonly string[] => [...new Set(ids)].filter((id) => id !== '');

/**
 * Records of rows of the tables `runs` (run_id, pipeline_name, status, end_time, run_body) and `run_tags` (run_id, key,
 * value), as every storage has them.
 */
export function recordsOf(runRows: Iterable<unknown>, tagRows: Iterable<unknown>): ReadonlyMap<string, RunRecord> {
  const tags = new Map<string, Map<string, string | null>>();
  for (const found of tagRows) {
    const { run_id, key, value } = v.parse(TagRow, found);
    const ofRun = tags.get(run_id) ?? new Map<string, string | null>();
    tags.set(run_id, ofRun.set(key, value));
  }
  const records = new Map<string, RunRecord>();
  for (const found of runRows) {
    const run = v.parse(RunRow, found);
    const ofRun = tags.get(run.run_id);
    const willRetry = ofRun?.get(WILL_RETRY) ?? null;
    const body = runBody(run.run_body);
    records.set(run.run_id, {
      jobName: run.pipeline_name,
      assets: body.assets,
      codeLocation:
        body.codeLocation ?? ofRun?.get(CODE_LOCATION) ?? ofRun?.get(REPOSITORY)?.split('@').slice(1).join('@') ?? null,
      partition: ofRun?.get(PARTITION) ?? null,
      willRetry: willRetry === null ? null : willRetry.toLowerCase() === 'true',
      ended: run.status !== null && ENDED.has(run.status),
      endTime: run.end_time,
    });
  }
  return records;
}

/** `instance_info.run_storage_id`; null where the table is absent or empty. */
export function runStorageId(database: DatabaseSync): string | null {
  if (!hasTable(database, 'instance_info')) return null;
  const found = database.prepare('select run_storage_id as id from instance_info order by rowid limit 1').get();
  return storageIdIn(found);
}

/**
 * When Dagster made this database, to the microsecond: its first entry in `secondary_indexes`, which it makes together
 * with the tables and keeps. null where there is none.
 */
export function madeAt(database: DatabaseSync): string | null {
  if (!hasTable(database, 'secondary_indexes')) return null;
  const found = database.prepare('select cast(min(migration_completed) as text) as at from secondary_indexes').get();
  const row = v.safeParse(v.object({ at: v.string() }), found);
  return row.success ? row.output.at : null;
}

/** The id in a row `{ id }` of `instance_info`; null where there is none. */
export function storageIdIn(found: unknown): string | null {
  const row = v.safeParse(v.object({ id: v.pipe(v.string(), v.nonEmpty()) }), found);
  return row.success ? row.output.id : null;
}

const Location = v.object({ location_name: v.string() });
const Repository = v.object({ repository_location_origin: Location });
const Origin = v.object({ external_repository_origin: Repository });
const AssetKeys = v.object({ __frozenset__: v.array(v.object({ path: v.array(v.string()) })) });
/** `DagsterRun`: `remote_job_origin`, under the name it is stored with, and `asset_selection`. */
const RunBody = v.object({
  external_pipeline_origin: v.fallback(v.nullable(Origin), null),
  asset_selection: v.fallback(v.nullable(AssetKeys), null),
});

function runBody(body: unknown): Pick<RunRecord, 'codeLocation' | 'assets'> {
  let json: unknown = null;
  try {
    if (typeof body === 'string') json = parsePythonJson(body);
  } catch {
    // a broken run body: the tags still tell
  }
  const run = v.safeParse(RunBody, json);
  if (!run.success) return { codeLocation: null, assets: [] };
  const { external_pipeline_origin: origin, asset_selection: selection } = run.output;
  return {
    codeLocation: origin?.external_repository_origin.repository_location_origin.location_name ?? null,
    // A set has no order of its own: sorted, so that the same run always names the same asset first.
    assets: (selection?.__frozenset__ ?? [])
      .map(({ path }) => path)
      .sort((a, b) => (a.join('/') < b.join('/') ? -1 : 1)),
  };
}
