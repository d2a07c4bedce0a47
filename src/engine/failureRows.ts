import { renderEvent } from '../channels/sentry/event.ts';
import { eventIdFor } from '../channels/sentry/eventId.ts';
import { groupingOf, headline } from '../channels/sentry/grouping.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import type { FailureId } from '../failure/ids.ts';
import { briefOf } from '../store/brief.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import { factsOf } from './failureRow.ts';

/** The event's message. It needs no metadata, so that a brief failure is enough. */
const messageOf = (brief: Failure, settings: RenderSettings): string =>
  renderEvent(brief, eventIdFor(brief.id, 0), settings).event.message;

/** Equal for failures that Sentry would put into one issue. */
export const groupingKeyOf = (failure: Failure, settings: RenderSettings): string =>
  groupingOf(messageOf(briefOf(failure), settings)).key;

/** A stored failure as the views show it. */
export function rowOf(stored: StoredFailure, store: StateStore, settings: RenderSettings): FailureRow {
  const title = headline(messageOf(stored.brief, settings));
  return {
    ...factsOf(stored.brief, title, settings.oemPattern),
    seq: stored.seq,
    status: stored.status,
    beforeFiredrill: stored.beforeFiredrill,
    passedSince: stored.passedSince,
    sameCauseAs: blockingCheckOf(stored.brief, store),
  };
}

/** The check failure that failed this run, when it is known (a blocking check makes two failures). */
function blockingCheckOf(failure: Failure, store: StateStore): FailureId | null {
  if (failure.kind !== 'run' || !failure.causedByCheck) return null;
  const checks = store.failures.findByRun(failure.runId).filter(({ kind }) => kind === 'check');
  const blocking = checks.find(({ brief }) => brief.kind === 'check' && brief.blocking);
  return (blocking ?? checks[0])?.id ?? null;
}
