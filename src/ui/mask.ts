/**
 * Takes every DSN key and auth token out of text that goes into a log or message: the user part of a URL, and the
 * parameters and headers that carry Sentry's key. The rest stays, so that host and project can still be told.
 */
export const maskSecrets = (text: string): string =>
  text
    .replace(/(:\/\/)[^\s/?#@"'<>]+@/g, '$1••••@')
    .replace(/(sentry_key|sentry_secret)(["']?\s*[=:]\s*["']?)[^\s,;&"']+/gi, '$1$2••••')
    .replace(/(authorization["']?\s*[:=]\s*["']?(?:bearer|basic|dsn)\s+)[^\s"',]+/gi, '$1••••');
