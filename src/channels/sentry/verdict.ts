import { DEFAULT_RETRY_AFTER } from '@sentry/core';
import * as l10n from '@vscode/l10n';
import type { EndpointAnswer, Verdict } from '../channel.ts';
import { endpointWords, isWebPage, plain } from './endpointWords.ts';
import { rateLimitUntil } from './rateLimit.ts';

/** What a person can do about an answer that will not change by itself. */
function refusal(status: number): string {
  switch (status) {
    case 400:
      return l10n.t('Refused (400). Sentry did not understand the request; the key in the DSN may be wrong.');
    case 401:
      return l10n.t('Refused (401). Sentry does not know the key in the DSN.');
    case 403:
      return l10n.t('Refused (403). Sentry does not take events for this key and project.');
    case 404:
      return l10n.t('Refused (404). There is no such project at this address; check host and project in the DSN.');
    case 405:
      return l10n.t('Refused (405). This address takes no events; check the host in the DSN.');
    case 413:
      return l10n.t('Refused (413). The event is too large for Sentry.');
    default:
      return l10n.t('Refused ({0}).', status);
  }
}

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
    return { kind: 'later', reason: said(l10n.t('Rate limited by Sentry (429).'), answer), notBefore };
  }
  if (status === 408 || (status >= 500 && status < 600)) {
    const notBefore = rateLimitUntil(answer, now);
    return { kind: 'later', reason: said(l10n.t('The endpoint could not take it ({0}).', status), answer), notBefore };
  }
  return { kind: 'refused', reason: said(refusal(status), answer) };
}

function said(sentence: string, answer: EndpointAnswer): string {
  const words = endpointWords(answer);
  return words === null ? sentence : l10n.t('{0} It says: {1}', sentence, words);
}

function noSentry(answer: EndpointAnswer): Verdict {
  const reason = said(
    l10n.t('Answered with a web page ({0}): this is no Sentry endpoint; check the host in the DSN.', answer.status),
    answer,
  );
  return { kind: 'refused', reason };
}

function redirected(answer: EndpointAnswer): Verdict {
  const location = plain(answer.headers.location ?? '');
  // Only the origin: a redirect's path and query can carry anything.
  const reason = URL.canParse(location)
    ? l10n.t(
        'Redirected ({0}) to {1}. Redirects are not followed, because the key would go with them; put the right address in the DSN.',
        answer.status,
        new URL(location).origin,
      )
    : l10n.t(
        'Redirected ({0}). Redirects are not followed, because the key would go with them; put the right address in the DSN.',
        answer.status,
      );
  return { kind: 'refused', reason };
}
