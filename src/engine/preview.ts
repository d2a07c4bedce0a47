import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { canonicalHash } from '../channels/canonicalHash.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { eventInEnvelope, withMaskedKey } from '../channels/sentry/envelope.ts';
import { specifiedTags } from '../channels/sentry/event.ts';
import { renderAlert, type SentryAlert } from '../channels/sentry/render.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import { sameTarget } from '../delivery/delivery.ts';
import type { Failure } from '../failure/failure.ts';
import type { JsonObject } from '../failure/json.ts';
import { fieldsOf } from '../failure/testFields.ts';
import type { StateStore, StoredFailure } from '../store/stateStore.ts';
import type { Delivery, EnvelopeLine, FailureRow, Preview, TestPreview } from './api.ts';
import { SHOWN_TEXT, Showing } from './shown.ts';
import type { ResolvedTarget } from './targets.ts';
import { unsentOf } from './unsent.ts';

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
  readonly canOpenRun: boolean;
  readonly webserver: boolean;
  readonly now: number;
}

/**
 * What the preview shows: the very request that `send` would queue, or that was queued last for this target, as it
 * stands in the outbox: a setting that changed since then changes nothing of it.
 */
export async function previewOf(input: PreviewInput): Promise<Preview> {
  const { stored, row, settings, target, store, deliveries, canOpenRun, webserver } = input;
  const { alert, request, event } = requestOf(input);
  const showing = new Showing();
  return {
    failure: showing.failure(stored.failure),
    row,
    event: showing.event(event),
    shortened: showing.shortened,
    unsent: unsentOf(stored.failure),
    target: target.shown,
    targetNote: target.note,
    request: {
      method: request.method,
      url: request.url,
      headers: withMaskedKey(request),
      envelope: linesOf(request.body),
      bytes: request.body.byteLength,
      gzipBytes: (await packed(request.body)).byteLength,
      sha256: canonicalHash(request),
    },
    measures: alert.measures,
    cuts: alert.cuts,
    grouping: {
      ...alert.grouping,
      otherPending: store.failures.otherPending(stored),
    },
    deliveries,
    canOpenRun,
    webserver,
    test: testOf(stored.failure, deliveries, settings),
  };
}

/** The request that the preview shows, and its event, whole. */
export function requestOf(
  input: Pick<PreviewInput, 'stored' | 'target' | 'settings' | 'store' | 'deliveries' | 'now'>,
): { readonly alert: SentryAlert; readonly request: CanonicalRequest; readonly event: JsonObject } {
  const { stored, target, settings, store, deliveries, now } = input;
  const earlier = deliveries.filter((delivery) => sameTarget(delivery.target, target.row));
  const newest = earlier[0];
  const queued = newest === undefined ? null : store.outbox.request(newest.id);
  const resend = Math.max(0, earlier.length - 1);
  const alert = renderAlert({ failure: stored.failure, target: target.envelope, settings, resend, now });
  if (queued === null) return { alert, request: alert.request, event: alert.event };
  return { alert, request: queued, event: eventInEnvelope(new TextDecoder().decode(queued.body)) };
}

/** An envelope of `envelopeRequest` as lines: header, item header, event. */
function linesOf(body: Uint8Array): readonly EnvelopeLine[] {
  const kinds = ['header', 'item header', 'payload'] as const;
  let at = 0;
  return kinds.map((kind) => {
    const end = kind === 'payload' ? body.length : body.indexOf(10, at);
    const line = body.subarray(at, end);
    at = end + 1;
    const text = new TextDecoder().decode(line.subarray(0, SHOWN_TEXT));
    return { kind, type: kind === 'payload' ? 'event' : null, bytes: line.length, text };
  });
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
