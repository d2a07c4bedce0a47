import { userError } from '../channels/sentry/errorType.ts';
import type { DagsterError, Failure } from '../failure/failure.ts';
import type { Unsent } from './api.ts';

/** Causes that are told, and characters of each. */
const CAUSES = 10;
const TEXT = 300;

/** What Dagster recorded of a run's error beyond its message, which is all that the specification sends of it. */
export function unsentOf(failure: Failure): Unsent {
  const error = failure.kind === 'run' ? userError(failure) : null;
  const causes: string[] = [];
  for (let at: DagsterError | null = error?.cause ?? null; at !== null && causes.length < CAUSES; at = at.cause)
    causes.push(at.message.trim().slice(0, TEXT).toWellFormed());
  return { causes, stack: (error?.stack.length ?? 0) > 0 };
}
