import assert from 'node:assert/strict';
import { parseEnvelope } from '@sentry/core';
import type { Dsn } from '../../../src/channels/sentry/dsn.ts';
import { parseDsn } from '../../../src/channels/sentry/dsn.ts';
import { authorize, envelopeRequest, envelopeTarget, withMaskedKey } from '../../../src/channels/sentry/envelope.ts';
import { renderEvent } from '../../../src/channels/sentry/event.ts';
import { eventId } from '../../../src/failure/ids.ts';
import { checkFailure, metadata, settings } from './failures.ts';

const KEY = '0123456789abcdef0123456789abcdef';

function dsnOf(text: string): Dsn {
  const parsed = parseDsn(text);
  return parsed.outcome === 'ok' ? parsed.dsn : assert.fail(parsed.message);
}

const dsn = dsnOf(`https://${KEY}@sentry.example.org/7`);
const failure = checkFailure({ metadata: [metadata('text', 'zwei\nZeilen \u0000 ü 🚗 \ud800')] });
const { event } = renderEvent(failure, eventId('04ca1f238da2b000d80c04cb081079c4'), settings);
const request = envelopeRequest(event, envelopeTarget(dsn));

describe('envelopeRequest', () => {
  it('is a POST to the envelope endpoint with two headers', () => {
    assert.equal(request.method, 'POST');
    assert.equal(request.url, 'https://sentry.example.org/api/7/envelope/');
    assert.deepEqual(request.headers, [
      ['content-type', 'application/x-sentry-envelope'],
      ['user-agent', 'firedrill/1.2.3'],
    ]);
  });

  it('has three lines of UTF-8: header, item header, event', () => {
    const lines = new TextDecoder('utf-8', { fatal: true }).decode(request.body).split('\n');
    assert.deepEqual(lines, [
      '{"event_id":"04ca1f238da2b000d80c04cb081079c4"}',
      '{"type":"event"}',
      JSON.stringify(event),
    ]);
  });

  it('holds no time of sending, no DSN and no key', () => {
    assert.doesNotMatch(
      JSON.stringify([request, new TextDecoder().decode(request.body)]),
      new RegExp(`sent_at|dsn|${KEY}`),
    );
  });

  it('is read back by the SDK as what was rendered', () => {
    const [header, items] = parseEnvelope(request.body);
    assert.deepEqual(header, { event_id: event.event_id });
    assert.deepEqual(items, [[{ type: 'event' }, JSON.parse(JSON.stringify(event))]]);
  });
});

describe('withMaskedKey', () => {
  it('shows the header that goes to the socket, all but its key', () => {
    const masked = authorize(request, dsn).map(([name, value]) => [name, value.replace(KEY, '••••••••')]);
    assert.deepEqual(withMaskedKey(request), masked);
    assert.match(JSON.stringify(masked), /sentry_client=firedrill\/1\.2\.3, sentry_key=••••••••/);
  });
});

describe('authorize', () => {
  it('adds the key as the last header', () => {
    assert.deepEqual(authorize(request, dsn), [
      ...request.headers,
      ['x-sentry-auth', `Sentry sentry_version=7, sentry_client=firedrill/1.2.3, sentry_key=${KEY}`],
    ]);
  });

  for (const other of [
    `https://${KEY}@evil.example.org/7`,
    `https://${KEY}@sentry.example.org/8`,
    `http://${KEY}@sentry.example.org/7`,
  ]) {
    it(`gives no key to a request made for another target than ${other.replace(KEY, '<key>')}`, () => {
      assert.throws(
        () => authorize(request, dsnOf(other)),
        /^Error: The request was made for another Sentry project than the DSN names; it is not sent\.$/,
      );
    });
  }
});
