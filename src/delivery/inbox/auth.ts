import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from './answer.ts';

/** What a sender says of itself beside the key. */
export interface Authorized {
  /** `sentry_client`, e.g. `sentry.python/2.75.0`; null where none is given. */
  readonly client: string | null;
}

/**
 * Checks project and key, from the header X-Sentry-Auth (or Authorization, as Relay takes it) or the query, as
 * Relay does: nothing given 401, both 401, wrong 403.
 */
export function authorize(
  headers: IncomingHttpHeaders,
  url: URL,
  project: string,
  expected: { readonly project: string; readonly key: string },
): Authorized {
  const header = sentryHeader(headers);
  const queryKey = url.searchParams.get('sentry_key');
  if (header === null && queryKey === null) throw new Refusal(401, 'missing authorization information');
  if (header !== null && queryKey !== null) throw new Refusal(401, 'multiple authorization payloads detected');
  const fields = header === null ? url.searchParams : fieldsOf(header);
  const key = fields.get('sentry_key');
  if (key === null) throw new Refusal(401, 'bad x-sentry-auth header', ['sentry_key is missing']);
  if (key !== expected.key || project !== expected.project) {
    throw new Refusal(403, 'event submission rejected with_reason: ProjectId');
  }
  return { client: fields.get('sentry_client') };
}

function sentryHeader(headers: IncomingHttpHeaders): string | null {
  for (const value of [headers['x-sentry-auth'], headers.authorization]) {
    if (typeof value === 'string' && /^sentry\s/i.test(value.trim())) return value.trim();
  }
  return null;
}

/** `Sentry sentry_key=…, sentry_client=…`, as fields. */
function fieldsOf(header: string): { get(name: string): string | null } {
  const pairs = header
    .replace(/^sentry\s+/i, '')
    .split(',')
    .map((pair): [string, string] => {
      const [name = '', ...value] = pair.trim().split('=');
      return [name.toLowerCase(), value.join('=')];
    });
  const fields = new Map(pairs);
  return { get: (name) => fields.get(name) ?? null };
}
