import type { DagsterError, RunFailure } from './failure.ts';

/** What a person says of a run failure: what failed and with which error. */
export interface FailedRun {
  readonly jobName: string;
  /** The failed step's key; null: no step failed, the run itself did. */
  readonly stepKey: string | null;
  /** The exception's class, without its module. */
  readonly errorClass: string;
  readonly errorText: string;
}

/** The run failure as Dagster records it: a step's exception behind its wrapper, a run's own as it is. */
export function failedRun({
  jobName,
  stepKey,
  errorClass,
  errorText,
}: FailedRun): Pick<RunFailure, 'jobName' | 'assetKey' | 'failureReason' | 'step' | 'error' | 'message'> {
  const raised: DagsterError = {
    className: errorClass,
    message: `${errorClass}: ${errorText}\n`,
    stack: [],
    cause: null,
  };
  if (stepKey === null) {
    const message = `Execution of run for "${jobName}" failed. An exception was thrown during execution.`;
    return { jobName, assetKey: null, failureReason: 'RUN_EXCEPTION', step: null, error: raised, message };
  }
  const error: DagsterError = {
    className: 'DagsterExecutionStepExecutionError',
    message: `dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred while executing op "${stepKey}":\n`,
    stack: [],
    cause: raised,
  };
  return {
    jobName,
    assetKey: stepKey.split('__'),
    failureReason: 'STEP_FAILURE',
    step: { key: stepKey, error },
    error: null,
    message: `Execution of run for "${jobName}" failed. Steps failed: ['${stepKey}'].`,
  };
}

/** Reads that back. */
export function saidOf(failure: RunFailure): FailedRun {
  const error = failure.step?.error?.cause ?? failure.step?.error ?? failure.error;
  const errorClass = error?.className || 'UnknownError';
  const message = error?.message ?? '';
  const prefix = `${errorClass}: `;
  return {
    jobName: failure.jobName,
    stepKey: failure.step?.key ?? null,
    errorClass,
    errorText: message.startsWith(prefix) ? message.slice(prefix.length).replace(/\n$/, '') : '',
  };
}
