import type { L10n } from '../l10n.ts';
import { oneLine, shorten } from '../text.ts';

/**
 * Why Dagster ended a run, its RunFailureReason in words; one of a newer Dagster in its own. Empty where it recorded
 * none, or that it does not know.
 */
export function reasonWords(reason: string | null, l10n: L10n): string {
  switch (reason) {
    case null:
    case 'UNKNOWN':
      return '';
    case 'STEP_FAILURE':
      return l10n.t('a step failed');
    case 'RUN_EXCEPTION':
      return l10n.t('the run raised an exception');
    case 'JOB_INITIALIZATION_FAILURE':
      return l10n.t('the job could not be initialized');
    case 'START_TIMEOUT':
      return l10n.t('the run did not start in time');
    case 'RUN_WORKER_RESTART':
      return l10n.t('the run worker restarted');
    case 'UNEXPECTED_TERMINATION':
      return l10n.t('the run ended unexpectedly');
    default:
      return shorten(oneLine(reason).toLowerCase().replaceAll('_', ' '), 80);
  }
}
