import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import { envelopeTarget } from '../../src/channels/sentry/envelope.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { freePort } from '../freePort.ts';
import { alertFor, checkFailure, found, openIn, requestTo } from '../store/samples.ts';
import { accepted, canonicalOf, reply, reset, until } from './endpoint.ts';
import { dsnOf, KEY, Sending, targetOf } from './sending.ts';

describe('sender', function () {
  this.timeout(15_000);
  let s: Sending;
  beforeEach(async () => {
    s = await Sending.open();
  });
  afterEach(() => s.close());

  it('delivers: the recorded hash is that of the bytes on the socket, the key is only there', async () => {
    s.store.failures.add([found(checkFailure(1))]);
    const delivery = s.queue(1);
    s.start();
    await s.becomes(delivery, 'accepted');
    const [captured] = s.endpoint.received;
    assert.equal(captured && canonicalHash(canonicalOf(captured)), delivery.sha256);
    assert.match(
      captured?.headers.find(([name]) => name === 'x-sentry-auth')?.[1] ?? '',
      new RegExp(`sentry_key=${KEY}$`),
    );
    assert.equal(s.store.failures.find(checkFailure(1).id)?.status, 'sent');
    assert.deepEqual(
      s.changes.map(({ state }) => state.kind),
      ['sending', 'accepted'],
    );
    assert.deepEqual(
      s.outbox.tries(delivery.id).map(({ outcome, status }) => [outcome, status]),
      [['accepted', 200]],
    );
    assert.deepEqual(s.faults, []);
  });

  it('tries again after a 500, with the same bytes', async () => {
    s.endpoint.answer(reply(500, {}, 'oops'), accepted);
    const delivery = s.queue(1);
    s.start();
    await until('the first try failed', () => s.reasonOf(delivery).includes('500'));
    const state = s.stateOf(delivery);
    assert.ok(state?.kind === 'waiting' && state.until !== null && state.until - s.now() <= 1_000);
    await s.becomes(delivery, 'accepted');
    const hashes = s.endpoint.received.map((captured) => canonicalHash(canonicalOf(captured)));
    assert.deepEqual(hashes, [delivery.sha256, delivery.sha256]);
    assert.equal(s.outbox.get(delivery.id)?.tries, 2);
  });

  it('takes a slow answer', async () => {
    s.endpoint.answer((socket, request) => setTimeout(() => accepted(socket, request), 300));
    const delivery = s.queue(1);
    s.start();
    await s.becomes(delivery, 'accepted');
    const state = s.stateOf(delivery);
    assert.ok(state?.kind === 'accepted' && state.durationMs >= 295, JSON.stringify(state));
  });

  it('leaves rows alone whose DSN is not at hand, says why, and sends them when it is', async () => {
    s.resolveKey = async () => ({ outcome: 'unavailable', reason: 'This window has no DSN for it.' });
    const delivery = s.queue(1);
    const sending = s.start();
    await until('the reason is shown', () => s.reasonOf(delivery) === 'This window has no DSN for it.');
    assert.deepEqual([s.stateOf(delivery)?.kind, s.outbox.get(delivery.id)?.tries], ['waiting', 0]);
    assert.equal(s.changes.at(-1)?.id, delivery.id);
    s.resolveKey = async (target) => s.resolved(target);
    sending.wake();
    await s.becomes(delivery, 'accepted');
  });

  it('refuses to send a request that was made for another project than the DSN names', async () => {
    const other = await s.openOne();
    const delivery = s.queue(1, s.endpoint.port, { target: targetOf(other.port) });
    s.start();
    await s.becomes(delivery, 'failed');
    assert.match(s.reasonOf(delivery), /made for another Sentry project/);
    assert.equal(s.endpoint.received.length + other.received.length, 0);
  });

  it("leaves another window's inbox its rows, and takes them over when it does not take them", async () => {
    const theirs = await freePort();
    const delivery = s.queue(1, theirs, { target: { kind: 'inbox' } });
    const sending = s.start();
    await until('the reason is shown', () => /inbox of another window/.test(s.reasonOf(delivery)));
    assert.equal(s.outbox.get(delivery.id)?.tries, 0);
    s.skew += 31_000;
    sending.wake();
    await s.becomes(delivery, 'accepted');
    const [captured] = s.endpoint.received;
    assert.equal(captured && canonicalHash(canonicalOf(captured)), s.outbox.get(delivery.id)?.sha256);
    assert.notEqual(s.outbox.get(delivery.id)?.sha256, delivery.sha256);
  });

  it('writes the key into no file of the state, even when the endpoint repeats it', async () => {
    s.endpoint.answer(
      reply(401, { 'x-sentry-error': `no such key ${KEY}` }, `{"detail":"bad key ${KEY}"}`),
      reply(302, { location: `https://elsewhere.example/?sentry_key=${KEY}` }),
      reset,
      accepted,
    );
    const delivery = s.queue(1);
    const sending = s.start();
    await s.becomes(delivery, 'failed');
    assert.match(s.reasonOf(delivery), /no such key •+; bad key •+/);
    s.outbox.retry(delivery.id);
    sending.wake();
    await until('it was sent elsewhere', () => /elsewhere/.test(s.reasonOf(delivery)));
    s.outbox.retry(delivery.id);
    sending.wake();
    await until('the connection was reset', () => /closed/.test(s.reasonOf(delivery)));
    s.outbox.retry(delivery.id);
    sending.wake();
    await s.becomes(delivery, 'accepted');
    for (const name of readdirSync(s.folder.path)) {
      assert.equal(readFileSync(path.join(s.folder.path, name)).includes(KEY), false, name);
    }
    assert.equal(JSON.stringify(s.changes).includes(KEY), false);
  });

  it('sends what another window queued, without being told', async () => {
    s.start();
    await new Promise((resolve) => setTimeout(resolve, 100)); // it has looked and found nothing
    const other = openIn(s.folder.path, { now: s.now, pass: () => undefined });
    const request = requestTo(envelopeTarget(dsnOf(s.endpoint.port)).url);
    const alert = alertFor(checkFailure(9), { request, target: targetOf(s.endpoint.port) });
    const delivery = new Outbox(other, { now: s.now }).enqueue(alert);
    await until('it is accepted', () => s.stateOf(delivery)?.kind === 'accepted', 8_000);
    other.close();
  });

  it('goes on with the others when the request of one cannot be read, or is gone', async () => {
    const [unreadable, gone, good] = [s.queue(1), s.queue(2), s.queue(3)];
    const state = s.openState();
    state.prepare('update requests set headers = ? where outbox_id = ?').run('{', unreadable.id);
    state.prepare('delete from requests where outbox_id = ?').run(gone.id);
    state.close();
    s.start();
    await s.becomes(good, 'accepted');
    await s.becomes(gone, 'failed');
    assert.match(s.reasonOf(gone), /request is not kept any more/);
    assert.equal(s.faults.length, 1);
    assert.deepEqual(s.numbers(), [3]);
  });
});
