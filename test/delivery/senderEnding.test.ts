import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { accepted, hang, reply, until } from './endpoint.ts';
import { DIRECT, KEY, Sending } from './sending.ts';

describe('a sender that is stopped, killed or kept from writing', function () {
  this.timeout(15_000);
  let s: Sending;
  beforeEach(async () => {
    s = await Sending.open();
  });
  afterEach(() => s.close());

  it('finishes what is under way on stop, and begins nothing more', async () => {
    s.endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 200));
    const rows = Array.from({ length: 18 }, (_, n) => s.queue(n));
    const sending = s.start();
    await until('sixteen are under way', () => s.endpoint.received.length === 16);
    await sending.stop(2_000);
    assert.deepEqual(
      rows.map((row) => s.stateOf(row)?.kind),
      [...Array(16).fill('accepted'), 'waiting', 'waiting'],
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(s.endpoint.received.length, 16);
  });

  it('breaks off on stop what takes too long; the row is due again at once', async () => {
    s.endpoint.answer(hang);
    const delivery = s.queue(1);
    const sending = s.start();
    await until('it is under way', () => s.endpoint.received.length === 1);
    const began = performance.now();
    await sending.stop(50);
    assert.ok(performance.now() - began < 400);
    assert.match(JSON.stringify(s.stateOf(delivery)), /"kind":"waiting","until":null,"reason":"Firedrill stopped/);
    s.endpoint.answer(accepted);
    s.start();
    await s.becomes(delivery, 'accepted');
    assert.deepEqual(s.numbers(), [1, 1]);
  });

  describe('while another program holds the state’s lock for longer than a write waits for it', () => {
    let other: DatabaseSync;
    const lock = (): void => {
      other = s.openState();
      other.exec('begin immediate');
    };
    // A write that waits for the lock holds the s.endpoint up too, which runs in this process.
    beforeEach(() => {
      s.client.close();
      s.client = new HttpClient(DIRECT);
    });
    afterEach(() => other.close());

    it('keeps receipts and writes them when it ends: nothing is sent twice, nothing more begins meanwhile', async () => {
      // The first receipt is written, or not, while other answers are still to come.
      s.endpoint.answer((socket, request) =>
        setTimeout(() => accepted(socket, request), 90 + 10 * s.endpoint.received.length),
      );
      const rows = Array.from({ length: 20 }, (_, n) => s.queue(n));
      s.start();
      await until('sixteen are under way', () => s.endpoint.received.length === 16);
      lock();
      await until('it is told', () => s.faults.length > 0, 5_000);
      assert.match(String(s.faults[0]), /is locked by another program/);
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(s.endpoint.received.length, 16);
      assert.equal(rows.filter((row) => s.stateOf(row)?.kind === 'sending').length, 16);
      other.exec('rollback');
      for (const row of rows) await s.becomes(row, 'accepted');
      assert.deepEqual(
        s.numbers().sort((a, b) => a - b),
        rows.map((_, n) => n),
      );
      assert.equal(s.faults.length, 1, 'told once');
      assert.ok(rows.every((row) => s.outbox.get(row.id)?.tries === 1));
    });

    it('obeys a rate limit that it could not write down yet', async () => {
      s.endpoint.answer((socket, request) => {
        lock();
        reply(429, { 'Retry-After': '60' })(socket, request);
      }, accepted);
      const first = s.queue(1);
      const sending = s.start();
      await until('it is told', () => s.faults.length > 0, 5_000);
      other.exec('rollback');
      await until('it waits', () => s.waitOf(first) > 50_000, 8_000);
      sending.wake();
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.deepEqual(s.numbers(), [1]);
    });

    it('stops all the same, and says what was not written', async () => {
      s.endpoint.answer((socket, request) => {
        lock();
        accepted(socket, request);
      });
      const first = s.queue(1);
      const sending = s.start();
      await until('it is told', () => s.faults.length > 0, 5_000);
      await sending.stop(100);
      assert.match(String(s.faults.at(-1)), /could not be written before the end/);
      other.exec('rollback');
      assert.equal(s.stateOf(first)?.kind, 'sending');
    });
  });

  it('tells a fault of the state and goes on', async () => {
    let broken = true;
    const flaky = new Proxy(s.sendQueue, {
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
    const first = s.queue(1);
    const sending = s.start({ queue: flaky });
    await until('the fault is told', () => s.faults.length > 0);
    assert.equal(String(s.faults[0]), 'Error: disk full');
    s.skew += 46_000; // the claim ends, as it does after a crash
    sending.wake();
    await s.becomes(first, 'accepted');
    assert.deepEqual(s.numbers(), [1, 1]);
  });

  it('sends again, with the same event id, what a killed process had sent without a receipt', async () => {
    const child = (): Promise<NodeJS.Signals | number | null> => {
      const script = path.join(import.meta.dirname, 'senderProcess.ts');
      const spawned = spawn(process.execPath, [script, s.folder.path, String(s.endpoint.port), KEY], {
        stdio: 'inherit',
      });
      // The endpoint has the request and has not answered: the moment between sending and receipt.
      s.endpoint.answer(() => spawned.kill('SIGKILL'), accepted);
      return new Promise((resolve) => spawned.on('exit', (code, signal) => resolve(signal ?? code)));
    };
    const delivery = s.queue(1);
    assert.equal(await child(), 'SIGKILL');
    assert.equal(s.stateOf(delivery)?.kind, 'sending');
    assert.equal(s.endpoint.received.length, 1);
    s.start();
    await s.becomes(delivery, 'accepted'); // the killed process is known to be gone at once
    assert.equal(s.endpoint.received.length, 2);
    assert.deepEqual(s.endpoint.received[0]?.body, s.endpoint.received[1]?.body);
    assert.deepEqual(
      s.outbox.tries(delivery.id).map(({ outcome }) => outcome),
      ['unknown', 'accepted'],
    );
  });
});
