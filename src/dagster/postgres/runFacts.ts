import * as v from 'valibot';
import { EventLogError } from '../eventLog.ts';
import type { RunFacts } from '../runFacts.ts';
import { distinct, RUN_TAGS, type RunRecord, recordsOf } from '../runRecords.ts';
import { type StepFailureFound, stepFailureFound } from '../stepFailures.ts';
import type { PostgresConnection } from './connection.ts';

const OfRun = v.looseObject({ run_id: v.string() });

/** What Postgres storage knows of runs. */
export class PostgresRunFacts implements RunFacts {
  readonly #log: PostgresConnection;
  readonly #runs: PostgresConnection;

  constructor(log: PostgresConnection, runs: PostgresConnection) {
    this.#log = log;
    this.#runs = runs;
  }

  async records(ids: readonly string[]): Promise<ReadonlyMap<string, RunRecord>> {
    const wanted = distinct(ids);
    if (wanted.length === 0) return new Map();
    try {
      return await this.#runs.read(async (query) => {
        const tags = await query('select run_id, key, value from run_tags where run_id = any($1) and key = any($2)', [
          wanted,
          RUN_TAGS,
        ]);
        const runs = await query(
          'select run_id, pipeline_name, status, end_time, run_body from runs where run_id = any($1)',
          [wanted],
        );
        return recordsOf(runs, tags);
      });
    } catch (error) {
      // Without its tables the log still tells the failures, only less about their runs.
      if (error instanceof EventLogError && error.fault === 'no-tables') return new Map();
      throw error;
    }
  }

  async firstStepFailures(runIds: readonly string[]): Promise<ReadonlyMap<string, StepFailureFound>> {
    const wanted = distinct(runIds);
    if (wanted.length === 0) return new Map();
    const sql = `select distinct on (run_id) run_id, event from event_logs
      where run_id = any($1) and dagster_event_type = 'STEP_FAILURE' order by run_id, id`;
    const rows = await this.#log.read((query) => query(sql, [wanted]));
    return new Map(
      rows.map((row) => {
        const { run_id: runId } = v.parse(OfRun, row);
        return [runId, stepFailureFound(runId, row)];
      }),
    );
  }
}
