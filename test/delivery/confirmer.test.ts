import assert from 'node:assert/strict';
import type { Seen } from '../../src/channels/sentry/apiAnswer.ts';
import { Confirmer, type ConfirmerPorts } from '../../src/delivery/confirmer.ts';
import type { Confirmation, Delivery, DeliveryId } from '../../src/delivery/delivery.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, openIn, tempFolder } from '../store/samples.ts';
import { until } from './endpoint.ts';

describe('asking Sentry whether it has what it accepted', function () {
  this.timeout(15_000);
  let folder: ReturnType<typeof tempFolder>;
  let store: StateStore;
  let outbox: Outbox;
  let skew: number;
  let confirmer: Confirmer | null;
  let answers: Seen[];
  const asked: number[] = [];
  const told: Delivery[] = [];
  const faults: unknown[] = [];
  const now = (): number => Date.now() + skew;

  beforeEach(() => {
    folder = tempFolder();
    skew = 0;
    store = openIn(folder.path, { now, pass: () => undefined });
    outbox = new Outbox(store, { now });
    confirmer = null;
    answers = [];
    for (const list of [asked, told, faults]) list.length = 0;
  });
  afterEach(async () => {
    await confirmer?.stop();
    store.close();
    folder.remove();
    assert.deepEqual(faults, []);
  });

  function start(change: Partial<ConfirmerPorts> = {}): Confirmer {
    confirmer = new Confirmer({
      confirmations: store.confirmations,
      outbox,
      lookup: async () => ({
        find: async () => {
          asked.push(now());
          return (answers.length > 1 ? answers.shift() : answers[0]) ?? assert.fail('asked too often');
        },
        dropped: async () => '3 filtered (error-message)',
      }),
      changed: (deliveries) => told.push(...deliveries),
      fault: (error) => faults.push(error),
      now,
      random: () => 0,
      ...change,
    });
    return confirmer;
  }
  function accepted(n: number): Delivery {
    const { id } = outbox.enqueue(alertFor(checkFailure(n)));
    store.outbox.change(id, { state: 'accepted', at: now(), status: 200, durationMs: 1, mayRepeat: false });
    return outbox.get(id) ?? assert.fail();
  }
  const confirmationOf = (id: DeliveryId): Confirmation | undefined => {
    const state = outbox.get(id)?.state;
    return state?.kind === 'accepted' ? state.confirmation : undefined;
  };
  /** Goes ahead to when the next question is due, as often as something is left. */
  async function askOn(): Promise<void> {
    const before = asked.length;
    const next = store.confirmations.nextAt();
    if (next === null) return;
    skew += Math.max(0, next - now());
    await confirmer?.stop();
    start();
    await until('it is asked', () => asked.length > before && (store.confirmations.nextAt() ?? 0) !== next);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('asks with growing pauses until Sentry has it, and keeps the page of its issue', async () => {
    answers = [
      { kind: 'not-there' },
      { kind: 'later', words: 'busy' },
      { kind: 'not-there' },
      { kind: 'seen', issueUrl: 'https://sentry.io/i/1' },
    ];
    const delivery = accepted(1);
    await start().changed([delivery]);
    const first = now();
    while (store.confirmations.nextAt() !== null) await askOn();
    const confirmation = confirmationOf(delivery.id);
    assert.ok(confirmation?.kind === 'confirmed');
    assert.equal(confirmation.issueUrl, 'https://sentry.io/i/1');
    assert.equal(told.at(-1)?.id, delivery.id);
    const pauses = asked.map((at, n) => Math.round((at - (asked[n - 1] ?? first)) / 1000));
    assert.deepEqual(pauses, [2, 1, 2, 4]);
  });

  it('gives up after an hour and says what was dropped in it; the delivery stays accepted', async () => {
    answers = [{ kind: 'not-there' }];
    const delivery = accepted(1);
    await start().changed([delivery]);
    while (store.confirmations.nextAt() !== null) {
      await askOn();
      if (asked.length === 4) skew += 3_600_000;
    }
    const confirmation = confirmationOf(delivery.id);
    assert.ok(confirmation?.kind === 'unseen');
    assert.match(confirmation.words, /not seen in Sentry within an hour.*dropped.*3 filtered \(error-message\)/);
    assert.equal(outbox.get(delivery.id)?.state.kind, 'accepted');
  });

  it('asks no more when asking is pointless, and says why', async () => {
    answers = [{ kind: 'impossible', words: 'The auth token is not valid (401).' }];
    const delivery = accepted(1);
    await start().changed([delivery]);
    await askOn();
    assert.deepEqual(asked.length, 1);
    assert.match(JSON.stringify(confirmationOf(delivery.id)), /unseen.*not valid/);
    assert.equal(store.confirmations.nextAt(), null);
  });

  it('asks nothing without a token, nor about the inbox', async () => {
    const inbox = outbox.enqueue(alertFor(checkFailure(2), { target: { kind: 'inbox' } }));
    await start({ lookup: async () => null }).changed([accepted(1)]);
    await confirmer?.stop();
    await start().changed([
      { ...inbox, state: { kind: 'accepted', at: 1, status: 200, durationMs: 1, mayRepeat: false } },
    ]);
    assert.equal(store.confirmations.nextAt(), null);
  });

  it('asks about what was accepted within the hour when a token is set, also where another one was not valid', async () => {
    const early = accepted(1);
    skew += 3_600_000;
    const [unasked, refused, seen] = [accepted(2), accepted(3), accepted(4)];
    store.confirmations.end(refused.id, { kind: 'unseen', at: now(), words: 'The auth token is not valid (401).' });
    store.confirmations.end(seen.id, { kind: 'confirmed', at: now(), issueUrl: 'https://sentry.io/i/4' });
    let hasToken = false;
    answers = [{ kind: 'seen', issueUrl: null }];
    const api = { find: async () => answers[0] ?? assert.fail(), dropped: async () => null };
    const asking = start({ lookup: async () => (hasToken ? api : null) });
    await asking.tokensChanged();
    assert.equal(store.confirmations.nextAt(), null);
    assert.equal(confirmationOf(refused.id)?.kind, 'unseen');
    hasToken = true;
    await asking.tokensChanged();
    await asking.tokensChanged();
    assert.deepEqual([told.map(({ id }) => id), confirmationOf(refused.id)], [[refused.id], undefined]);
    skew += 3_000;
    await until('both are confirmed', () =>
      [unasked, refused].every(({ id }) => confirmationOf(id)?.kind === 'confirmed'),
    );
    assert.equal(confirmationOf(early.id), undefined);
    const kept = confirmationOf(seen.id);
    assert.equal(kept?.kind === 'confirmed' && kept.issueUrl, 'https://sentry.io/i/4');
  });

  it('goes on after a restart, and lets one window ask at a time', async () => {
    answers = [{ kind: 'seen', issueUrl: null }];
    const delivery = accepted(1);
    await start().changed([delivery]);
    await confirmer?.stop();
    const other = openIn(folder.path, { now, pass: () => undefined });
    skew += 3_000;
    assert.equal(other.confirmations.claim(now(), now() + 60_000)?.id, delivery.id);
    assert.equal(store.confirmations.claim(now(), now() + 60_000), null);
    other.close();
    skew += 61_000;
    start();
    await until('it is confirmed', () => confirmationOf(delivery.id)?.kind === 'confirmed');
  });
});
