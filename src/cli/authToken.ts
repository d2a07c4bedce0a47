import { UsageError } from './errors.ts';

/**
 * The auth token of the environment, under the names that Sentry's own command line has: SENTRY_AUTH_TOKEN, for the
 * server SENTRY_URL (sentry.io where it is not set). No other server is given it, whatever DSN a project names.
 * @throws UsageError, without the token, for what cannot be one.
 */
export function authTokenOf(env: Readonly<Record<string, string | undefined>>): (host: string) => string | null {
  const token = env.SENTRY_AUTH_TOKEN?.trim() ?? '';
  if (!/^[\x21-\x7e]*$/.test(token)) throw new UsageError('SENTRY_AUTH_TOKEN has characters that no token has');
  const server = hostOf(env.SENTRY_URL?.trim() || 'https://sentry.io');
  return (host) => (token !== '' && host === server ? token : null);
}

function hostOf(url: string): string {
  if (!URL.canParse(url)) throw new UsageError('SENTRY_URL is not the address of a server');
  return new URL(url).host;
}
