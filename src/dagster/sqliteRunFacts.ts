import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import * as l10n from '@vscode/l10n';
import { EventLogError } from './eventLog.ts';
import type { SqliteStorage } from './instance.ts';
import type { RunFacts } from './runFacts.ts';
import { type RunRecord, runRecords } from './runRecords.ts';
import { SqliteFile, type SqliteFileOptions } from './sqliteFile.ts';
import { NO_STEP_FAILURE, type StepFailureFound, stepFailureFound } from './stepFailures.ts';

const STEP_FAILURE = `select event from event_logs
  where run_id = ? and dagster_event_type = 'STEP_FAILURE' order by id limit 1`;

/** What SQLite storage knows of runs: `runs.db`, and the logs in which their steps stand. */
export class SqliteRunFacts implements RunFacts {
  readonly #storage: SqliteStorage;
  readonly #options: SqliteFileOptions;
  readonly #runs: SqliteFile;

  constructor(storage: SqliteStorage, options: SqliteFileOptions) {
    this.#storage = storage;
    this.#options = options;
    this.#runs = new SqliteFile(storage.runs, options);
  }

  close(): void {
    this.#runs.close();
  }

  async records(ids: readonly string[]): Promise<ReadonlyMap<string, RunRecord>> {
    return this.recordsNow(ids);
  }

  /** As `records`; empty where there is no `runs.db`. @throws EventLogError */
  recordsNow(ids: readonly string[]): ReadonlyMap<string, RunRecord> {
    try {
      return this.#runs.read((database) => runRecords(database, ids));
    } catch (error) {
      // Without `runs.db` the log still tells the failures, only less about their runs.
      if (error instanceof EventLogError && (error.fault === 'gone' || error.fault === 'no-tables')) return new Map();
      throw error;
    }
  }

  /** @throws EventLogError `locked`, which passes by itself. */
  async firstStepFailures(runIds: readonly string[]): Promise<ReadonlyMap<string, StepFailureFound>> {
    switch (this.#storage.layout) {
      case 'sharded':
        return new Map(runIds.map((runId) => [runId, this.#inOwnLog(runId)]));
      case 'consolidated':
        return this.#inFile(this.#storage.eventLog, (database) => {
          const statement = database.prepare(STEP_FAILURE);
          return new Map(runIds.map((runId) => [runId, stepFailureFound(runId, statement.get(runId))]));
        });
    }
  }

  /** In the run's own log `history/runs/<run id>.db`: step failures are not mirrored into `index.db`. */
  #inOwnLog(runId: string): StepFailureFound {
    if (!/^[\w-]+$/.test(runId)) return NO_STEP_FAILURE; // no name that Dagster gives a file
    const file = path.join(path.dirname(this.#storage.eventLog), `${runId}.db`);
    try {
      return this.#inFile(file, (database) => stepFailureFound(runId, database.prepare(STEP_FAILURE).get(runId)));
    } catch (error) {
      if (!(error instanceof EventLogError) || error.fault === 'locked') throw error;
      const isAbsent = error.fault === 'gone' || error.fault === 'no-tables';
      return {
        step: null,
        note: isAbsent ? null : l10n.t('The log of run {0} cannot be read: {1}', runId, error.message),
      };
    }
  }

  #inFile<T>(path: string, use: (database: DatabaseSync) => T): T {
    const file = new SqliteFile(path, this.#options);
    try {
      return file.read(use);
    } finally {
      file.close();
    }
  }
}
