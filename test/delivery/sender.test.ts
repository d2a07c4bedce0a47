import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import { parseDsn } from '../../src/channels/sentry/dsn.ts';
import { envelopeTarget, keyOf } from '../../src/channels/sentry/envelope.ts';
import { rateLimitUntil } from '../../src/channels/sentry/rateLimit.ts';
import { verdictOf } from '../../src/channels/sentry/verdict.ts';
import type { Delivery, DeliveryState, DeliveryTarget } from '../../src/delivery/delivery.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { PARALLEL } from '../../src/delivery/lane.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import { type KeyResolution, Sender, type SenderPorts } from '../../src/delivery/sender.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import type { NewOutboxRow, StateStore } from '../../src/store/stateStore.ts';
import { freePort } from '../freePort.ts';
import { alertFor, checkFailure, found, openIn, requestTo, tempFolder } from '../store/samples.ts';
import {
  accepted,
  type Behaviour,
  canonicalOf,
  type Endpoint,
  hang,
  openEndpoint,
  reply,
  reset,
  until,
} from './endpoint.ts';

const KEY = '0123456789abcdef0123456789abcdef';

function dsnOf(port: number) {
  const parsed = parseDsn(`http://${KEY}@127.0.0.1:${port}/42`);
  return parsed.outcome === 'ok' ? parsed.dsn : assert.fail(parsed.message);
}
const targetOf = (port: number): DeliveryTarget => ({
  kind: 'sentry',
  dsn: dsnOf(port).fingerprint,
  host: `127.0.0.1:${port}`,
  project: '42',
});
const DIRECT = { proxy: NO_PROXY_SET, env: {} };

