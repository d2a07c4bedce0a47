import { DEFAULT_RETRY_AFTER } from '@sentry/core';
import type { EndpointAnswer, Verdict } from '../channel.ts';
import { endpointWords, isWebPage, plain } from './endpointWords.ts';
import { rateLimitUntil } from './rateLimit.ts';

/** What a person can do about an answer that will not change by itself. */
const ADVICE: Readonly<Record<number, string>> = {
  400: 'Sentry did not understand the request; the key in the DSN may be wrong.',
  401: 'Sentry does not know the key in the DSN.',
  403: 'Sentry does not take events for this key and project.',
  404: 'There is no such project at this address; check host and project in the DSN.',
  405: 'This address takes no events; check the host in the DSN.',
  413: 'The event is too large for Sentry.',
};

/**
 * What Sentry's answer means for the alert: a 2xx is accepted; 429, 408 and 5xx mean later; all else is final and
 * keeps the endpoint's own words. `now` is in ms since 1970.
 */
export function verdictOf(answer: EndpointAnswer, now: number): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return isWebPage(answer) ? noSentry(answer) : { kind: 'accepted' };
  if (status >= 300 && status < 400) return redirected(answer);
  if (status === 429) {
    const notBefore = rateLimitUntil(answer, now) ?? now + DEFAULT_RETRY_AFTER;
    return { kind: 'later', reason: said('Rate limited by Sentry (429).', answer), notBefore };
  }
  if (status === 408 || (status >= 500 && status < 600)) {
    const notBefore = rateLimitUntil(answer, now);
    return { kind: 'later', reason: said(`The endpoint cannot take it now (${status}).`, answer), notBefore };
  }
  return { kind: 'refused', reason: said(`Refused (${status}). ${ADVICE[status] ?? ''}`.trim(), answer) };
}

function said(sentence: string, answer: EndpointAnswer): string {
  const words = endpointWords(answer);
  return words === null ? sentence : `${sentence} It says: ${words}`;
}

function noSentry(answer: EndpointAnswer): Verdict {
  const reason = said(
    `Answered with a web page (${answer.status}): this is no Sentry endpoint; check the host in the DSN.`,
    answer,
  );
  return { kind: 'refused', reason };
}

function redirected(answer: EndpointAnswer): Verdict {
  const location = plain(answer.headers.location ?? '');
  // Only the origin: a redirect's path and query can carry anything.
  const where = URL.canParse(location) ? ` to ${new URL(location).origin}` : '';
  const reason = `Redirected (${answer.status})${where}. Redirects are not followed, because the key would go with them; put the right address in the DSN.`;
  return { kind: 'refused', reason };
}
