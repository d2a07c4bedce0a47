import type { FailureId, RunId, StorageId } from './ids.ts';
import type { MetadataEntry } from './metadata.ts';
import type { TagChanges, TestFields } from './testFields.ts';

export type CheckSeverity = 'WARN' | 'ERROR';

/** Where a failure comes from: recorded in an instance's event log, or made by a person to test the alert. */
export type FailureOrigin =
  | {
      readonly kind: 'recorded';
      /** null for an evaluation that only stands in `asset_check_executions` (Dagster before 1.12.11 on SQLite). */
      readonly storageId: StorageId | null;
    }
  | {
      readonly kind: 'test';
      /** Tags that a person changed. */
      readonly tags?: TagChanges;
      /** What it was before a person changed it; absent as long as nobody did. */
      readonly before?: TestFields;
    };

interface FailureBase {
  readonly id: FailureId;
  readonly origin: FailureOrigin;
  /** The event log's own timestamp: seconds since 1970 with microseconds, as Dagster recorded it. */
  readonly timestamp: number;
  /** The run's code location as recorded, or for a run-less evaluation the one that defines the asset; null if unknown. */
  readonly codeLocation: string | null;
  /** The evaluation's partition, else the run's tag `dagster/partition`, as it stands; null where there is none. */
  readonly partition: string | null;
}

/** A failed asset check evaluation. */
export interface CheckFailure extends FailureBase {
  readonly kind: 'check';
  readonly assetKey: readonly string[];
  readonly checkName: string;
  readonly severity: CheckSeverity;
  /** null for an evaluation that was reported without a run. */
  readonly runId: RunId | null;
  readonly description: string | null;
  readonly blocking: boolean;
  /** Sorted by name, as Dagster stores it. */
  readonly metadata: readonly MetadataEntry[];
}

/** An error as Dagster stores it (SerializableErrorInfo). */
export interface DagsterError {
  /** The class name alone, e.g. `ValueError`; null where Dagster has none. */
  readonly className: string | null;
  /** Dagster's message, "ClassName: text\n" with the module in front of a class that is not built in. */
  readonly message: string;
  /** Stack frames as Dagster's text lines, outermost first. */
  readonly stack: readonly string[];
  readonly cause: DagsterError | null;
}

/** A run that reached FAILURE (a PIPELINE_FAILURE event). */
export interface RunFailure extends FailureBase {
  readonly kind: 'run';
  readonly runId: RunId;
  readonly jobName: string;
  /** Of the assets that the run was started for: the failed step's own, else the first; null for a run of no assets. */
  readonly assetKey: readonly string[] | null;
  /** Dagster's RunFailureReason: STEP_FAILURE, RUN_EXCEPTION, ...; null where it recorded none. */
  readonly failureReason: string | null;
  /** The first failed step by storage id; null where no step failure was recorded. */
  readonly step: { readonly key: string; readonly error: DagsterError | null } | null;
  /** The run failure's own error; null for a run that was marked as failed from outside. */
  readonly error: DagsterError | null;
  /** The event's message, which stands for the error of a run that was marked as failed from outside. */
  readonly message: string;
  /** The run carries `dagster/will_retry`: Dagster starts another attempt. */
  readonly willRetry: boolean;
  /** Set where a blocking check failed this run (DagsterAssetCheckFailedError): that evaluation is a failure of its own. */
  readonly causedByCheck: boolean;
}

/** An evaluation that passed: earlier failures of the same check on the same asset and partition have passed since. */
export interface PassedCheck {
  readonly assetKey: readonly string[];
  readonly checkName: string;
  readonly partition: string | null;
  /** Seconds since 1970, as the event log has it. */
  readonly timestamp: number;
}

export type Failure = CheckFailure | RunFailure;
export type FailureKind = Failure['kind'];

/** The asset key as Dagster's user string: parts joined by a slash. */
export const assetKeyText = (key: readonly string[]): string => key.join('/');
