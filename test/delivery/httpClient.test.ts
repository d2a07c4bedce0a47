import assert from 'node:assert/strict';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import type { CanonicalRequest } from '../../src/channels/request.ts';
import { HttpClient, type HttpClientOptions, type HttpResult } from '../../src/delivery/httpClient.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import { freePort } from '../freePort.ts';
import { requestTo } from '../store/samples.ts';
import { accepted, canonicalOf, type Endpoint, hang, openEndpoint, reply, reset, until } from './endpoint.ts';
import { selfSigned } from './selfSigned.ts';

const AUTH = 'Sentry sentry_version=7, sentry_client=firedrill/0.1.0, sentry_key=0123456789abcdef0123456789abcdef';
const withKey = (request: CanonicalRequest): CanonicalRequest => ({
  ...request,
  headers: [...request.headers, ['x-sentry-auth', AUTH]],
});
const listen = async (server: net.Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
const wordsOf = (result: HttpResult): string =>
  result.outcome === 'no-answer' ? result.words : JSON.stringify(result);

describe('HTTP client', () => {
  let endpoint: Endpoint;
  const clients: HttpClient[] = [];
  const open = (change: Partial<HttpClientOptions> = {}): HttpClient => {
    const client = new HttpClient({ proxy: NO_PROXY_SET, env: {}, connectTimeout: 500, wholeTimeout: 800, ...change });
    clients.push(client);
    return client;
  };
  beforeEach(async () => {
    endpoint = await openEndpoint();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await endpoint.close();
  });

  it('puts exactly the given headers and bytes on the socket', async () => {
    const request = requestTo(endpoint.url, `{"message":"${'ä€🚗\u0000'.repeat(3)}"}\n`);
    const result = await open().send(withKey(request));
    assert.equal(result.outcome, 'answered');
    const [captured] = endpoint.received;
    assert.deepEqual(captured?.headers, [
      ['content-type', 'application/x-sentry-envelope'],
      ['user-agent', 'firedrill/0.1.0'],
      ['x-sentry-auth', AUTH],
      ['content-length', String(request.body.byteLength)],
      ['Host', `127.0.0.1:${endpoint.port}`],
      ['Connection', 'keep-alive'],
    ]);
    assert.equal(captured?.path, '/api/42/envelope/');
    assert.deepEqual(captured?.body, Buffer.from(request.body));
    assert.equal(captured && canonicalHash(canonicalOf(captured)), canonicalHash(request));
  });

  it('adds no header of its own to a request that has none, and sends an empty body as one', async () => {
    await open().send({ method: 'POST', url: endpoint.url, headers: [], body: new Uint8Array() });
    const names = endpoint.received[0]?.headers.map(([name]) => name.toLowerCase()).sort();
    assert.deepEqual(names, ['connection', 'content-length', 'host']);
  });

  it('sends a view into a larger buffer without its surroundings', async () => {
    const whole = new TextEncoder().encode('before|the body|after');
    await open().send({ ...requestTo(endpoint.url), body: whole.subarray(7, 15) });
    assert.equal(endpoint.received[0]?.body.toString(), 'the body');
  });

  it('tells status, headers in lower case and the words of the answer', async () => {
    endpoint.answer(reply(401, { 'X-Sentry-Error': 'bad key', 'Retry-After': '7' }, '{"detail":"bad key"}'));
    assert.deepEqual(await open().send(requestTo(endpoint.url)), {
      outcome: 'answered',
      answer: {
        status: 401,
        headers: { 'content-length': '20', 'x-sentry-error': 'bad key', 'retry-after': '7' },
        body: '{"detail":"bad key"}',
      },
    });
  });

  it('keeps the connection for the next request', async () => {
    const client = open();
    let connections = 0;
    const server = http.createServer((request, response) => request.resume().on('end', () => response.end('ok')));
    server.on('connection', () => {
      connections += 1;
    });
    const port = await listen(server);
    for (const _ of [1, 2, 3]) {
      assert.equal((await client.send(requestTo(`http://127.0.0.1:${port}/`))).outcome, 'answered');
    }
    assert.equal(connections, 1);
    client.close();
    server.closeAllConnections();
    server.close();
  });

  it('does not follow redirects', async () => {
    endpoint.answer(reply(307, { location: `http://127.0.0.1:${endpoint.port}/elsewhere/` }));
    const result = await open().send(withKey(requestTo(endpoint.url)));
    assert.equal(result.outcome === 'answered' && result.answer.status, 307);
    assert.equal(endpoint.received.length, 1);
  });

  it('reads only the start of a long answer', async () => {
    endpoint.answer(reply(500, {}, 'x'.repeat(5_000_000)));
    const result = await open().send(requestTo(endpoint.url));
    assert.equal(result.outcome === 'answered' && result.answer.body.length, 8192);
  });

  it('reads only the start of an answer that unpacks to far more', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    endpoint.answer((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    });
    const result = await open({ wholeTimeout: 5_000 }).send(requestTo(endpoint.url));
    assert.equal(result.outcome === 'answered' && result.answer.body.length, 8192);
  });

  it('keeps the status when the body of the answer breaks off', async () => {
    endpoint.answer((socket) => socket.end('HTTP/1.1 413 Too Large\r\ncontent-length: 100\r\n\r\ntoo la'));
    const result = await open().send(requestTo(endpoint.url));
    assert.deepEqual(result.outcome === 'answered' && [result.answer.status, result.answer.body], [413, 'too la']);
  });

  it('says that nobody listens', async () => {
    const port = await freePort();
    const result = await open().send(requestTo(`http://127.0.0.1:${port}/`));
    assert.deepEqual(result, {
      outcome: 'no-answer',
      words: `Nobody listens at 127.0.0.1:${port} (connection refused). Check host and port, and whether it runs.`,
      mayHaveArrived: false,
    });
  });

  it('says that a name cannot be found', async () => {
    const result = await open({ connectTimeout: 5_000, wholeTimeout: 5_000 }).send(
      requestTo('http://no-such-host.invalid/'),
    );
    assert.match(wordsOf(result), /The name of no-such-host\.invalid cannot be found/);
    assert.equal(result.outcome === 'no-answer' && result.mayHaveArrived, false);
  });

  it('says that the connection was closed, and that the request may have arrived', async () => {
    endpoint.answer(reset);
    const result = await open().send(requestTo(endpoint.url));
    assert.match(wordsOf(result), /closed the connection before it answered/);
    assert.equal(result.outcome === 'no-answer' && result.mayHaveArrived, true);
  });

  it('gives up on an endpoint that hangs, and says how long it waited', async () => {
    endpoint.answer(hang);
    const result = await open().send(requestTo(endpoint.url));
    assert.match(wordsOf(result), /No answer from 127\.0\.0\.1:\d+ within 0\.8 s/);
    assert.equal(result.outcome === 'no-answer' && result.mayHaveArrived, true);
  });

  it('gives up on an endpoint that drips its headers, however busy that looks', async () => {
    endpoint.answer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x-drip: 1\r\n'), 50);
      socket.on('close', () => clearInterval(drip));
    });
    const began = performance.now();
    assert.match(wordsOf(await open().send(requestTo(endpoint.url))), /No answer from/);
    assert.ok(performance.now() - began < 2_000);
  });

  it('gives up on a connection that is never made', async () => {
    // A TLS server that never shakes hands stands for a host that swallows the connection.
    const server = net.createServer(() => undefined);
    const port = await listen(server);
    const result = await open({ connectTimeout: 100 }).send(requestTo(`https://127.0.0.1:${port}/`));
    assert.match(wordsOf(result), /No connection to 127\.0\.0\.1:\d+ within 0\.1 s/);
    assert.equal(result.outcome === 'no-answer' && result.mayHaveArrived, false);
    server.close();
  });

  it('stops at once when told so', async () => {
    endpoint.answer(hang);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    assert.deepEqual(await open().send(requestTo(endpoint.url), stop.signal), {
      outcome: 'aborted',
      mayHaveArrived: true,
    });
  });

  it('lets what is under way end when it is closed, and keeps no connection after that', async () => {
    let alive = 0;
    const server = http.createServer((request, response) => {
      request.resume().on('end', () => setTimeout(() => response.end('ok'), 100));
    });
    server.on('connection', (socket) => {
      alive += 1;
      socket.on('close', () => {
        alive -= 1;
      });
    });
    const port = await listen(server);
    const client = open();
    const sent = client.send(requestTo(`http://127.0.0.1:${port}/`));
    await until('it is under way', () => alive === 1);
    client.close();
    assert.equal((await sent).outcome, 'answered');
    await until('the connection is closed', () => alive === 0);
    server.close();
  });

  it('says what is wrong with an answer that is no HTTP', async () => {
    endpoint.answer((socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n\r\n'));
    assert.match(wordsOf(await open().send(requestTo(endpoint.url))), /does not answer in HTTP \(HPE_/);
  });

  it('never repeats the key in its words', async () => {
    for (const behaviour of [reset, hang, reply(302, { location: 'http://127.0.0.1/' })]) {
      endpoint.answer(behaviour);
      assert.doesNotMatch(JSON.stringify(await open().send(withKey(requestTo(endpoint.url)))), /0123456789abcdef/);
    }
  });

  describe('with TLS', () => {
    let server: https.Server;
    let port: number;
    beforeEach(async () => {
      const { key, cert } = selfSigned();
      server = https.createServer({ key, cert }, (request, response) =>
        request.resume().on('end', () => response.end('ok')),
      );
      port = await listen(server);
    });
    afterEach(() => {
      server.closeAllConnections();
      server.close();
    });

    it('refuses a certificate of an unknown authority and says what to do', async () => {
      const result = await open().send(requestTo(`https://127.0.0.1:${port}/`));
      assert.match(wordsOf(result), /signed by an authority that this machine does not trust\. Add that authority/);
      assert.equal(result.outcome === 'no-answer' && result.mayHaveArrived, false);
    });

    it('accepts it when http.proxyStrictSSL is off', async () => {
      const proxy = { url: null, strictSsl: false, noProxy: [] };
      const result = await open({ proxy }).send(requestTo(`https://127.0.0.1:${port}/`));
      assert.equal(result.outcome === 'answered' && result.answer.status, 200);
    });

    it('says that an address with https leads to a server without it', async () => {
      const result = await open().send(requestTo(endpoint.url.replace('http:', 'https:')));
      assert.equal(result.outcome, 'no-answer');
      assert.match(
        wordsOf(result),
        /127\.0\.0\.1:\d+ (could not agree on an encrypted connection|closed the connection)|No connection/,
      );
    });
  });

  describe('through a proxy', () => {
    let proxy: http.Server;
    let port: number;
    const asked: { url: string | undefined; auth: string | undefined }[] = [];
    let status: number;
    beforeEach(async () => {
      asked.length = 0;
      status = 200;
      proxy = http.createServer((_, response) => response.writeHead(400).end());
      // Every name leads to the endpoint, so that a host that does not exist shows that the proxy was used.
      proxy.on('connect', (request, socket) => {
        asked.push({ url: request.url, auth: request.headers['proxy-authorization'] });
        if (status !== 200) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`);
        const through = net.connect(endpoint.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          through.pipe(socket).pipe(through);
        });
        through.on('error', () => socket.destroy());
        socket.on('error', () => through.destroy());
      });
      port = await listen(proxy);
    });
    afterEach(() => {
      proxy.closeAllConnections();
      proxy.close();
    });
    const through = (url = `http://127.0.0.1:${port}`) => ({ proxy: { url, strictSsl: true, noProxy: [] } });
    const target = 'http://sentry.invalid/api/42/envelope/';

    it('sends the same bytes', async () => {
      const request = requestTo(target);
      const result = await open(through()).send(withKey(request));
      assert.equal(result.outcome === 'answered' && result.answer.status, 200);
      assert.deepEqual(asked, [{ url: 'sentry.invalid:80', auth: undefined }]);
      const [captured] = endpoint.received;
      assert.equal(captured && canonicalHash(canonicalOf(captured)), canonicalHash(request));
      assert.deepEqual(
        captured?.headers.map(([name]) => name.toLowerCase()).filter((name) => name.startsWith('proxy')),
        [],
      );
    });

    it('takes the proxy of the environment when none is set', async () => {
      const result = await open({ env: { HTTP_PROXY: `http://me:secret@127.0.0.1:${port}` } }).send(requestTo(target));
      assert.equal(result.outcome, 'answered');
      assert.equal(asked[0]?.auth, `Basic ${Buffer.from('me:secret').toString('base64')}`);
    });

    it('never uses it for this machine', async () => {
      assert.equal((await open(through()).send(requestTo(endpoint.url))).outcome, 'answered');
      assert.deepEqual(asked, []);
    });

    it("tells the proxy's refusal from the endpoint's, without its password", async () => {
      status = 407;
      const result = await open(through(`http://me:secret@127.0.0.1:${port}`)).send(requestTo(target));
      assert.deepEqual(result, {
        outcome: 'no-answer',
        words: `The proxy 127.0.0.1:${port} asks for a user name and password (407). Put them into the setting http.proxy.`,
        mayHaveArrived: false,
      });
      status = 502;
      assert.match(wordsOf(await open(through()).send(requestTo(target))), /did not open a connection \(502\)/);
    });

    it('gives up on a proxy that never answers', async () => {
      const silent = net.createServer(() => undefined);
      const silentPort = await listen(silent);
      const result = await open({ ...through(`http://127.0.0.1:${silentPort}`), connectTimeout: 100 }).send(
        requestTo(target),
      );
      assert.match(wordsOf(result), /No connection to 127\.0\.0\.1:\d+ within 0\.1 s/);
      silent.close();
    });

    it('says that the proxy is not there', async () => {
      const nobody = await freePort();
      const result = await open(through(`http://127.0.0.1:${nobody}`)).send(requestTo(target));
      assert.match(wordsOf(result), new RegExp(`sentry\\.invalid \\(through the proxy 127\\.0\\.0\\.1:${nobody}\\)`));
    });
  });

  it('answers with what the endpoint said in the middle of an upload', async () => {
    endpoint.answer(accepted);
    const result = await open({ wholeTimeout: 5_000 }).send(requestTo(endpoint.url, 'x'.repeat(900_000)));
    assert.equal(result.outcome, 'answered');
    assert.equal(endpoint.received[0]?.body.length, 900_000);
  });
});
