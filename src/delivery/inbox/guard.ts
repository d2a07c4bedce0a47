import type { IncomingMessage } from 'node:http';
import { Refusal } from './answer.ts';

/**
 * Refuses what a web page sends. A page can reach 127.0.0.1, and with DNS rebinding it can read answers too; then the
 * Host header holds its own name. Browsers put an Origin on every POST, so one with any Origin is refused, that of
 * Sentry's browser SDK too: the inbox is for pipelines and scripts, and a developer's page cannot be told from a
 * stranger's. No CORS header is ever sent, so no page reads an answer.
 */
export function refuseWebPages(request: IncomingMessage): void {
  const { host, origin } = request.headers;
  if (host === undefined || !/^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i.test(host)) {
    throw new Refusal(403, 'the inbox is for this machine only: use 127.0.0.1 or localhost as its host');
  }
  if (origin !== undefined) throw new Refusal(403, 'event submission rejected with_reason: Cors');
}
