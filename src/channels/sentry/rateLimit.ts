import { disabledUntil, parseRetryAfterHeader, updateRateLimits } from '@sentry/core';
import type { EndpointAnswer } from '../channel.ts';

/** The quotas that an event with a message falls under. */
const CATEGORIES = ['error', 'default'] as const;
/** A pause that is longer is asked about again after a day: a nonsense header must not hold alerts for years. */
const MAX_PAUSE_MS = 24 * 60 * 60 * 1000;

/**
 * Until when the endpoint wants no more events, in ms since 1970; null when it does not say. An answer of any status
 * can say it, a 200 too: then the alert was accepted and the next ones have to wait.
 *
 * `X-Sentry-Rate-Limits` is a list of quotas, `seconds:category;category:scope, …`, no category meaning all
 * (develop.sentry.dev, rate limiting). Each is read with the SDK's own parser, one by one, because that keeps the
 * last of several quotas for a category and Sentry asks for the longest. Without it `Retry-After` counts, in seconds
 * or as a date.
 */
export function rateLimitUntil(answer: EndpointAnswer, now: number): number | null {
  const quotas = answer.headers['x-sentry-rate-limits'];
  const retryAfter = answer.headers['retry-after'];
  const ends: number[] = [];
  for (const quota of quotas?.split(',') ?? []) {
    if (quota.trim() === '') continue;
    const limits = updateRateLimits(
      {},
      { headers: { 'x-sentry-rate-limits': quota.trim(), 'retry-after': null } },
      now,
    );
    ends.push(...CATEGORIES.map((category) => disabledUntil(limits, category)));
  }
  const asked = Math.max(0, ...ends);
  if (asked > now) return Math.min(asked, now + MAX_PAUSE_MS);
  // A 429 for other categories only still refused this event: its Retry-After is the best that is known.
  if (retryAfter !== undefined && (quotas === undefined || answer.status === 429)) {
    const until = now + parseRetryAfterHeader(retryAfter, now);
    return until > now ? Math.min(until, now + MAX_PAUSE_MS) : null;
  }
  return null;
}
