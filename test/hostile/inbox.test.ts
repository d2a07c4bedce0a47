import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import { exchange, post } from '../delivery/inbox/http.ts';
import { tempFolder } from '../store/samples.ts';

const ENVELOPE = '{}\n{"type":"event"}\n{"message":"one"}\n';
const hello = v.object({ dsn: v.string(), port: v.number() });
const state = v.object({ most: v.number(), events: v.number() });

describe('the inbox under attack, in a process of its own', function () {
  this.timeout(30_000);
  let folder: ReturnType<typeof tempFolder>;
  let child: ChildProcess;
  let lines: Interface;
  let port: number;
  let key: string;
  let said = '';
  /** ms that a request may take; unpacking bombs takes seconds on a busy machine. */
  let requestTime = 30_000;

  beforeEach(async () => {
    folder = tempFolder();
    said = '';
    const program = path.join(import.meta.dirname, 'inboxProcess.ts');
    const args = ['--disable-warning=ExperimentalWarning', program, folder.path, String(requestTime)];
    const started = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    started.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    lines = createInterface({ input: started.stdout });
    const { dsn, port: at } = await first();
    port = at;
    key = new URL(dsn).username;
  });
  afterEach(async () => {
    const gone = once(child, 'exit');
    child.stdin?.end();
    await gone;
    folder.remove();
    assert.equal(said, '', 'it found no fault of its own');
  });

  const first = async () => v.parse(hello, JSON.parse(String((await once(lines, 'line'))[0])));
  const now = async () => {
    const line = once(lines, 'line');
    child.stdin?.write('\n');
    return v.parse(state, JSON.parse(String((await line)[0])));
  };
  const auth = () => ({ 'x-sentry-auth': `Sentry sentry_version=7, sentry_key=${key}` });
  const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
    exchange(port, ...post('/api/1/envelope/', { ...auth(), ...headers }, body));

  it('refuses bombs of gigabytes, many at once, in bounded memory', async () => {
    assert.equal((await send(ENVELOPE)).status, 200);
    const before = (await now()).most;
    const gzip = Buffer.concat(Array<Buffer>(200).fill(gzipSync(Buffer.alloc(10_000_000))));
    const brotli = brotliCompressSync(Buffer.alloc(300_000_000), { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const bombs = [...Array<Buffer>(6).fill(gzip), ...Array<Buffer>(6).fill(brotli)];
    const answers = await Promise.all(
      bombs.map((bomb) => send(bomb, { 'content-encoding': bomb === gzip ? 'gzip' : 'br' })),
    );
    for (const { status } of answers) assert.ok(status === 413 || status === 503, String(status));
    const { most, events } = await now();
    console.log(
      `      12 bombs of ${Math.round((6 * 2000 + 6 * 300) / 1000)} GB: ${Math.round((most - before) / 1e6)} MB more at most`,
    );
    assert.ok(most - before < 500_000_000, `${Math.round((most - before) / 1e6)} MB`);
    assert.equal(events, 1);
    assert.equal((await send(ENVELOPE)).status, 200);
  });

  it('survives an envelope cut off at every byte, plain and packed', async () => {
    const packed = gzipSync(ENVELOPE);
    for (const [whole, headers] of [
      [Buffer.from(ENVELOPE), {}],
      [packed, { 'content-encoding': 'gzip' }],
    ] as const) {
      const cuts = Array.from({ length: whole.length }, (_, end) => whole.subarray(0, end));
      const answers = await Promise.all(cuts.map((cut) => send(cut, headers)));
      for (const { status } of answers) assert.ok([200, 400].includes(status), String(status));
    }
    assert.equal((await send(ENVELOPE)).status, 200);
  });

  it('serves senders again soon after a thousand connections that never finish a request', async () => {
    const sockets = Array.from({ length: 1_000 }, () => {
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('POST /api/1/envelope/ HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: ');
      return socket;
    });
    // A byte now and then keeps no connection open.
    const drip = setInterval(() => {
      for (const socket of sockets) if (!socket.destroyed) socket.write('x');
    }, 50);
    try {
      await pause(100);
      const began = Date.now();
      let status = 0;
      while (status !== 200 && Date.now() - began < 10_000) {
        status = await send(ENVELOPE).then(
          (answered) => answered.status,
          () => 0, // turned away: too many connections
        );
        if (status !== 200) await pause(50);
      }
      assert.equal(status, 200);
      // Their half second, the second between two looks at the connections, and some time to spare.
      assert.ok(Date.now() - began < 5_000, `${Date.now() - began} ms`);
    } finally {
      clearInterval(drip);
      for (const socket of sockets) socket.destroy();
    }
  });

  it('takes a thousand events that come at once, or asks to come again', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 1_000 }, () => send(ENVELOPE)));
    const taken = answers.filter((each) => each.status === 'fulfilled' && each.value.status === 200).length;
    assert.equal((await now()).events, taken, 'what was accepted is kept');
    assert.ok(taken >= 200, String(taken));
    assert.equal((await send(ENVELOPE)).status, 200);
  });

  for (const [what, headers] of [
    ['the name of a web page as host', { host: 'evil.example' }],
    ['a name that was bound to this machine', { host: 'evil.example:8969' }],
    ['an Origin', { origin: 'https://evil.example' }],
    ['the Origin of a file', { origin: 'null' }],
  ] as const) {
    it(`refuses ${what}, and lets no page read the answer`, async () => {
      const answered = await send(ENVELOPE, headers);
      assert.equal(answered.status, 403);
      assert.ok(!Object.keys(answered.headers).some((name) => name.startsWith('access-control')));
      assert.equal((await now()).events, 0);
    });
  }

  it('answers no preflight of a browser', async () => {
    const request = `OPTIONS /api/1/envelope/ HTTP/1.1\r\nhost: 127.0.0.1\r\norigin: https://evil.example\r\naccess-control-request-method: POST\r\n\r\n`;
    const answered = await exchange(port, request);
    assert.equal(answered.status, 403);
    assert.ok(!Object.keys(answered.headers).some((name) => name.startsWith('access-control')));
  });

  describe('from senders that stop in the middle', () => {
    before(() => {
      requestTime = 1_000;
    });

    it('holds no more than it may, and serves the others once their time is over', async () => {
      const before = (await now()).most;
      const [head] = post('/api/1/envelope/', { ...auth(), 'content-length': '19000000' }, '');
      const part = Buffer.alloc(5_000_000, 'x');
      const sockets = Array.from({ length: 100 }, () => {
        const socket = net.connect(port, '127.0.0.1');
        socket.on('error', () => undefined);
        socket.write(String(head));
        socket.write(part);
        return socket;
      });
      const drip = setInterval(() => {
        for (const socket of sockets) if (!socket.destroyed) socket.write('x');
      }, 50);
      try {
        await pause(1_000);
        const { most } = await now();
        console.log(`      100 bodies of 5 MB that do not end: ${Math.round((most - before) / 1e6)} MB more at most`);
        assert.ok(most - before < 400_000_000, `${Math.round((most - before) / 1e6)} MB`);
        let status = 0;
        for (const end = Date.now() + 10_000; status !== 200 && Date.now() < end; await pause(50)) {
          status = await send(ENVELOPE).then(
            (answered) => answered.status,
            () => 0, // turned away
          );
        }
        assert.equal(status, 200);
        assert.equal((await now()).events, 1);
      } finally {
        clearInterval(drip);
        for (const socket of sockets) socket.destroy();
      }
    });
  });
});
