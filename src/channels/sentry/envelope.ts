import { createEnvelope, type Envelope, serializeEnvelope } from '@sentry/core';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { JsonObject } from '../../failure/json.ts';
import type { CanonicalRequest } from '../request.ts';
import { authHeader, type Dsn, envelopeUrl, MASKED_KEY } from './dsn.ts';
import type { SentryEvent } from './event.ts';
import { SENDER } from './settings.ts';

/** Where an alert goes, as far as the canonical request needs it: the envelope URL without the key. */
export interface EnvelopeTarget {
  readonly url: string;
}

export const envelopeTarget = (dsn: Dsn): EnvelopeTarget => ({ url: envelopeUrl(dsn) });

/**
 * One envelope with one event: header, item header and payload, a line each. `sent_at` and `dsn` are left out of the
 * header: the first would make Sentry shift the event's time by how long it was held, the second holds the key. That
 * is why the SDK's `createEventEnvelope`, which adds `sent_at`, is not used.
 */
export function envelopeRequest(event: SentryEvent, target: EnvelopeTarget): CanonicalRequest {
  // `Envelope` and not `EventEnvelope`, whose type demands `sent_at`.
  const envelope = createEnvelope<Envelope>({ event_id: event.event_id }, [[{ type: 'event' }, event]]);
  const text = serializeEnvelope(envelope);
  return {
    method: 'POST',
    url: target.url,
    headers: [
      ['content-type', 'application/x-sentry-envelope'],
      ['user-agent', `${SENDER}/${event.sdk.version}`],
    ],
    body: typeof text === 'string' ? new TextEncoder().encode(text) : text,
  };
}

/** The event in an envelope of `envelopeRequest`: its third line. */
export function eventInEnvelope(envelope: string): JsonObject {
  const [, , event = '{}'] = envelope.split('\n', 3);
  return v.parse(v.record(v.string(), v.unknown()), JSON.parse(event)) as JsonObject;
}

/**
 * The headers that go to the socket: the request's, and the one with the key. Nothing else in Firedrill hands out a
 * key. Throws when the request is not for this DSN, so that a key never reaches another host.
 */
export function authorize(request: CanonicalRequest, dsn: Dsn): CanonicalRequest['headers'] {
  if (request.url !== envelopeUrl(dsn)) {
    throw new Error(l10n.t('The request was made for another Sentry project than the DSN names; it is not sent.'));
  }
  return [...request.headers, ['x-sentry-auth', dsn.authHeader(clientOf(request))]];
}

/** The same headers for people: without the key. */
export const withMaskedKey = (request: CanonicalRequest): CanonicalRequest['headers'] => [
  ...request.headers,
  ['x-sentry-auth', authHeader(clientOf(request), MASKED_KEY)],
];

/** All that a sender may do with a DSN's key. */
export const keyOf = (dsn: Dsn) => ({
  url: envelopeUrl(dsn),
  authorize: (request: CanonicalRequest): CanonicalRequest['headers'] => authorize(request, dsn),
  mask: (text: string): string => dsn.mask(text),
});

/** The version that made the request, which may have been an older one. */
const clientOf = ({ headers }: CanonicalRequest): string =>
  headers.find(([name]) => name === 'user-agent')?.[1] ?? SENDER;
