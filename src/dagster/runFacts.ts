import type { RunRecord } from './runRecords.ts';
import type { StepFailureFound } from './stepFailures.ts';

/** What an instance knows of its runs beside the log's rows, wherever its storage keeps that. */
export interface RunFacts {
  /** The runs of these ids that the instance has; one that is missing was deleted. @throws EventLogError */
  records(ids: readonly string[]): Promise<ReadonlyMap<string, RunRecord>>;
  /**
   * The first STEP_FAILURE of each of these runs by storage id. Dagster's `first_step_failure_event` is no substitute:
   * it is empty where a step's process died or its resource failed (measured), and it is the first that the executor
   * saw, not the first recorded.
   * @throws EventLogError
   */
  firstStepFailures(runIds: readonly string[]): Promise<ReadonlyMap<string, StepFailureFound>>;
}
