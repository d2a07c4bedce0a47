import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { canonicalHash } from '../../../src/channels/canonicalHash.ts';
import { parseDsn } from '../../../src/channels/sentry/dsn.ts';
import { authorize, envelopeTarget } from '../../../src/channels/sentry/envelope.ts';
import type { InboxEvent } from '../../../src/delivery/delivery.ts';
import { HttpClient } from '../../../src/delivery/httpClient.ts';
import { type Inbox, type InboxOptions, openInbox } from '../../../src/delivery/inbox/inbox.ts';
import { NO_PROXY_SET } from '../../../src/delivery/proxy.ts';
import { requestTo, START, tempFolder } from '../../store/samples.ts';
import { exchange, post } from './http.ts';

const ID = 'a'.repeat(32);
const event = (change: object = {}) => ({
  event_id: ID,
  message: 'Dagster asset check failure: discrepancies on audi/prices (WARN)',
  level: 'warning',
  extra: { run_id: 'run-1' },
  sdk: { name: 'sentry.python', version: '2.75.0' },
  ...change,
});
const envelope = (payload: object = event(), header: object = { event_id: ID }) =>
  `${JSON.stringify(header)}\n{"type":"event"}\n${JSON.stringify(payload)}\n`;

describe('inbox', function () {
  this.timeout(20_000);
  let folder: ReturnType<typeof tempFolder>;
  let inbox: Inbox;
  const faults: unknown[] = [];
  const told: InboxEvent[] = [];
  const open = (change: Partial<InboxOptions> = {}): Promise<Inbox> =>
    openInbox({
      folder: folder.path,
      port: 0,
      now: () => START,
      onReceived: (received) => told.push(received),
      onFault: (error) => faults.push(error),
      ...change,
    });
  const keyOf = (of: Inbox): string => new URL(of.dsn).username;
  const auth = (key = keyOf(inbox)) => ({
    'x-sentry-auth': `Sentry sentry_version=7, sentry_client=test/1, sentry_key=${key}`,
  });
  const send = (body: string | Buffer, headers: Record<string, string> = {}, to = '/api/1/envelope/') =>
    exchange(inbox.port, ...post(to, { ...auth(), ...headers }, body));

  beforeEach(async () => {
    folder = tempFolder();
    faults.length = 0;
    told.length = 0;
    inbox = await open();
  });
  afterEach(async () => {
    await inbox.close();
    folder.remove();
    assert.deepEqual(faults, []);
  });

  it('takes an envelope as Sentry does and shows what came', async () => {
    const body = envelope();
    const answered = await send(body, { 'content-type': 'application/x-sentry-envelope', 'X-Extra': ' two  words ' });
    assert.deepEqual([answered.status, answered.json], [200, { id: ID }]);
    const shown = {
      id: 1,
      receivedAt: START,
      eventId: ID,
      title: 'Dagster asset check failure: discrepancies on audi/prices (WARN)',
      level: 'warning',
      sender: 'sentry.python 2.75.0',
      runId: 'run-1',
      partition: null,
      groupingKey: 'message Dagster asset check failure: discrepancies on audi/prices (WARN)',
      bytes: Buffer.byteLength(body),
    };
    assert.deepEqual(inbox.list(10), [shown]);
    assert.deepEqual(told, [shown]);
    const received = inbox.get(1);
    assert.deepEqual(received?.event, event());
    assert.deepEqual(received?.headers, [
      ['host', '127.0.0.1'],
      ['content-length', String(Buffer.byteLength(body))],
      ['x-sentry-auth', 'Sentry sentry_version=7, sentry_client=test/1, sentry_key=••••••••'],
      ['content-type', 'application/x-sentry-envelope'],
      ['x-extra', 'two  words'],
    ]);
    assert.equal(received?.url, 'http://127.0.0.1/api/1/envelope/');
    assert.deepEqual(received?.row, shown);
    assert.deepEqual(received?.envelope.map(({ text }) => text).join('\n'), body.trimEnd());
  });

  it('records the hash of the very request that the sender sent', async () => {
    const parsed = parseDsn(inbox.dsn);
    const dsn = parsed.outcome === 'ok' ? parsed.dsn : assert.fail(parsed.message);
    const client = new HttpClient({ proxy: NO_PROXY_SET, env: {} });
    const request = requestTo(envelopeTarget(dsn).url, envelope(event({ message: 'ä€🚗' })));
    const result = await client.send({ ...request, headers: authorize(request, dsn) });
    assert.equal(result.outcome === 'answered' && result.answer.body, `{"id":"${ID}"}`);
    assert.equal(inbox.get(1)?.sha256, canonicalHash(request));
    client.close();
  });

  for (const [encoding, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['identity', Buffer.from],
  ] as const) {
    it(`takes a body in ${encoding}, whole or in pieces`, async () => {
      const packed: Buffer = pack(Buffer.from(envelope()));
      assert.equal((await send(packed, { 'content-encoding': encoding })).status, 200);
      const [head] = post('/api/1/envelope/', { ...auth(), 'content-encoding': encoding }, packed);
      const pieces = [packed.subarray(0, 7), 5, packed.subarray(7, 20), 5, packed.subarray(20)];
      assert.equal((await exchange(inbox.port, head.slice(0, 30), 5, head.slice(30), ...pieces)).status, 200);
      assert.deepEqual(
        inbox.list(9).map(({ bytes }) => bytes),
        [packed.length, packed.length],
      );
      assert.equal(inbox.get(1)?.contentBytes, Buffer.byteLength(envelope()));
    });
  }

  it('takes a chunked body', async () => {
    const body = Buffer.from(envelope());
    const lines = Object.entries({ host: 'localhost', 'transfer-encoding': 'chunked', ...auth() });
    const head = `POST /api/1/envelope/ HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`;
    const chunk = (part: Buffer) =>
      Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n')]);
    const answered = await exchange(
      inbox.port,
      head,
      chunk(body.subarray(0, 50)),
      5,
      chunk(body.subarray(50)),
      '0\r\n\r\n',
    );
    assert.equal(answered.status, 200);
    assert.deepEqual(inbox.get(1)?.event, event());
  });

  it('takes the older store endpoint, and the key in the query', async () => {
    const query = `?sentry_version=7&sentry_client=old%2F1&sentry_key=${keyOf(inbox)}`;
    const body = JSON.stringify({ message: 'old', culprit: 'x' });
    const answered = await exchange(inbox.port, ...post(`/api/1/store/${query}`, { 'user-agent': 'agent' }, body));
    assert.equal(answered.status, 200);
    assert.match(String((answered.json as { id: unknown }).id), /^[0-9a-f]{32}$/);
    const [shown] = inbox.list(1);
    assert.deepEqual([shown?.title, shown?.sender, shown?.eventId, shown?.level], ['old', 'old/1', null, 'error']);
    const hash = canonicalHash({
      method: 'POST',
      url: 'http://127.0.0.1/api/1/store/',
      headers: [['user-agent', 'agent']],
      body: Buffer.from(body),
    });
    assert.equal(inbox.get(1)?.sha256, hash);
    assert.equal(JSON.stringify(inbox.get(1)).includes(keyOf(inbox)), false);
    assert.match(inbox.get(1)?.url ?? '', /\/api\/1\/store\/\?.*sentry_key=%?[\w•%]+$/);
    assert.deepEqual((await send('{"message":', {}, '/api/1/store/')).json, {
      detail: 'invalid JSON data',
      causes: ['invalid event envelope: the event is not JSON'],
    });
  });

  it('takes items that are no events and lists none of them', async () => {
    const items = `{"type":"session"}\n{"sid":"1"}\n{"type":"client_report","length":2}\n{}\n{"type":"session"}\n{}`;
    assert.deepEqual((await send(`{"event_id":"${ID}"}\n${items}`)).json, { id: ID });
    await send(`${envelope()}{"type":"session"}\n{}\n`);
    assert.equal(inbox.list(9).length, 1);
  });

  const refusals: readonly (readonly [string, () => Promise<{ status: number; json: unknown }>, number, RegExp])[] = [
    [
      'no key',
      () => exchange(inbox.port, ...post('/api/1/envelope/', {}, envelope())),
      401,
      /^missing authorization information$/,
    ],
    ['a wrong key', () => send(envelope(), auth('0'.repeat(32))), 403, /with_reason: ProjectId$/],
    ['another project', () => send(envelope(), {}, '/api/2/envelope/'), 403, /with_reason: ProjectId$/],
    [
      'two keys',
      () => send(envelope(), {}, `/api/1/envelope/?sentry_key=${keyOf(inbox)}`),
      401,
      /^multiple authorization/,
    ],
    [
      'a header without key',
      () => send(envelope(), { 'x-sentry-auth': 'Sentry sentry_version=7' }),
      401,
      /bad x-sentry-auth header: sentry_key/,
    ],
    ['an empty body', () => send(''), 400, /^empty request body$/],
    ['text that is no envelope', () => send('hello'), 400, /^invalid event envelope: the envelope header is not JSON$/],
    [
      'a cut gzip body',
      () => send(gzipSync(envelope()).subarray(0, 40), { 'content-encoding': 'gzip' }),
      400,
      /unexpected end of file/,
    ],
    [
      'a body that is not in its encoding',
      () => send(envelope(), { 'content-encoding': 'gzip' }),
      400,
      /incorrect header check/,
    ],
    [
      'an unknown encoding',
      () => send(envelope(), { 'content-encoding': 'zstd, gzip' }),
      415,
      /unsupported content-encoding/,
    ],
    ['an unknown path', () => send(envelope(), {}, '/api/1/minidump/'), 404, /^not found$/],
    [
      'another method',
      () => exchange(inbox.port, `GET /api/1/envelope/ HTTP/1.1\r\nhost: localhost\r\n\r\n`),
      405,
      /use POST/,
    ],
    ['a foreign host name', () => send(envelope(), { host: 'evil.example' }), 403, /for this machine only/],
    [
      'a host name that only begins like ours',
      () => send(envelope(), { host: 'localhost.evil.example' }),
      403,
      /for this machine only/,
    ],
    ["a web page's origin", () => send(envelope(), { origin: 'http://localhost:3000' }), 403, /with_reason: Cors$/],
    ['an opaque origin', () => send(envelope(), { origin: 'null' }), 403, /with_reason: Cors$/],
    [
      'an event that is too large',
      () => send(envelope(event({ extra: { x: 'x'.repeat(1_048_576) } }))),
      413,
      /size limits for type 'event'/,
    ],
    [
      'two events in one envelope',
      () => send(envelope() + envelope().split('\n').slice(1).join('\n')),
      413,
      /type 'event'/,
    ],
  ];
  for (const [what, ask, status, detail] of refusals) {
    it(`refuses ${what} with ${status} and says why, and keeps nothing`, async () => {
      const answered = await ask();
      assert.equal(answered.status, status);
      const said = answered.json as { detail: string; causes?: string[] };
      assert.match([said.detail, ...(said.causes ?? [])].join(': '), detail);
      assert.deepEqual(inbox.list(9), []);
      assert.equal((await send(envelope())).status, 200);
    });
  }

  it('takes an event of the largest size that Sentry takes', async () => {
    const rest = JSON.stringify(event({ extra: { x: '' } })).length;
    const exact = event({ extra: { x: 'x'.repeat(1_048_576 - rest) } });
    assert.equal((await send(envelope(exact))).status, 200);
    assert.deepEqual(inbox.get(1)?.event, exact);
  });

  it('refuses a body that is too large before it has come', async () => {
    const [head] = post('/api/1/envelope/', { ...auth(), 'content-length': '20000001' }, '');
    const answered = await exchange(inbox.port, head, 'x');
    assert.deepEqual(
      [answered.status, answered.json],
      [413, { detail: 'failed to read request body', causes: ['a payload reached its size limit: 20 MB compressed'] }],
    );
  });

  it('refuses a chunked body that grows too large', async () => {
    const lines = Object.entries({ host: '127.0.0.1', 'transfer-encoding': 'chunked', ...auth() });
    const head = `POST /api/1/envelope/ HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`;
    const chunk = Buffer.concat([Buffer.from('f4240\r\n'), Buffer.alloc(1_000_000, 'x'), Buffer.from('\r\n')]);
    const answered = await exchange(inbox.port, head, ...Array<Buffer>(21).fill(chunk), '0\r\n\r\n');
    assert.equal(answered.status, 413);
  });

  const bombs: readonly (readonly [string, () => Buffer])[] = [
    // 1 GB: a gzip file may hold many members, one behind the other.
    ['gzip', () => Buffer.concat(Array<Buffer>(100).fill(gzipSync(Buffer.alloc(10_000_000))))],
    ['br', () => brotliCompressSync(Buffer.alloc(300_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
  ];
  for (const [encoding, make] of bombs) {
    it(`stops a ${encoding} bomb without unpacking it whole`, async () => {
      const bomb = make();
      assert.ok(bomb.length < 2_000_000, `${bomb.length} bytes`);
      const before = process.memoryUsage.rss();
      let most = before;
      const watch = setInterval(() => {
        most = Math.max(most, process.memoryUsage.rss());
      }, 2);
      const answered = await send(bomb, { 'content-encoding': encoding });
      clearInterval(watch);
      assert.equal(answered.status, 413);
      assert.match(answered.text, /100 MB decompressed/);
      assert.ok(most - before < 250_000_000, `${Math.round((most - before) / 1e6)} MB`);
    });
  }

  it('asks senders to come again when many large bodies come at once', async () => {
    const large = gzipSync(
      Buffer.concat([Buffer.from(`{}\n{"type":"attachment","length":90000000}\n`), Buffer.alloc(90_000_000)]),
    );
    const answers = await Promise.all([1, 2, 3].map(() => send(large, { 'content-encoding': 'gzip' })));
    assert.ok(
      answers.some(({ status }) => status === 503),
      answers.map(({ status }) => status).join(),
    );
    assert.equal((await send(large, { 'content-encoding': 'gzip' })).status, 200, 'the memory was given back');
  });

  it('gives up on senders that are slow with headers or body, and serves others meanwhile', async () => {
    await inbox.close();
    inbox = await open({ times: { headers: 300, request: 600 } });
    const [head] = post('/api/1/envelope/', auth(), envelope());
    const slow = [exchange(inbox.port, head.slice(0, 40), 5_000), exchange(inbox.port, head, 'x', 5_000)];
    assert.equal((await send(envelope())).status, 200);
    assert.deepEqual(
      (await Promise.all(slow)).map(({ status }) => status),
      [408, 408],
    );
  });

  it('survives senders that go away in the middle', async () => {
    const [head, body] = post('/api/1/envelope/', { ...auth(), 'content-encoding': 'gzip' }, gzipSync(envelope()));
    for (const end of [10, head.length, head.length + 20]) {
      const socket = net.connect(inbox.port, '127.0.0.1');
      await new Promise<void>((resolve) =>
        socket.write(Buffer.concat([Buffer.from(head), body]).subarray(0, end), () => resolve()),
      );
      socket.resetAndDestroy();
    }
    assert.equal((await send(envelope())).status, 200);
    assert.equal(inbox.list(9).length, 1);
  });

  it('greets who looks at it with a browser, without its key', async () => {
    const answered = await exchange(inbox.port, 'GET / HTTP/1.1\r\nhost: localhost:8969\r\n\r\n');
    assert.equal(answered.status, 200);
    assert.match(answered.headers['content-type'] ?? '', /^text\/plain/);
    assert.match(answered.text, /Firedrill's inbox/);
    assert.equal(answered.text.includes(keyOf(inbox)), false);
    assert.equal(answered.headers['access-control-allow-origin'], undefined);
  });

  it('listens on this machine only', () => {
    assert.match(inbox.dsn, new RegExp(`^http://[0-9a-f]{32}@127\\.0\\.0\\.1:${inbox.port}/1$`));
  });

  it('has the same port, key and events after a restart', async () => {
    await send(envelope());
    const { dsn } = inbox;
    await inbox.close();
    inbox = await open();
    assert.equal(inbox.dsn, dsn);
    assert.equal(inbox.note, null);
    assert.deepEqual(inbox.get(1)?.event, event());
  });

  it('takes another port when the wanted one is taken, says so, and comes back to it', async () => {
    const { port } = inbox;
    const second = await open({ port });
    assert.equal(
      second.note,
      `Port ${port} is taken by another window or program, so the inbox listens at port ${second.port}.`,
    );
    assert.notEqual(second.port, port);
    assert.equal(keyOf(second), keyOf(inbox));
    await second.close();
    const third = await open({ port });
    assert.equal(third.port, second.port);
    await third.close();
    await inbox.close();
    inbox = await open({ port });
    assert.deepEqual([inbox.port, inbox.note], [port, null]);
  });

  it('shows what another window received', async () => {
    const other = await open();
    await send(envelope());
    assert.equal(other.list(9).length, 1);
    await other.close();
  });

  it('keeps the newest 1,000, and none after clearing', async () => {
    for (let batch = 0; batch < 41; batch += 1) {
      const numbers = Array.from({ length: 25 }, (_, n) => batch * 25 + n);
      await Promise.all(numbers.map((n) => send(envelope(event({ message: `event ${n}` })))));
    }
    assert.equal(inbox.list(5_000).length, 1_000);
    assert.equal(inbox.list(5_000)[0]?.id, 1_025);
    inbox.clear();
    assert.deepEqual(inbox.list(9), []);
    assert.equal(inbox.get(1_025), null);
    await send(envelope());
    assert.equal(inbox.list(9)[0]?.id, 1_026);
  });

  it('ends what is under way when it is closed', async () => {
    const [head] = post('/api/1/envelope/', auth(), envelope());
    const hanging = exchange(inbox.port, head, 5_000).catch((error: Error) => error.message);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const began = performance.now();
    await inbox.close();
    assert.ok(performance.now() - began < 2_000);
    assert.match(String(await hanging), /closed without an answer|ECONNRESET/);
    inbox = await open();
  });

  it('sets a damaged file aside and says so', async () => {
    await inbox.close();
    const file = path.join(folder.path, 'inbox.db');
    writeFileSync(file, 'x'.repeat(readFileSync(file).length));
    inbox = await open();
    assert.match(inbox.note ?? '', /was damaged.*set aside as inbox\.db\.damaged-/s);
    assert.equal((await send(envelope())).status, 200);
  });
});
