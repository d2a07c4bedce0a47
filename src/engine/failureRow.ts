import { alertMessage } from '../channels/sentry/event.ts';
import { groupingOf, headline } from '../channels/sentry/grouping.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import { factsOf } from './failureFacts.ts';

/** What Sentry's issue is called that a stored failure would join: its title without what varies. */
export const issueTitleOf = (stored: StoredFailure, settings: RenderSettings): string =>
  groupingOf(alertMessage(stored.brief, settings.oemPattern)).title;

/** A stored failure as the views show it. */
export function rowOf(stored: StoredFailure, store: StateStore, settings: RenderSettings): FailureRow {
  const title = headline(alertMessage(stored.brief, settings.oemPattern));
  return {
    ...factsOf(stored.brief, title, settings.oemPattern),
    seq: stored.seq,
    status: stored.status,
    beforeFiredrill: stored.beforeFiredrill,
    passedSince: stored.passedSince,
    delivery: stored.delivery,
    sameCauseAs: blockingCheckOf(stored.brief, store),
  };
}

/** The name of the check that failed this run, when its failure is known (a blocking check makes two failures). */
function blockingCheckOf(failure: Failure, store: StateStore): string | null {
  if (failure.kind !== 'run' || !failure.causedByCheck) return null;
  const checks = store.failures.findByRun(failure.runId).flatMap(({ brief }) => (brief.kind === 'check' ? brief : []));
  return (checks.find(({ blocking }) => blocking) ?? checks[0])?.checkName ?? null;
}
