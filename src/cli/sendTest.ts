import { randomUUID } from 'node:crypto';
import { type Dsn, describeDsn, parseDsn } from '../channels/sentry/dsn.ts';
import { authorize, envelopeTarget } from '../channels/sentry/envelope.ts';
import { DEFAULT_OEM_PATTERN } from '../channels/sentry/oem.ts';
import { renderAlert, type SentryAlert } from '../channels/sentry/render.ts';
import { DEFAULT_TEST_ENVIRONMENT } from '../channels/sentry/settings.ts';
import { verdictOf } from '../channels/sentry/verdict.ts';
import { openHttpClient } from '../delivery/httpClient.ts';
import { failureId, runId } from '../failure/ids.ts';
import { testCheckFailure, testRunFailure } from '../failure/testFailure.ts';
import { CliError, UsageError } from './errors.ts';
import type { Output } from './output.ts';
import { HELP, parse } from './usage.ts';
import { VERSION } from './version.ts';

/** `send-test check|run`: the specification's local testing, on no instance at all. */
export async function sendTest(args: string[], output: Output): Promise<number> {
  const parsed = parse(args, { environment: { type: 'string' } }, HELP.sendTest);
  if (!parsed) return 0;
  const [kind, ...more] = parsed.positionals;
  if ((kind !== 'check' && kind !== 'run') || more.length > 0) {
    throw new UsageError('send-test takes one word, check or run (see --help)');
  }
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
    settings: {
      version: VERSION,
      oemPattern: new RegExp(DEFAULT_OEM_PATTERN, 'u'),
      environment: null,
      testEnvironment: parsed.values.environment ?? DEFAULT_TEST_ENVIRONMENT,
    },
    resend: 0,
    now,
  });
  return report(found.dsn, alert, output);
}

async function report(dsn: Dsn, alert: SentryAlert, output: Output): Promise<number> {
  const client = openHttpClient({ proxy: { url: null, strictSsl: true, noProxy: [] }, env: process.env });
  const began = performance.now();
  try {
    const sent = await client.send({ ...alert.request, headers: authorize(alert.request, dsn) });
    if (sent.outcome !== 'answered') {
      throw new CliError(
        `${describeDsn(dsn)} did not answer: ${sent.outcome === 'aborted' ? 'aborted' : sent.words.replace(' It is tried again.', '')}`,
      );
    }
    const answer = { ...sent.answer, body: dsn.mask(sent.answer.body) };
    const verdict = verdictOf(answer, Date.now());
    if (verdict.kind !== 'accepted') {
      throw new CliError(`${describeDsn(dsn)} did not accept it (HTTP ${answer.status}): ${verdict.reason}`);
    }
    const receipt = {
      outcome: 'accepted',
      event_id: alert.eventId,
      title: alert.title,
      target: describeDsn(dsn),
      status: answer.status,
      duration_ms: Math.round(performance.now() - began),
      sha256: alert.sha256,
    };
    await output.print(receipt);
    return 0;
  } finally {
    client.close();
  }
}
