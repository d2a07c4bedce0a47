import { randomUUID } from 'node:crypto';
import { type Dsn, describeDsn, parseDsn } from '../channels/sentry/dsn.ts';
import { envelopeTarget, keyOf } from '../channels/sentry/envelope.ts';
import { rateLimitUntil } from '../channels/sentry/rateLimit.ts';
import { renderAlert, type SentryAlert } from '../channels/sentry/render.ts';
import { verdictOf } from '../channels/sentry/verdict.ts';
import type { TryResult } from '../delivery/afterTry.ts';
import { HttpClient } from '../delivery/httpClient.ts';
import { tryOnce } from '../delivery/oneTry.ts';
import { NO_PROXY_SET } from '../delivery/proxy.ts';
import { failureId, runId } from '../failure/ids.ts';
import { testCheckFailure, testRunFailure } from '../failure/testFailure.ts';
import { CliError, UsageError } from './errors.ts';
import type { Output } from './output.ts';
import { cliRenderSettings } from './renderSettings.ts';
import { HELP, parse } from './usage.ts';

/** `send-test check|run`: the specification's local testing, on no instance at all. */
export async function sendTest(args: string[], output: Output): Promise<number> {
  const parsed = parse(args, { environment: { type: 'string' } }, HELP.sendTest);
  if (!parsed) return 0;
  const [kind, ...more] = parsed.positionals;
  if ((kind !== 'check' && kind !== 'run') || more.length > 0) {
    throw new UsageError('send-test takes one word, check or run (see --help)');
  }
  const settings = cliRenderSettings(parsed.values.environment ?? null);
  const text = process.env.SENTRY_DSN?.trim();
  if (!text) throw new CliError('SENTRY_DSN is not set: set it to the DSN that the test failure should go to.');
  const found = parseDsn(text);
  if (found.outcome === 'malformed') throw new CliError(`SENTRY_DSN: ${found.message}`);

  const now = Date.now();
  const make = kind === 'check' ? testCheckFailure : testRunFailure;
  const failure = make({ id: failureId(randomUUID()), runId: runId(randomUUID()), now, codeLocation: null });
  const alert = renderAlert({
    failure,
    target: envelopeTarget(found.dsn),
    // A test failure is sent under the tests' environment, which is the one that is named.
    settings: { ...settings, testEnvironment: settings.environment ?? settings.testEnvironment },
    resend: 0,
    now,
  });
  return report(found.dsn, alert, output);
}

async function report(dsn: Dsn, alert: SentryAlert, output: Output): Promise<number> {
  const client = new HttpClient({ proxy: NO_PROXY_SET, env: process.env });
  const began = performance.now();
  try {
    const ports = { client: () => client, verdict: verdictOf, holdUntil: rateLimitUntil, now: Date.now };
    const { result } = await tryOnce(alert.request, keyOf(dsn), ports, new AbortController().signal);
    const status = statusOfAccepted(result, describeDsn(dsn));
    const receipt = {
      outcome: 'accepted',
      event_id: alert.eventId,
      title: alert.title,
      target: describeDsn(dsn),
      status,
      duration_ms: Math.round(performance.now() - began),
      sha256: alert.sha256,
    };
    await output.print(receipt);
    return 0;
  } finally {
    client.close();
  }
}

/** The status of an acceptance; throws with the reason where it is none. */
function statusOfAccepted(result: TryResult, target: string): number {
  switch (result.kind) {
    case 'answered':
      if (result.verdict.kind === 'accepted') return result.status;
      throw new CliError(`${target} did not accept it (HTTP ${result.status}): ${result.verdict.reason}`);
    case 'no-answer':
      throw new CliError(`${target} did not answer: ${result.words}`);
    case 'impossible':
      throw new CliError(result.words);
    case 'stopped':
      throw new CliError('It was broken off before the answer came.');
  }
}
