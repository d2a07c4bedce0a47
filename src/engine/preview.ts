import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canonicalHash } from '../channels/canonicalHash.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { eventInEnvelope, MASKED_KEY } from '../channels/sentry/envelope.ts';
import { specifiedTags } from '../channels/sentry/event.ts';
import { renderAlert } from '../channels/sentry/render.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { Failure } from '../failure/failure.ts';
import { fieldsOf } from '../failure/testFields.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { Delivery, FailureRow, Preview, TestPreview } from './api.ts';
import { isFor, type ResolvedTarget } from './targets.ts';

/** Off this thread: a megabyte takes 20 ms. */
const packed = promisify(gzip);

export interface PreviewInput {
  readonly stored: StoredFailure & { readonly failure: Failure };
  readonly row: FailureRow;
  readonly target: ResolvedTarget;
  readonly settings: RenderSettings;
  readonly store: StateStore;
  /** Deliveries of this failure, newest first. */
  readonly deliveries: readonly Delivery[];
  readonly runUrl: string | null;
  readonly webserver: boolean;
  readonly now: number;
}

/**
 * What the preview shows: the very request that `send` would queue, or that was queued last for this target, as it
 * stands in the outbox: a setting that changed since then changes nothing of it.
 */
export async function previewOf(input: PreviewInput): Promise<Preview> {
  const { stored, row, target, settings, store, deliveries, runUrl, webserver, now } = input;
  const earlier = deliveries.filter((delivery) => isFor(delivery, target));
  const newest = earlier[0];
  const queued = newest === undefined ? null : store.outbox.request(newest.id);
  const resend = Math.max(0, earlier.length - 1);
  const alert = renderAlert({ failure: stored.failure, target: target.envelope, settings, resend, now });
  const request = queued ?? alert.request;
  const body = new TextDecoder().decode(request.body);
  const samePending = store.failures.pendingGrouped(stored.groupingKey);
  return {
    failure: stored.failure,
    row,
    event: queued === null ? alert.event : eventInEnvelope(body),
    target: target.shown,
    targetNote: target.note,
    request: {
      method: request.method,
      url: request.url,
      headers: shownHeaders(request, settings.version),
      body,
      bytes: request.body.byteLength,
      gzipBytes: (await packed(request.body)).byteLength,
      sha256: canonicalHash(request),
    },
    measures: alert.measures,
    cuts: alert.cuts,
    grouping: {
      ...alert.grouping,
      otherPending: Math.max(0, samePending - (stored.status === 'pending' ? 1 : 0)),
    },
    deliveries,
    runUrl,
    webserver,
    test: testOf(stored.failure, deliveries, settings),
  };
}

function testOf(failure: Failure, deliveries: readonly Delivery[], settings: RenderSettings): TestPreview | null {
  if (failure.origin.kind !== 'test') return null;
  const fields = fieldsOf(failure);
  return {
    editable: deliveries.length === 0,
    fields,
    before: failure.origin.before ?? fields,
    specifiedTags: specifiedTags(failure, settings),
  };
}

const shownHeaders = (request: CanonicalRequest, version: string): [string, string][] => [
  ...request.headers.map(([name, value]): [string, string] => [name, value]),
  ['x-sentry-auth', `Sentry sentry_version=7, sentry_client=firedrill/${version}, sentry_key=${MASKED_KEY}`],
];
