import { alertMessage } from '../channels/sentry/event.ts';
import { groupingOf } from '../channels/sentry/grouping.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import { briefOf } from '../store/brief.ts';
import type { NewFailure } from '../store/stateStore.ts';
import { factsOf } from './failureFacts.ts';

/** Characters of a name that a line can show. */
const NAME = 120;
const cut = (text: string): string => text.slice(0, NAME).toWellFormed();

/** A failure with all that it is stored under, so that lists can be grouped, filtered and searched where it is stored. */
export function newFailure(failure: Failure, beforeFiredrill: boolean, settings: RenderSettings): NewFailure {
  const message = alertMessage(briefOf(failure), settings.oemPattern);
  const { label, detail, oem, asset } = factsOf(failure, message, settings.oemPattern);
  const { codeLocation, partition, runId } = failure;
  return {
    failure,
    name: { kind: failure.kind, label: cut(label), detail: cut(detail) },
    beforeFiredrill,
    groupingKey: groupingOf(message).key,
    place: codeLocation || oem,
    asset,
    searched: [message, label, detail, asset, partition, runId, codeLocation].filter((text) => text).join('\n'),
  };
}
