import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { decodeStepFailure, SerdesError, type StepFailure } from './serdes.ts';

export interface StepFailureFound {
  /** null when the run's log holds no step failure, or there is no such log. */
  readonly step: StepFailure | null;
  /** Why it could not be read, where that is so. */
  readonly note: string | null;
}

export const NO_STEP_FAILURE: StepFailureFound = { step: null, note: null };

const StepFailureRow = v.object({ event: v.string() });

/** Decodes a row of a run's first STEP_FAILURE; undefined where the run has none. */
export function stepFailureFound(runId: string, found: unknown): StepFailureFound {
  const row = v.safeParse(StepFailureRow, found);
  if (!row.success) return NO_STEP_FAILURE;
  try {
    return { step: decodeStepFailure(row.output.event), note: null };
  } catch (error) {
    if (!(error instanceof SerdesError)) throw error;
    return { step: null, note: l10n.t('A step failure of run {0} cannot be read: {1}.', runId, error.message) };
  }
}
