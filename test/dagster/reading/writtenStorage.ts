import type { DagsterInstance, SqliteStorage } from '../../../src/dagster/instance.ts';
import { type EvaluationParts, WrittenHome } from './home.ts';

/** An instance whose tables are written by the tests, row by row, in Dagster's own shape, whatever its storage. */
export interface WrittenStorage {
  readonly instance: DagsterInstance;
  /** Adds an evaluation to the log; answers its storage id. */
  evaluation(runId: string, seconds: number, more?: EvaluationParts): Promise<number>;
  event(runId: string, seconds: number, type: string, event: string): Promise<number>;
  /** Where the storage keeps the steps of a run. */
  stepFailure(runId: string, seconds: number, stepKey: string): Promise<void>;
  run(runId: string, status: string, endTime?: number): Promise<void>;
  tag(runId: string, key: string, value: string): Promise<void>;
  /** What `DagsterInstance.delete_run` does. */
  deleteRun(runId: string): Promise<void>;
  dispose(): Promise<void>;
}

export async function writtenSqlite(layout: SqliteStorage['layout']): Promise<WrittenStorage> {
  const home = new WrittenHome('wal', layout);
  return {
    instance: home.instance,
    evaluation: async (...row) => home.evaluation(...row),
    event: async (...row) => home.event(...row),
    stepFailure: async (...row) => home.stepFailure(...row),
    run: async (...row) => home.run(...row),
    tag: async (...tag) => {
      home.runs.prepare('insert into run_tags (run_id, key, value) values (?, ?, ?)').run(...tag);
    },
    deleteRun: async (runId) => home.deleteRun(runId),
    dispose: async () => home.dispose(),
  };
}
