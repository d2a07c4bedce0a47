import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { createStackParser } from '@sentry/core';
import { makeNodeTransport, NodeClient } from '@sentry/node';
import { canonicalHash } from '../../../src/channels/canonicalHash.ts';
import { type Dsn, parseDsn } from '../../../src/channels/sentry/dsn.ts';
import { authorize, envelopeTarget } from '../../../src/channels/sentry/envelope.ts';
import { renderAlert, type SentryAlert } from '../../../src/channels/sentry/render.ts';
import { checkFailure, metadata, NOW, settings } from './failures.ts';
import { listenRaw, type RawRequest } from './rawSocket.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const failure = checkFailure({
  partition: '2026-05-01',
  metadata: [metadata('records', [{ model: 'Ä1 🚗', text: 'a\n"b"\u2028' }]), metadata('count', 1, 'int')],
});

function alertFor(port: number): { readonly text: string; readonly dsn: Dsn; readonly alert: SentryAlert } {
  const text = `http://${KEY}@127.0.0.1:${port}/7`;
  const parsed = parseDsn(text);
  if (parsed.outcome === 'malformed') assert.fail(parsed.message);
  const alert = renderAlert({ failure, target: envelopeTarget(parsed.dsn), settings, resend: 0, now: NOW });
  return { text, dsn: parsed.dsn, alert };
}

const linesOf = (request: RawRequest): readonly string[] =>
  new TextDecoder('utf-8', { fatal: true }).decode(request.body).split('\n');

describe('beside Sentry’s own SDK for Node', () => {
  it('writes an envelope of the same form, and the same event but for what the SDK adds', async () => {
    const socket = await listenRaw();
    const { text, alert } = alertFor(socket.port);
    const client = new NodeClient({
      dsn: text,
      integrations: [],
      stackParser: createStackParser(),
      transport: makeNodeTransport,
      normalizeDepth: 10,
    });
    try {
      // A copy: the SDK writes into the event that it is given.
      client.captureEvent(structuredClone(alert.event));
      await client.flush(5000);
    } finally {
      await client.close(1000);
      await socket.close();
    }
    const [sdk] = socket.requests;
    assert.ok(sdk !== undefined, 'the SDK sent nothing');
    const ours = new TextDecoder().decode(alert.request.body).split('\n');
    const theirs = linesOf(sdk);

    assert.equal(`http://127.0.0.1:${socket.port}${sdk.path.replace(/\?.*/, '')}`, alert.request.url);
    assert.equal(sdk.method, alert.request.method);
    assert.equal(theirs.length, ours.length);
    assert.equal(theirs[1], ours[1], 'item header');
    const [header, event] = [theirs[0], theirs[2]].map((line): Record<string, unknown> => JSON.parse(line ?? ''));
    assert.deepEqual(Object.keys(header ?? {}).sort(), ['event_id', 'sdk', 'sent_at', 'trace']);
    assert.match(String(header?.event_id), /^[0-9a-f]{32}$/);
    for (const field of ['level', 'message', 'tags', 'extra', 'timestamp'] as const) {
      assert.deepEqual(event?.[field], JSON.parse(JSON.stringify(alert.event))[field], field);
    }
    assert.equal(event?.environment, 'production', 'what we must not say of ourselves');
  });

  it('has the hash that can be recomputed from the raw socket, without the key', async () => {
    const socket = await listenRaw();
    const { dsn, alert } = alertFor(socket.port);
    try {
      const sent = httpRequest(alert.request.url, {
        method: alert.request.method,
        headers: Object.fromEntries([
          ...authorize(alert.request, dsn),
          ['content-length', String(alert.request.body.length)],
        ]),
      });
      sent.end(alert.request.body);
      const answer: IncomingMessage = (await once(sent, 'response'))[0];
      answer.resume();
      await once(answer, 'end');
    } finally {
      await socket.close();
    }
    const [seen] = socket.requests;
    assert.ok(seen !== undefined, 'nothing was sent');
    const host = seen.headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
    const auth = seen.headers.find(([name]) => name.toLowerCase() === 'x-sentry-auth')?.[1];
    assert.equal(auth, `Sentry sentry_version=7, sentry_client=firedrill/1.2.3, sentry_key=${KEY}`);
    assert.equal(canonicalHash({ ...seen, url: `http://${host}${seen.path}` }), alert.sha256);
  });
});
