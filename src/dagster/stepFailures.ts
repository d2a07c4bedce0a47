import path from 'node:path';
import * as v from 'valibot';
import { EventLogError } from './eventLog.ts';
import { decodeStepFailure, SerdesError, type StepFailure } from './serdes.ts';
import { SqliteFile, type SqliteFileOptions } from './sqliteFile.ts';

export interface StepFailureFound {
  /** null when the run's log holds no step failure, or there is no such log. */
  readonly step: StepFailure | null;
  /** Why it could not be read, where that is so. */
  readonly note: string | null;
}

/**
 * The first STEP_FAILURE of a run by storage id, from the run's own log `history/runs/<run id>.db` (step failures are
 * not mirrored into `index.db`). Dagster's `first_step_failure_event` is no substitute: it is empty where a step's
 * process died or its resource failed (measured), and it is the first that the executor saw, not the first recorded.
 * @throws EventLogError `locked`, which passes by itself.
 */
export function firstStepFailure(folder: string, runId: string, options: SqliteFileOptions): StepFailureFound {
  if (!/^[\w-]+$/.test(runId)) return { step: null, note: null }; // no name that Dagster gives a file
  const file = new SqliteFile(path.join(folder, `${runId}.db`), options);
  try {
    const sql = "select event from event_logs where dagster_event_type = 'STEP_FAILURE' order by id limit 1";
    const found = file.read((database) => database.prepare(sql).get());
    const row = v.safeParse(v.object({ event: v.string() }), found);
    return { step: row.success ? decodeStepFailure(row.output.event) : null, note: null };
  } catch (error) {
    if (error instanceof EventLogError) {
      if (error.fault === 'locked') throw error;
      const isAbsent = error.fault === 'gone' || error.fault === 'no-tables';
      return { step: null, note: isAbsent ? null : `The log of run ${runId} cannot be read: ${error.message}` };
    }
    if (!(error instanceof SerdesError)) throw error;
    return { step: null, note: `A step failure of run ${runId} cannot be read: ${error.message}.` };
  } finally {
    file.close();
  }
}
