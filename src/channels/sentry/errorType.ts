import type { DagsterError, RunFailure } from '../../failure/failure.ts';

/** Dagster's errors that only wrap the user's exception, which is then their cause. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'DagsterExecutionStepExecutionError',
  'DagsterExecutionLoadInputError',
  'DagsterExecutionHandleOutputError',
  'RetryRequestedFromPolicy',
]);

export const UNKNOWN_ERROR = 'UnknownError';

/** The exception that a person would name: behind Dagster's wrappers; null where the run recorded none. */
export function userError(failure: RunFailure): DagsterError | null {
  let error = failure.step?.error ?? failure.error;
  while (error?.cause && error.className !== null && WRAPPERS.has(error.className)) error = error.cause;
  return error;
}

/** The specification's `<error_type>` and `<error_class>`: a class name without its module. */
export const errorType = (failure: RunFailure): string => userError(failure)?.className || UNKNOWN_ERROR;

/** The specification's `extra.error`: that error's message, else the message of the run failure's event. */
export const errorText = (failure: RunFailure): string =>
  (userError(failure)?.message ?? failure.message).replace(/\n$/, '');
