import type { CanonicalRequest } from '../channels/request.ts';
import { renderAlert } from '../channels/sentry/render.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { Delivery, FailureRow, Preview } from './api.ts';
import type { ResolvedTarget } from './targets.ts';

/** Stands for the key, the same for every key: no prefix, no length. */
const MASKED_KEY = '••••••••';

export interface PreviewInput {
  readonly stored: StoredFailure & { readonly failure: Failure };
  readonly row: FailureRow;
  readonly target: ResolvedTarget;
  readonly settings: RenderSettings;
  readonly store: StateStore;
  /** Deliveries of this failure, newest first. */
  readonly deliveries: readonly Delivery[];
  readonly runUrl: string | null;
  readonly now: number;
}

/** What the preview shows: the very request that `send` would queue, or that was queued last for this target. */
export function previewOf({ stored, row, target, settings, store, deliveries, runUrl, now }: PreviewInput): Preview {
  const earlier = deliveries.filter((delivery) => delivery.target.kind === target.row.kind).length;
  const resend = Math.max(0, earlier - 1);
  const alert = renderAlert({ failure: stored.failure, target: target.envelope, settings, resend, now });
  const samePending = store.failures.pendingGrouped(stored.groupingKey);
  return {
    failure: stored.failure,
    row,
    event: alert.event,
    target: target.shown,
    targetNote: target.note,
    request: {
      method: alert.request.method,
      url: alert.request.url,
      headers: shownHeaders(alert.request, settings.version),
      body: new TextDecoder().decode(alert.request.body),
      bytes: alert.request.body.byteLength,
      sha256: alert.sha256,
    },
    measures: alert.measures,
    cuts: alert.cuts,
    grouping: {
      ...alert.grouping,
      otherPending: Math.max(0, samePending - (stored.status === 'pending' ? 1 : 0)),
    },
    deliveries,
    runUrl,
  };
}

const shownHeaders = (request: CanonicalRequest, version: string): [string, string][] => [
  ...request.headers.map(([name, value]): [string, string] => [name, value]),
  ['x-sentry-auth', `Sentry sentry_version=7, sentry_client=firedrill/${version}, sentry_key=${MASKED_KEY}`],
];
