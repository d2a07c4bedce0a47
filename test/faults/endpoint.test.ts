import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import { accepted, type Behaviour, canonicalOf, hang, reply, reset, until } from '../delivery/endpoint.ts';
import { selfSigned } from '../delivery/selfSigned.ts';
import { freePort } from '../freePort.ts';
import { EndpointDrill } from './endpointDrill.ts';

const slow =
  (ms: number): Behaviour =>
  (socket, request) =>
    setTimeout(() => accepted(socket, request), ms);
const resetAfter: Behaviour = (socket, request) => {
  accepted(socket, request);
  setTimeout(() => socket.resetAndDestroy(), 20);
};
const page = (title: string): string =>
  `<!DOCTYPE html><html><head><title>${title}</title></head><body>x</body></html>`;
const httpDate = (ms: number): string => new Date(ms).toUTCString();
const listen = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

describe('faults of an endpoint, through outbox, sender and sockets', function () {
  this.timeout(20_000);
  let drill: EndpointDrill;
  beforeEach(async () => {
    drill = await EndpointDrill.open();
  });
  afterEach(() => drill.close());

  /** In each case another endpoint's delivery goes meanwhile. */
  async function healthyGoesOn(): Promise<void> {
    const began = performance.now();
    await drill.becomes(drill.sendHealthy(100), 'accepted');
    assert.ok(performance.now() - began < 1_000);
  }

  describe('that passes: the alert waits, says until when and why, and goes with the same bytes', () => {
    const html = { 'content-type': 'text/html' };
    const cases: readonly (readonly [
      string,
      Behaviour,
      RegExp,
      { unknown?: true; wait?: readonly [number, number] },
    ])[] = [
      [
        'the connection is reset before the answer',
        reset,
        /closed the connection before it answered/,
        { unknown: true },
      ],
      ['it hangs', hang, /No answer from 127\.0\.0\.1:\d+ within 0\.6 s/, { unknown: true }],
      ['500', reply(500, {}, '{"detail":"oops"}'), /could not take it \(500\)\. It says: oops/, {}],
      ['502 with an HTML page', reply(502, html, page('Bad &amp; Gateway')), /\(502\)\. It says: Bad & Gateway/, {}],
      ['503 with Retry-After', reply(503, { 'retry-after': '40' }), /\(503\)/, { wait: [35, 40] }],
      ['429 without saying how long', reply(429), /Rate limited by Sentry \(429\)/, { wait: [55, 60] }],
      ['429 with Retry-After in seconds', reply(429, { 'retry-after': '90' }), /Rate limited/, { wait: [85, 90] }],
      [
        '429 with Retry-After as a date',
        (...asked) => reply(429, { 'retry-after': httpDate(Date.now() + 300_000) })(...asked),
        /Rate limited/,
        { wait: [270, 300] },
      ],
      [
        '429 for errors',
        reply(429, { 'x-sentry-rate-limits': '120:error:organization:quota_exceeded' }),
        /Rate limited/,
        { wait: [115, 120] },
      ],
      [
        '429 for everything',
        reply(429, { 'x-sentry-rate-limits': '75::organization' }),
        /Rate limited/,
        { wait: [70, 75] },
      ],
      [
        '429 with several quotas: the longest for errors counts',
        reply(429, {
          'x-sentry-rate-limits':
            '50:transaction:key, 200:default;error:project, 30:error:organization, 3600:attachment:key',
          'retry-after': '3600',
        }),
        /Rate limited/,
        { wait: [195, 200] },
      ],
      [
        '429 for other categories only: Retry-After counts',
        reply(429, { 'x-sentry-rate-limits': '600:transaction;span:organization', 'retry-after': '45' }),
        /Rate limited/,
        { wait: [40, 45] },
      ],
    ];
    for (const [what, behaviour, words, { unknown, wait = [0.9, 2] }] of cases) {
      it(what, async () => {
        drill.endpoint.answer(behaviour);
        const delivery = drill.send(1);
        const held = await drill.held(delivery);
        assert.match(held.words, words);
        const [least, most] = wait;
        assert.ok(held.wait > (least - 1) * 1000 && held.wait <= most * 1000, `${held.wait} ms`);
        assert.equal(drill.outbox.tries(delivery.id)[0]?.outcome, unknown ? 'unknown' : 'later');
        assert.equal(drill.statusOf(1), 'pending');
        await healthyGoesOn();

        drill.endpoint.answer(accepted);
        drill.skew += held.wait + 1;
        drill.wake();
        await drill.becomes(delivery, 'accepted');
        const hashes = drill.endpoint.received.map((each) => canonicalHash(canonicalOf(each)));
        assert.deepEqual([...new Set(hashes)], [delivery.sha256]);
        assert.equal(drill.statusOf(1), 'sent');
      });
    }

    it('nobody listens, then somebody does', async () => {
      const port = await freePort();
      const delivery = drill.send(1, `http://127.0.0.1:${port}`);
      const held = await drill.held(delivery);
      assert.match(held.words, /Nobody listens at 127\.0\.0\.1:\d+ \(connection refused\)/);
      await healthyGoesOn();
      const server = http.createServer((request, response) => request.resume().on('end', () => response.end('{}')));
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      drill.skew += held.wait + 1;
      drill.wake();
      await drill.becomes(delivery, 'accepted');
      server.closeAllConnections();
      server.close();
    });

    it('tries again by itself with pauses that grow, differ by chance, and end at five minutes', async () => {
      drill.endpoint.answer(reply(500));
      const delivery = drill.send(1);
      const waits: number[] = [];
      for (let tries = 1; tries <= 12; tries += 1) {
        await until(`try ${tries}`, () => drill.endpoint.received.length === tries);
        const { wait } = await drill.held(delivery);
        waits.push(wait);
        drill.skew += wait + 1;
        drill.wake();
      }
      for (const [n, wait] of waits.entries()) {
        const whole = Math.min(300_000, 1_000 * 2 ** (n + 1));
        assert.ok(wait > whole / 2 - 500 && wait <= whole, `pause ${n + 1}: ${wait} ms`);
      }
      const chance = waits.slice(8).map((wait) => Math.round(wait));
      assert.ok(new Set(chance).size > 1, String(chance));
      assert.equal(drill.stateOf(delivery).kind, 'waiting');
      assert.equal(drill.statusOf(1), 'pending');
    });

    it('is not tried any more when a person stopped it', async () => {
      drill.endpoint.answer(reply(500));
      const delivery = drill.send(1);
      const { wait } = await drill.held(delivery);
      drill.outbox.cancel(delivery.id);
      drill.skew += wait + 400_000;
      drill.wake();
      await healthyGoesOn();
      assert.equal(drill.endpoint.received.length, 1);
    });
  });

  describe('that stays: the alert is kept as failed with the endpoint’s words, and goes when a person tries again', () => {
    const cases: readonly (readonly [string, Behaviour, number, RegExp])[] = [
      [
        '400',
        reply(400, { 'x-sentry-error': 'invalid event envelope' }),
        400,
        /did not understand.*It says: invalid event envelope/,
      ],
      [
        '401',
        reply(401, {}, '{"detail":"bad sentry DSN public key"}'),
        401,
        /does not know the key.*bad sentry DSN public key/,
      ],
      [
        '403',
        reply(403, {}, '{"detail":"event submission rejected","causes":["ProjectId"]}'),
        403,
        /rejected; ProjectId/,
      ],
      [
        '404',
        reply(404, {}, '{"detail":"no such project"}'),
        404,
        /no such project at this address.*It says: no such project/,
      ],
      ['413', reply(413, {}, '{"detail":"envelope exceeded size limits"}'), 413, /too large.*exceeded size limits/],
      [
        'a redirect',
        reply(307, { location: 'https://elsewhere.invalid/?key=1' }),
        307,
        /Redirected \(307\) to https:\/\/elsewhere\.invalid\./,
      ],
      [
        'a web page with 200',
        reply(200, { 'content-type': 'text/html' }, page('Log in')),
        200,
        /no Sentry endpoint.*Log in/,
      ],
    ];
    for (const [what, behaviour, status, words] of cases) {
      it(what, async () => {
        drill.endpoint.answer((socket, request) =>
          (request.body.includes('"n":1}') ? behaviour : accepted)(socket, request),
        );
        const delivery = drill.send(1);
        const behind = [2, 3, 4].map((n) => drill.send(n));
        await drill.becomes(delivery, 'failed');
        const state = drill.stateOf(delivery);
        assert.ok(state.kind === 'failed');
        assert.equal(state.status, status);
        assert.match(state.reason, words);
        assert.equal(drill.statusOf(1), 'pending');
        for (const each of behind) await drill.becomes(each, 'accepted');

        drill.skew += 86_400_000;
        drill.wake();
        await healthyGoesOn();
        assert.equal(drill.endpoint.received.length, 4, 'not tried again by itself');
        drill.endpoint.answer(accepted);
        drill.outbox.retry(delivery.id);
        drill.wake();
        await drill.becomes(delivery, 'accepted');
        assert.equal(drill.statusOf(1), 'sent');
      });
    }
  });

  describe('that does no harm', () => {
    for (const ms of [20, 100]) {
      it(`takes ${ms} ms a request: ${3_200 / ms} alerts arrive as fast as sixteen connections allow`, async () => {
        drill.endpoint.answer(slow(ms));
        const began = performance.now();
        const rows = Array.from({ length: 3_200 / ms }, (_, n) => drill.send(n, undefined, { sentBy: 'automatic' }));
        await until('all are accepted', () => rows.every((row) => drill.stateOf(row).kind === 'accepted'));
        assert.ok(performance.now() - began < 3_000, `${performance.now() - began} ms`);
        assert.equal(drill.endpoint.received.length, rows.length);
      });
    }

    it('the connection is reset after the answer: it is accepted once, and the next goes on a new one', async () => {
      drill.endpoint.answer(resetAfter);
      for (const n of [1, 2, 3]) {
        const delivery = drill.send(n);
        await drill.becomes(delivery, 'accepted');
        await new Promise((resolve) => setTimeout(resolve, 40));
        assert.deepEqual(
          drill.outbox.tries(delivery.id).map(({ outcome }) => outcome),
          ['accepted'],
        );
      }
      assert.equal(drill.endpoint.received.length, 3);
    });

    it('a rate limit that comes with an acceptance, for other categories, holds nothing', async () => {
      drill.endpoint.answer(
        reply(200, { 'x-sentry-rate-limits': '86400:transaction;span:organization' }, '{"id":"1"}'),
      );
      await drill.becomes(drill.send(1), 'accepted');
      await drill.becomes(drill.send(2), 'accepted');
    });
  });

  it('an untrusted certificate: the alert waits, nothing is sent, and the words say what to do', async () => {
    let requests = 0;
    const server = https.createServer(selfSigned(), (request, response) => {
      requests += 1;
      request.resume().on('end', () => response.end('{}'));
    });
    const port = await listen(server);
    const held = await drill.held(drill.send(1, `https://127.0.0.1:${port}`));
    assert.match(held.words, /signed by an authority that this machine does not trust\. Add that authority/);
    await healthyGoesOn();
    assert.equal(requests, 0);
    server.closeAllConnections();
    server.close();
  });

  describe('behind a proxy', () => {
    const PASSWORD = 's3cret-of-the-proxy';
    let proxy: http.Server;
    let origin: string;
    let wanted: string | null;
    let through: EndpointDrill;
    beforeEach(async () => {
      wanted = null;
      proxy = http.createServer((_, response) => response.writeHead(400).end());
      // Every name leads to the endpoint: a host that does not exist shows that the proxy was used.
      proxy.on('connect', (request, socket) => {
        if (wanted !== null && request.headers['proxy-authorization'] !== wanted) {
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
          return;
        }
        const onward = net.connect(through.endpoint.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          onward.pipe(socket).pipe(onward);
        });
        onward.on('error', () => socket.destroy());
        socket.on('error', () => onward.destroy());
      });
      origin = `127.0.0.1:${await listen(proxy)}`;
    });
    afterEach(async () => {
      await through.close();
      proxy.closeAllConnections();
      proxy.close();
    });
    const SENTRY = 'http://sentry.invalid';

    it('without password', async () => {
      through = await EndpointDrill.open({ url: `http://${origin}` });
      await through.becomes(through.send(1, SENTRY), 'accepted');
    });

    it('with user name and password', async () => {
      wanted = `Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`;
      through = await EndpointDrill.open({ url: `http://me:${PASSWORD}@${origin}` });
      const delivery = through.send(1, SENTRY);
      await through.becomes(delivery, 'accepted');
      const [captured] = through.endpoint.received;
      assert.equal(captured && canonicalHash(canonicalOf(captured)), delivery.sha256);
      assert.equal(JSON.stringify(captured?.headers).includes(PASSWORD), false);
    });

    it('that wants another password: the alert waits, and the words name the setting, not the password', async () => {
      wanted = 'Basic another';
      through = await EndpointDrill.open({ url: `http://me:${PASSWORD}@${origin}` });
      const delivery = through.send(1, SENTRY);
      const { words } = await through.held(delivery);
      assert.match(words, /asks for a user name and password \(407\)\. Put them into the setting http\.proxy/);
      assert.equal(words.includes(PASSWORD), false);
      assert.equal(through.outbox.tries(delivery.id)[0]?.outcome, 'later');
    });

    it('that is gone: the alert waits', async () => {
      const nobody = await freePort();
      through = await EndpointDrill.open({ url: `http://127.0.0.1:${nobody}` });
      const { words } = await through.held(through.send(1, SENTRY));
      assert.match(words, new RegExp(`through the proxy 127\\.0\\.0\\.1:${nobody}`));
    });
  });
});