describe('sender', function () {
  this.timeout(15_000);
  let folder: ReturnType<typeof tempFolder>;
  let store: StateStore;
  let outbox: Outbox;
  let sendQueue: SendQueue;
  let endpoint: Endpoint;
  let skew: number;
  let sender: Sender | null;
  let client: HttpClient;
  let resolveKey: SenderPorts['resolveKey'];
  const changes: Delivery[] = [];
  const faults: unknown[] = [];
  const endpoints: Endpoint[] = [];
  /** The real clock, which a test can set ahead. */
  const now = (): number => Date.now() + skew;

  beforeEach(async () => {
    folder = tempFolder();
    skew = 0;
    store = openIn(folder.path, { now, pass: () => undefined });
    outbox = new Outbox(store, { now });
    sendQueue = new SendQueue(store, { now });
    endpoint = await openOne();
    client = new HttpClient({ ...DIRECT, connectTimeout: 500, wholeTimeout: 600 });
    resolveKey = async (target) => resolved(target);
    sender = null;
    changes.length = 0;
    faults.length = 0;
  });
  afterEach(async () => {
    await sender?.stop(0);
    client.close();
    await Promise.all(endpoints.splice(0).map((each) => each.close()));
    store.close();
    folder.remove();
  });

  const openOne = async (): Promise<Endpoint> => {
    const opened = await openEndpoint();
    endpoints.push(opened);
    return opened;
  };

  function resolved(target: DeliveryTarget): KeyResolution {
    const port = target.kind === 'sentry' ? Number(target.host.split(':')[1]) : endpoint.port;
    const dsn = dsnOf(port);
    return {
      outcome: 'resolved',
      ...keyOf(dsn),
    };
  }

  function start(change: Partial<SenderPorts> = {}): Sender {
    sender = new Sender({
      queue: sendQueue,
      client: () => client,
      resolveKey: (target) => resolveKey(target),
      verdict: verdictOf,
      holdUntil: rateLimitUntil,
      changed: (deliveries) => changes.push(...deliveries),
      fault: (error) => faults.push(error),
      now,
      elapsed: () => performance.now(),
      random: () => 0,
      ...change,
    });
    sender.wake();
    return sender;
  }

  /** Queues an alert of check failure `n` for an endpoint's port. */
  function queue(n: number, port = endpoint.port, change: Partial<NewOutboxRow> = {}): Delivery {
    const request = requestTo(envelopeTarget(dsnOf(port)).url, `{"event_id":"${n}"}\n{"type":"event"}\n{"n":${n}}`);
    return outbox.enqueue(
      alertFor(checkFailure(n), { request, sha256: canonicalHash(request), target: targetOf(port), ...change }),
    );
  }
  const stateOf = ({ id }: Delivery): DeliveryState | undefined => outbox.get(id)?.state;
  const becomes = (delivery: Delivery, kind: DeliveryState['kind']): Promise<void> =>
    until(`delivery ${delivery.id} is ${kind}`, () => stateOf(delivery)?.kind === kind);
  const reasonOf = (delivery: Delivery): string => {
    const state = stateOf(delivery);
    return state !== undefined && 'reason' in state ? (state.reason ?? '') : '';
  };
  const waitOf = (delivery: Delivery): number => {
    const state = stateOf(delivery);
    return state?.kind === 'waiting' ? (state.until ?? 0) - now() : 0;
  };
  const numbers = (at: Endpoint = endpoint): number[] =>
    at.received.map(({ body }) => Number(/"n":(\d+)/.exec(body.toString())?.[1]));

  it('delivers: the recorded hash is that of the bytes on the socket, the key is only there', async () => {
    store.failures.add([found(checkFailure(1))]);
    const delivery = queue(1);
    start();
    await becomes(delivery, 'accepted');
    const [captured] = endpoint.received;
    assert.equal(captured && canonicalHash(canonicalOf(captured)), delivery.sha256);
    assert.match(
      captured?.headers.find(([name]) => name === 'x-sentry-auth')?.[1] ?? '',
      new RegExp(`sentry_key=${KEY}$`),
    );
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'sent');
    assert.deepEqual(
      changes.map(({ state }) => state.kind),
      ['sending', 'accepted'],
    );
    assert.deepEqual(
      outbox.tries(delivery.id).map(({ outcome, status }) => [outcome, status]),
      [['accepted', 200]],
    );
    assert.deepEqual(faults, []);
  });

  it('obeys a rate limit for all rows of that DSN, and sends on to others meanwhile', async () => {
    const other = await openOne();
    endpoint.answer(
      reply(429, { 'x-sentry-rate-limits': '60:error:organization', 'retry-after': '1' }, '{"detail":"quota"}'),
      accepted,
    );
    const limited = queue(1);
    const sending = start();
    await until('the limit is recorded', () => reasonOf(limited).includes('429'));
    const second = queue(2);
    const elsewhere = queue(3, other.port);
    sending.wake();
    await becomes(elsewhere, 'accepted');
    for (const each of [limited, second]) {
      const state = stateOf(each);
      const wait = state?.kind === 'waiting' ? (state.until ?? 0) - now() : 0;
      assert.ok(wait > 55_000 && wait <= 60_000, `${wait} ms`);
    }
    assert.match(reasonOf(second), /Rate limited/);
    assert.equal(endpoint.received.length, 1);

    skew += 61_000;
    sending.wake();
    await becomes(limited, 'accepted');
    await becomes(second, 'accepted');
    assert.deepEqual(numbers().sort(), [1, 1, 2]);
  });

  it('obeys a pause that comes with an acceptance', async () => {
    endpoint.answer(reply(200, { 'x-sentry-rate-limits': '30::organization' }, '{"id":"1"}'));
    const first = queue(1);
    const sending = start();
    await becomes(first, 'accepted');
    const second = queue(2);
    sending.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(endpoint.received.length, 1);
    assert.match(reasonOf(second), /asked for a pause/);
  });

  it('tries again after a 500, with the same bytes', async () => {
    endpoint.answer(reply(500, {}, 'oops'), accepted);
    const delivery = queue(1);
    start();
    await until('the first try failed', () => reasonOf(delivery).includes('500'));
    const state = stateOf(delivery);
    assert.ok(state?.kind === 'waiting' && state.until !== null && state.until - now() <= 1_000);
    await becomes(delivery, 'accepted');
    const hashes = endpoint.received.map((captured) => canonicalHash(canonicalOf(captured)));
    assert.deepEqual(hashes, [delivery.sha256, delivery.sha256]);
    assert.equal(outbox.get(delivery.id)?.tries, 2);
  });

  it('takes a slow answer', async () => {
    endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 300));
    const delivery = queue(1);
    start();
    await becomes(delivery, 'accepted');
    const state = stateOf(delivery);
    assert.ok(state?.kind === 'accepted' && state.durationMs >= 295, JSON.stringify(state));
  });

  it('lets no row block another: of many, the refused one alone fails', async () => {
    endpoint.answer((socket, request) => (request.body.includes('"n":5}') ? reply(400) : accepted)(socket, request));
    const rows = Array.from({ length: 20 }, (_, n) => queue(n));
    start();
    await until('all are settled', () =>
      rows.every((row) => ['accepted', 'failed'].includes(stateOf(row)?.kind ?? '')),
    );
    assert.deepEqual(
      rows.filter((row) => stateOf(row)?.kind === 'failed').map(({ id }) => id),
      [rows[5]?.id],
    );
    assert.deepEqual(
      numbers().sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('sends several at once to one target, but no more than sixteen', async () => {
    let most = 0;
    let open = 0;
    endpoint.answer((socket, request) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        accepted(socket, request);
      }, 30);
    });
    const rows = Array.from({ length: 48 }, (_, n) => queue(n));
    start();
    await until('all are accepted', () => rows.every((row) => stateOf(row)?.kind === 'accepted'));
    assert.equal(most, 16);
  });

  it('does not let a target that hangs delay another', async () => {
    endpoint.answer(hang);
    const other = await openOne();
    for (let n = 0; n < 10; n += 1) queue(n);
    const quick = queue(50, other.port);
    const began = performance.now();
    start();
    await becomes(quick, 'accepted');
    assert.ok(performance.now() - began < 400);
  });

  it('tries a target that fails with one request at a time and growing pauses, then sends at full width', async () => {
    endpoint.answer(reply(500, {}, 'down'));
    const rows = Array.from({ length: 40 }, (_, n) => queue(n));
    const sending = start();
    const pause = (): number => Math.max(...rows.map((row) => waitOf(row)));
    await until('it is paused', () => rows.every((row) => reasonOf(row).includes('500')));
    // Sixteen were under way when the first failed, one more tried whether that was the row's fault.
    assert.equal(endpoint.received.length, 17);
    const pauses: number[] = [];
    for (const tries of [18, 19, 20]) {
      pauses.push(pause());
      skew += pause() + 1;
      sending.wake();
      await until(`try ${tries}`, () => endpoint.received.length === tries && pause() > 0);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(endpoint.received.length, tries);
    }
    pauses.push(pause());
    assert.deepEqual(
      pauses.map((ms) => Math.round(ms / 1000)),
      [1, 2, 4, 8],
    );
    endpoint.answer(accepted);
    skew += 60_000;
    sending.wake();
    await until('all are accepted', () => rows.every((row) => stateOf(row)?.kind === 'accepted'));
  });

  it('goes on at once with the others when one row alone gets no answer', async () => {
    endpoint.answer((socket, request) => (request.body.includes('"n":0}') ? reset : accepted)(socket, request));
    const rows = Array.from({ length: 60 }, (_, n) => queue(n));
    const began = performance.now();
    start();
    await until('the others are accepted', () => rows.slice(1).every((row) => stateOf(row)?.kind === 'accepted'));
    assert.ok(performance.now() - began < 900);
    assert.match(reasonOf(rows[0] ?? assert.fail()), /closed the connection/);
  });

  it('tries a target in a pause at once when a person sends or tries again, and when the proxy is another', async () => {
    endpoint.answer(reply(500));
    const rows = Array.from({ length: 17 }, (_, n) => queue(n));
    const sending = start();
    await until('it is paused', () => rows.every((row) => reasonOf(row).includes('500')));
    const acts = [
      () => void outbox.retry((rows[0] ?? assert.fail()).id),
      () => void queue(99),
      () => sendQueue.endPauses(),
    ];
    for (const [n, act] of acts.entries()) {
      skew += 900; // longer than a row's pause, shorter than the target's
      act();
      sending.wake();
      await until(`try ${18 + n}`, () => endpoint.received.length === 18 + n);
    }
  });

  it('sends what a person sent before what was found by itself, also when that was claimed already', async () => {
    endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 20));
    for (let n = 0; n < 300; n += 1) queue(n, endpoint.port, { sentBy: 'automatic' });
    const sending = start();
    await until('it is under way', () => endpoint.received.length >= 100);
    const mine = queue(999);
    const before = endpoint.received.length;
    sending.wake();
    await becomes(mine, 'accepted');
    const behind = numbers().indexOf(999) - before;
    assert.ok(behind < 220, `${behind} others went first`);
  });

  it('gives back at once what it claimed for a target that begins to hang', async () => {
    endpoint.answer(...Array<Behaviour>(100).fill(accepted), hang);
    for (let n = 0; n < 400; n += 1) queue(n, endpoint.port, { sentBy: 'automatic' });
    start();
    await until('all but those under way wait', () => {
      const states = outbox.page(null, 500, null).rows.map(({ state }) => state.kind);
      return states.filter((kind) => kind === 'waiting').length >= 280;
    });
    const waiting = outbox
      .page(null, 500, null)
      .rows.filter(({ state }) => state.kind === 'waiting' && state.reason === null);
    assert.ok(waiting.every(({ tries }) => tries === 0));
  });

  it('leaves rows alone whose DSN is not at hand, says why, and sends them when it is', async () => {
    resolveKey = async () => ({ outcome: 'unavailable', reason: 'This window has no DSN for it.' });
    const delivery = queue(1);
    const sending = start();
    await until('the reason is shown', () => reasonOf(delivery) === 'This window has no DSN for it.');
    assert.deepEqual([stateOf(delivery)?.kind, outbox.get(delivery.id)?.tries], ['waiting', 0]);
    assert.equal(changes.at(-1)?.id, delivery.id);
    resolveKey = async (target) => resolved(target);
    sending.wake();
    await becomes(delivery, 'accepted');
  });

  it('goes on with other targets while the key of one is not answered or its search fails', async () => {
    const [slow, broken] = [await openOne(), await openOne()];
    resolveKey = (target) => {
      if (target.kind === 'sentry' && target.host.endsWith(String(slow.port))) return new Promise(() => undefined);
      if (target.kind === 'sentry' && target.host.endsWith(String(broken.port)))
        return Promise.reject(new Error('no secrets'));
      return Promise.resolve(resolved(target));
    };
    queue(1, slow.port);
    queue(2, broken.port);
    const delivery = queue(3);
    start();
    await becomes(delivery, 'accepted');
    assert.deepEqual(faults.map(String), ['Error: no secrets']);
    const began = performance.now();
    await sender?.stop();
    assert.ok(performance.now() - began < 1_000);
  });

  it('refuses to send a request that was made for another project than the DSN names', async () => {
    const other = await openOne();
    const delivery = queue(1, endpoint.port, { target: targetOf(other.port) });
    start();
    await becomes(delivery, 'failed');
    assert.match(reasonOf(delivery), /made for another Sentry project/);
    assert.equal(endpoint.received.length + other.received.length, 0);
  });

  it("leaves another window's inbox its rows, and takes them over when it does not take them", async () => {
    const theirs = await freePort();
    const delivery = queue(1, theirs, { target: { kind: 'inbox' } });
    const sending = start();
    await until('the reason is shown', () => /inbox of another window/.test(reasonOf(delivery)));
    assert.equal(outbox.get(delivery.id)?.tries, 0);
    skew += 31_000;
    sending.wake();
    await becomes(delivery, 'accepted');
    const [captured] = endpoint.received;
    assert.equal(captured && canonicalHash(canonicalOf(captured)), outbox.get(delivery.id)?.sha256);
    assert.notEqual(outbox.get(delivery.id)?.sha256, delivery.sha256);
  });

  it('writes the key into no file of the state, even when the endpoint repeats it', async () => {
    endpoint.answer(
      reply(401, { 'x-sentry-error': `no such key ${KEY}` }, `{"detail":"bad key ${KEY}"}`),
      reply(302, { location: `https://elsewhere.example/?sentry_key=${KEY}` }),
      reset,
      accepted,
    );
    const delivery = queue(1);
    const sending = start();
    await becomes(delivery, 'failed');
    assert.match(reasonOf(delivery), /no such key •+; bad key •+/);
    outbox.retry(delivery.id);
    sending.wake();
    await until('it was sent elsewhere', () => /elsewhere/.test(reasonOf(delivery)));
    outbox.retry(delivery.id);
    sending.wake();
    await until('the connection was reset', () => /closed/.test(reasonOf(delivery)));
    outbox.retry(delivery.id);
    sending.wake();
    await becomes(delivery, 'accepted');
    for (const name of readdirSync(folder.path)) {
      assert.equal(readFileSync(path.join(folder.path, name)).includes(KEY), false, name);
    }
    assert.equal(JSON.stringify(changes).includes(KEY), false);
  });

  it('finishes what is under way on stop, and begins nothing more', async () => {
    endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 200));
    const rows = Array.from({ length: 18 }, (_, n) => queue(n));
    const sending = start();
    await until('sixteen are under way', () => endpoint.received.length === 16);
    await sending.stop(2_000);
    assert.deepEqual(
      rows.map((row) => stateOf(row)?.kind),
      [...Array(16).fill('accepted'), 'waiting', 'waiting'],
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(endpoint.received.length, 16);
  });

  it('breaks off on stop what takes too long; the row is due again at once', async () => {
    endpoint.answer(hang);
    const delivery = queue(1);
    const sending = start();
    await until('it is under way', () => endpoint.received.length === 1);
    const began = performance.now();
    await sending.stop(50);
    assert.ok(performance.now() - began < 400);
    assert.match(JSON.stringify(stateOf(delivery)), /"kind":"waiting","until":null,"reason":"Firedrill stopped/);
    endpoint.answer(accepted);
    start();
    await becomes(delivery, 'accepted');
    assert.deepEqual(numbers(), [1, 1]);
  });

  it('sends what another window queued, without being told', async () => {
    start();
    await new Promise((resolve) => setTimeout(resolve, 100)); // it has looked and found nothing
    const other = openIn(folder.path, { now, pass: () => undefined });
    const request = requestTo(envelopeTarget(dsnOf(endpoint.port)).url);
    const alert = alertFor(checkFailure(9), { request, target: targetOf(endpoint.port) });
    const delivery = new Outbox(other, { now }).enqueue(alert);
    await until('it is accepted', () => stateOf(delivery)?.kind === 'accepted', 8_000);
    other.close();
  });

  it('goes on with the others when the request of one cannot be read, or is gone', async () => {
    const [unreadable, gone, good] = [queue(1), queue(2), queue(3)];
    const file = readdirSync(folder.path).find((name) => name.endsWith('.db')) ?? assert.fail();
    const state = new DatabaseSync(path.join(folder.path, file));
    state.prepare('update requests set headers = ? where outbox_id = ?').run('{', unreadable.id);
    state.prepare('delete from requests where outbox_id = ?').run(gone.id);
    state.close();
    start();
    await becomes(good, 'accepted');
    await becomes(gone, 'failed');
    assert.match(reasonOf(gone), /request is not kept any more/);
    assert.equal(faults.length, 1);
    assert.deepEqual(numbers(), [3]);
  });

  describe('while another program holds the state’s lock for longer than a write waits for it', () => {
    let other: DatabaseSync;
    const lock = (): void => {
      const file = readdirSync(folder.path).find((name) => name.endsWith('.db')) ?? assert.fail();
      other = new DatabaseSync(path.join(folder.path, file));
      other.exec('begin immediate');
    };
    // A write that waits for the lock holds the endpoint up too, which runs in this process.
    beforeEach(() => {
      client.close();
      client = new HttpClient(DIRECT);
    });
    afterEach(() => other.close());

    it('keeps receipts and writes them when it ends: nothing is sent twice, nothing more begins meanwhile', async () => {
      // The first receipt is written, or not, while other answers are still to come.
      endpoint.answer((socket, request) =>
        setTimeout(() => accepted(socket, request), 90 + 10 * endpoint.received.length),
      );
      const rows = Array.from({ length: 20 }, (_, n) => queue(n));
      start();
      await until('sixteen are under way', () => endpoint.received.length === 16);
      lock();
      await until('it is told', () => faults.length > 0, 5_000);
      assert.match(String(faults[0]), /is locked by another program/);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(endpoint.received.length, 16);
      assert.equal(rows.filter((row) => stateOf(row)?.kind === 'sending').length, 16);
      other.exec('rollback');
      for (const row of rows) await becomes(row, 'accepted');
      assert.deepEqual(
        numbers().sort((a, b) => a - b),
        rows.map((_, n) => n),
      );
      assert.equal(faults.length, 1, 'told once');
      assert.ok(rows.every((row) => outbox.get(row.id)?.tries === 1));
    });

    it('obeys a rate limit that it could not write down yet', async () => {
      endpoint.answer((socket, request) => {
        lock();
        reply(429, { 'Retry-After': '60' })(socket, request);
      }, accepted);
      const first = queue(1);
      const sending = start();
      await until('it is told', () => faults.length > 0, 5_000);
      other.exec('rollback');
      await until('it waits', () => waitOf(first) > 50_000, 8_000);
      sending.wake();
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(numbers(), [1]);
    });

    it('stops all the same, and says what was not written', async () => {
      endpoint.answer((socket, request) => {
        lock();
        accepted(socket, request);
      });
      const first = queue(1);
      const sending = start();
      await until('it is told', () => faults.length > 0, 5_000);
      await sending.stop(100);
      assert.match(String(faults.at(-1)), /could not be written before the end/);
      other.exec('rollback');
      assert.equal(stateOf(first)?.kind, 'sending');
    });
  });

  it('begins nothing more once a target has asked for a pause, however the answers come', async () => {
    const limited = reply(429, { 'Retry-After': '60' });
    let asked = 0;
    endpoint.answer((socket, request) => {
      asked += 1;
      setTimeout(() => limited(socket, request), asked < PARALLEL ? 20 : 100);
    });
    const rows = Array.from({ length: 100 }, (_, n) => queue(n + 1));
    start();
    await until('all wait', () => rows.every((row) => waitOf(row) > 50_000), 5_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(endpoint.received.length, PARALLEL);
  });

  it('tells a fault of the state and goes on', async () => {
    let broken = true;
    const flaky = new Proxy(sendQueue, {
      get: (target, name) => {
        if (name === 'settle' && broken) {
          return () => {
            broken = false;
            throw new Error('disk full');
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const first = queue(1);
    const sending = start({ queue: flaky });
    await until('the fault is told', () => faults.length > 0);
    assert.equal(String(faults[0]), 'Error: disk full');
    skew += 46_000; // the claim ends, as it does after a crash
    sending.wake();
    await becomes(first, 'accepted');
    assert.deepEqual(numbers(), [1, 1]);
  });

  it('sends again, with the same event id, what a killed process had sent without a receipt', async () => {
    const child = (): Promise<NodeJS.Signals | number | null> => {
      const script = path.join(import.meta.dirname, 'senderProcess.ts');
      const spawned = spawn(process.execPath, [script, folder.path, String(endpoint.port), KEY], { stdio: 'inherit' });
      // The endpoint has the request and has not answered: the moment between sending and receipt.
      endpoint.answer(() => spawned.kill('SIGKILL'), accepted);
      return new Promise((resolve) => spawned.on('exit', (code, signal) => resolve(signal ?? code)));
    };
    const delivery = queue(1);
    assert.equal(await child(), 'SIGKILL');
    assert.equal(stateOf(delivery)?.kind, 'sending');
    assert.equal(endpoint.received.length, 1);
    start();
    await becomes(delivery, 'accepted'); // the killed process is known to be gone at once
    assert.equal(endpoint.received.length, 2);
    assert.deepEqual(endpoint.received[0]?.body, endpoint.received[1]?.body);
    assert.deepEqual(
      outbox.tries(delivery.id).map(({ outcome }) => outcome),
      ['unknown', 'accepted'],
    );
  });
});
