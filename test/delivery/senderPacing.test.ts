import assert from 'node:assert/strict';
import { PARALLEL } from '../../src/delivery/lane.ts';
import { accepted, type Behaviour, hang, reply, reset, until } from './endpoint.ts';
import { Sending } from './sending.ts';

describe('the pace of the sender', function () {
  this.timeout(15_000);
  let s: Sending;
  beforeEach(async () => {
    s = await Sending.open();
  });
  afterEach(() => s.close());

  it('obeys a rate limit for all rows of that DSN, and sends on to others meanwhile', async () => {
    const other = await s.openOne();
    s.endpoint.answer(
      reply(429, { 'x-sentry-rate-limits': '60:error:organization', 'retry-after': '1' }, '{"detail":"quota"}'),
      accepted,
    );
    const limited = s.queue(1);
    const sending = s.start();
    await until('the limit is recorded', () => s.reasonOf(limited).includes('429'));
    const second = s.queue(2);
    const elsewhere = s.queue(3, other.port);
    sending.wake();
    await s.becomes(elsewhere, 'accepted');
    for (const each of [limited, second]) {
      const wait = s.waitOf(each);
      assert.ok(wait > 55_000 && wait <= 60_000, `${wait} ms`);
    }
    assert.match(s.reasonOf(second), /Rate limited/);
    assert.equal(s.endpoint.received.length, 1);

    s.skew += 61_000;
    sending.wake();
    await s.becomes(limited, 'accepted');
    await s.becomes(second, 'accepted');
    assert.deepEqual(s.numbers().sort(), [1, 1, 2]);
  });

  it('obeys a pause that comes with an acceptance', async () => {
    s.endpoint.answer(reply(200, { 'x-sentry-rate-limits': '30::organization' }, '{"id":"1"}'));
    const first = s.queue(1);
    const sending = s.start();
    await s.becomes(first, 'accepted');
    const second = s.queue(2);
    sending.wake();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(s.endpoint.received.length, 1);
    assert.match(s.reasonOf(second), /asked for a pause/);
  });

  it('lets no row block another: of many, the refused one alone fails', async () => {
    s.endpoint.answer((socket, request) => (request.body.includes('"n":5}') ? reply(400) : accepted)(socket, request));
    const rows = Array.from({ length: 20 }, (_, n) => s.queue(n));
    s.start();
    await until('all are settled', () =>
      rows.every((row) => ['accepted', 'failed'].includes(s.stateOf(row)?.kind ?? '')),
    );
    assert.deepEqual(
      rows.filter((row) => s.stateOf(row)?.kind === 'failed').map(({ id }) => id),
      [rows[5]?.id],
    );
    assert.deepEqual(
      s.numbers().sort((a, b) => a - b),
      Array.from({ length: 20 }, (_, n) => n),
    );
  });

  it('sends several at once to one target, but no more than sixteen', async () => {
    let most = 0;
    let open = 0;
    s.endpoint.answer((socket, request) => {
      open += 1;
      most = Math.max(most, open);
      setTimeout(() => {
        open -= 1;
        accepted(socket, request);
      }, 30);
    });
    const rows = Array.from({ length: 48 }, (_, n) => s.queue(n));
    s.start();
    await until('all are accepted', () => rows.every((row) => s.stateOf(row)?.kind === 'accepted'));
    assert.equal(most, 16);
  });

  it('does not let a target that hangs delay another', async () => {
    s.endpoint.answer(hang);
    const other = await s.openOne();
    for (let n = 0; n < 10; n += 1) s.queue(n);
    const quick = s.queue(50, other.port);
    const began = performance.now();
    s.start();
    await s.becomes(quick, 'accepted');
    assert.ok(performance.now() - began < 400);
  });

  it('tries a target that fails with one request at a time and growing pauses, then sends at full width', async () => {
    s.endpoint.answer(reply(500, {}, 'down'));
    const rows = Array.from({ length: 40 }, (_, n) => s.queue(n));
    const sending = s.start();
    const pause = (): number => Math.max(...rows.map((row) => s.waitOf(row)));
    await until('it is paused', () => rows.every((row) => s.reasonOf(row).includes('500')));
    // Sixteen were under way when the first failed, one more tried whether that was the row's fault.
    assert.equal(s.endpoint.received.length, 17);
    const pauses: number[] = [];
    for (const tries of [18, 19, 20]) {
      pauses.push(pause());
      s.skew += pause() + 1;
      sending.wake();
      await until(`try ${tries}`, () => s.endpoint.received.length === tries && pause() > 0);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal(s.endpoint.received.length, tries);
    }
    pauses.push(pause());
    assert.deepEqual(
      pauses.map((ms) => Math.round(ms / 1000)),
      [1, 2, 4, 8],
    );
    s.endpoint.answer(accepted);
    s.skew += 60_000;
    sending.wake();
    await until('all are accepted', () => rows.every((row) => s.stateOf(row)?.kind === 'accepted'));
  });

  it('goes on at once with the others when one row alone gets no answer', async () => {
    s.endpoint.answer((socket, request) => (request.body.includes('"n":0}') ? reset : accepted)(socket, request));
    const rows = Array.from({ length: 60 }, (_, n) => s.queue(n));
    const began = performance.now();
    s.start();
    await until('the others are accepted', () => rows.slice(1).every((row) => s.stateOf(row)?.kind === 'accepted'));
    assert.ok(performance.now() - began < 900);
    assert.match(s.reasonOf(rows[0] ?? assert.fail()), /closed the connection/);
  });

  it('tries a target in a pause at once when a person sends or tries again, and when the proxy is another', async () => {
    s.endpoint.answer(reply(500));
    const rows = Array.from({ length: 17 }, (_, n) => s.queue(n));
    const sending = s.start();
    await until('it is paused', () => rows.every((row) => s.reasonOf(row).includes('500')));
    const acts = [
      () => void s.outbox.retry((rows[0] ?? assert.fail()).id),
      () => void s.queue(99),
      () => s.sendQueue.endPauses(),
    ];
    for (const [n, act] of acts.entries()) {
      s.skew += 900; // longer than a row's pause, shorter than the target's
      act();
      sending.wake();
      await until(`try ${18 + n}`, () => s.endpoint.received.length === 18 + n);
    }
  });

  it('sends what a person sent before what was found by itself, also when that was claimed already', async () => {
    s.endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 20));
    for (let n = 0; n < 300; n += 1) s.queue(n, s.endpoint.port, { sentBy: 'automatic' });
    const sending = s.start();
    await until('it is under way', () => s.endpoint.received.length >= 100);
    const mine = s.queue(999);
    const before = s.endpoint.received.length;
    sending.wake();
    await s.becomes(mine, 'accepted');
    const behind = s.numbers().indexOf(999) - before;
    assert.ok(behind < 220, `${behind} others went first`);
  });

  it('gives back at once what it claimed for a target that begins to hang', async () => {
    s.endpoint.answer(...Array<Behaviour>(100).fill(accepted), hang);
    for (let n = 0; n < 400; n += 1) s.queue(n, s.endpoint.port, { sentBy: 'automatic' });
    s.start();
    await until('all but those under way wait', () => {
      const states = s.outbox.page(null, 500, null).rows.map(({ state }) => state.kind);
      return states.filter((kind) => kind === 'waiting').length >= 280;
    });
    const waiting = s.outbox
      .page(null, 500, null)
      .rows.filter(({ state }) => state.kind === 'waiting' && state.reason === null);
    assert.ok(waiting.every(({ tries }) => tries === 0));
  });

  it('goes on with other targets while the key of one is not answered or its search fails', async () => {
    const [slow, broken] = [await s.openOne(), await s.openOne()];
    s.resolveKey = (target) => {
      if (target.kind === 'sentry' && target.host.endsWith(String(slow.port))) return new Promise(() => undefined);
      if (target.kind === 'sentry' && target.host.endsWith(String(broken.port)))
        return Promise.reject(new Error('no secrets'));
      return Promise.resolve(s.resolved(target));
    };
    s.queue(1, slow.port);
    s.queue(2, broken.port);
    const delivery = s.queue(3);
    const sending = s.start();
    await s.becomes(delivery, 'accepted');
    assert.deepEqual(s.faults.map(String), ['Error: no secrets']);
    const began = performance.now();
    await sending.stop();
    assert.ok(performance.now() - began < 1_000);
  });

  it('begins nothing more once a target has asked for a pause, however the answers come', async () => {
    const limited = reply(429, { 'Retry-After': '60' });
    let asked = 0;
    s.endpoint.answer((socket, request) => {
      asked += 1;
      setTimeout(() => limited(socket, request), asked < PARALLEL ? 20 : 100);
    });
    const rows = Array.from({ length: 100 }, (_, n) => s.queue(n + 1));
    s.start();
    await until('all wait', () => rows.every((row) => s.waitOf(row) > 50_000), 5_000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(s.endpoint.received.length, PARALLEL);
  });
});
