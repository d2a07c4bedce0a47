import { assetPathOfStep } from '../channels/sentry/assetPath.ts';
import { messageOf } from '../channels/sentry/event.ts';
import { groupingOf, headline } from '../channels/sentry/grouping.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import { assetKeyText, type Failure } from '../failure/failure.ts';
import type { FailureId } from '../failure/ids.ts';
import { briefOf } from '../store/brief.ts';
import type { NewFailure, StateStore, StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import { factsOf } from './failureRow.ts';

/** A failure with all that it is stored under, so that lists can be grouped, filtered and searched where it is stored. */
export function newFailure(failure: Failure, beforeFiredrill: boolean, settings: RenderSettings): NewFailure {
  const message = messageOf(briefOf(failure), settings.oemPattern);
  const { label, detail, oem } = factsOf(failure, message, settings.oemPattern);
  const { codeLocation, partition, runId } = failure;
  const asset = assetOf(failure);
  return {
    failure,
    beforeFiredrill,
    groupingKey: groupingOf(message).key,
    place: codeLocation || oem,
    asset,
    searched: [message, label, detail, asset, partition, runId, codeLocation].filter((text) => text).join('\n'),
  };
}

/** The asset that failed: of a run that was started for none, what its first failed step is called after. */
function assetOf(failure: Failure): string | null {
  if (failure.kind === 'check') return assetKeyText(failure.assetKey);
  if (failure.assetKey !== null) return assetKeyText(failure.assetKey);
  return failure.step === null ? null : assetPathOfStep(failure.step.key);
}

/** What Sentry's issue is called that a stored failure would join: its title without what varies. */
export const issueTitleOf = (stored: StoredFailure, settings: RenderSettings): string =>
  groupingOf(messageOf(stored.brief, settings.oemPattern)).title;

/** A stored failure as the views show it. */
export function rowOf(stored: StoredFailure, store: StateStore, settings: RenderSettings): FailureRow {
  const title = headline(messageOf(stored.brief, settings.oemPattern));
  return {
    ...factsOf(stored.brief, title, settings.oemPattern),
    seq: stored.seq,
    status: stored.status,
    beforeFiredrill: stored.beforeFiredrill,
    asset: assetOf(stored.brief),
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
