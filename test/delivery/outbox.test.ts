import assert from 'node:assert/strict';
import type { TryResult } from '../../src/delivery/afterTry.ts';
import {
  type DeliveryGroup,
  type DeliveryState,
  type DeliveryTarget,
  deliveryId,
} from '../../src/delivery/delivery.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { type Claim, SendQueue } from '../../src/delivery/sendQueue.ts';
import { dsnFingerprint, type FailureId } from '../../src/failure/ids.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import {
  alertFor,
  type Clock,
  checkFailure,
  clockAt,
  found,
  openIn,
  runFailure,
  SENTRY,
  START,
  tempFolder,
} from '../store/samples.ts';

const SENTRY_KEY = 'f'.repeat(64);
const OTHER: DeliveryTarget = {
  kind: 'sentry',
  dsn: dsnFingerprint('e'.repeat(64)),
  host: 'o1.ingest.sentry.io',
  project: '42',
};
const HOUR = 3_600_000;

const answered = (
  status: number,
  kind: 'accepted' | 'later' | 'refused',
  notBefore: number | null = null,
): TryResult => ({
  kind: 'answered',
  status,
  verdict:
    kind === 'accepted' ? { kind } : kind === 'later' ? { kind, reason: 'busy', notBefore } : { kind, reason: 'no' },
});

describe('outbox', () => {
  let folder: ReturnType<typeof tempFolder>;
  let clock: Clock;
  let store: StateStore;
  let outbox: Outbox;
  let queue: SendQueue;
  beforeEach(() => {
    folder = tempFolder();
    clock = clockAt();
    store = openIn(folder.path, clock);
    outbox = new Outbox(store, { now: clock.now });
    queue = new SendQueue(store, { now: clock.now });
  });
  afterEach(() => {
    store.close();
    folder.remove();
  });

  const claimAll = (target = SENTRY_KEY): Claim[] => queue.claim(target, 100);
  const claimOne = (target = SENTRY_KEY): Claim => {
    const [claim] = claimAll(target);
    return claim ?? assert.fail('nothing to claim');
  };
  const settle = (claim: Claim, result: TryResult, durationMs = 20): DeliveryState | undefined => {
    const timing = { at: clock.now(), durationMs, now: clock.now(), random: 0 };
    return queue.settle([{ claim, result, timing }]).deliveries[0]?.state;
  };

  it('keeps an alert byte by byte until it is sent, over a restart', () => {
    const body = Uint8Array.from({ length: 512 }, (_, i) => i % 256);
    const alert = alertFor(checkFailure(1));
    const request = { ...alert.request, body };
    const delivery = outbox.enqueue({ ...alert, request });
    assert.deepEqual(delivery, {
      id: 1,
      failureId: 'check-1',
      failureKind: 'check',
      severity: 'WARN',
      title: 'Dagster failure check-1',
      partition: checkFailure(1).partition,
      eventId: alert.eventId,
      target: SENTRY,
      sentBy: 'hand',
      queuedAt: START,
      tries: 0,
      state: { kind: 'waiting', until: null, reason: null },
      sha256: alert.sha256,
    });
    store.close();
    store = openIn(folder.path, clock);
    outbox = new Outbox(store, { now: clock.now });
    queue = new SendQueue(store, { now: clock.now });
    assert.deepEqual(outbox.page(null, 9, null).rows, [delivery]);
    assert.deepEqual(queue.requestOf(claimOne()), request);
  });

  it('leaves a failure pending that was only shown to the inbox while it has a DSN', () => {
    store.failures.add([found(checkFailure(1))]);
    const status = () => store.failures.find(checkFailure(1).id)?.status;
    outbox.enqueue(alertFor(checkFailure(1), { closes: false }));
    settle(claimOne(queue.waitingTargets()[0]?.key), answered(200, 'accepted'));
    assert.equal(status(), 'pending');
    outbox.enqueue(alertFor(checkFailure(1)));
    settle(claimOne(), answered(200, 'accepted'));
    assert.equal(status(), 'sent');
  });

  it('queues an event once for a target, and for another target beside it', () => {
    const first = outbox.enqueue(alertFor(checkFailure(1)));
    assert.deepEqual(outbox.enqueue(alertFor(checkFailure(1))), first);
    const inbox = outbox.enqueue(alertFor(checkFailure(1), { target: { kind: 'inbox' } }));
    assert.deepEqual(
      outbox.ofFailure(checkFailure(1).id).map(({ id, target }) => [id, target.kind]),
      [
        [inbox.id, 'inbox'],
        [first.id, 'sentry'],
      ],
    );
  });

  it('gives each row to one sender only', () => {
    for (const n of [1, 2, 3]) outbox.enqueue(alertFor(checkFailure(n)));
    const other = openIn(folder.path, clock);
    const theirs = new SendQueue(other, { now: clock.now }).claim(SENTRY_KEY, 2);
    const mine = claimAll();
    assert.deepEqual([theirs.map(({ row }) => row.id), mine.map(({ row }) => row.id)], [[1, 2], [3]]);
    assert.deepEqual(claimAll(), []);
    other.close();
  });

  it('lets what a person sent go before what was sent by itself', () => {
    outbox.enqueue(alertFor(checkFailure(1), { sentBy: 'automatic' }));
    outbox.enqueue(alertFor(checkFailure(2), { sentBy: 'automatic' }));
    outbox.enqueue(alertFor(runFailure(3), { sentBy: 'hand' }));
    outbox.enqueue(alertFor(checkFailure(4), { sentBy: 'test' }));
    assert.deepEqual(
      claimAll().map(({ row }) => row.failureId),
      ['run-3', 'check-4', 'check-1', 'check-2'],
    );
  });

  it('records an acceptance and marks the failure as sent', () => {
    store.failures.add([found(checkFailure(1))]);
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    const state = settle(claimOne(), answered(200, 'accepted'), 84.5);
    assert.deepEqual(state, { kind: 'accepted', at: START, status: 200, durationMs: 84.5, mayRepeat: false });
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'sent');
    assert.deepEqual(outbox.tries(id), [{ at: START, durationMs: 84.5, outcome: 'accepted', status: 200, words: '' }]);
    assert.throws(() => outbox.retry(id), /has arrived already/);
    assert.throws(() => outbox.cancel(id), /cannot be taken back/);
  });

  it('waits with growing pauses, not before the endpoint allows, and counts its tries', () => {
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    assert.deepEqual(settle(claimOne(), answered(503, 'later')), {
      kind: 'waiting',
      until: START + 1_000,
      reason: 'busy',
    });
    assert.deepEqual(claimAll(), []);
    clock.pass(1_000);
    assert.deepEqual(settle(claimOne(), answered(503, 'later')), {
      kind: 'waiting',
      until: START + 3_000,
      reason: 'busy',
    });
    clock.pass(2_000);
    const state = settle(claimOne(), answered(503, 'later', START + 90_000));
    assert.deepEqual(state, { kind: 'waiting', until: START + 90_000, reason: 'busy' });
    assert.equal(outbox.get(id)?.tries, 3);
    assert.deepEqual(
      outbox.tries(id).map(({ outcome, status }) => [outcome, status]),
      Array(3).fill(['later', 503]),
    );
  });

  it('keeps what was refused with the words of the endpoint, and tries it again on demand', () => {
    store.failures.add([found(checkFailure(1))]);
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    assert.deepEqual(settle(claimOne(), answered(401, 'refused')), {
      kind: 'failed',
      at: START,
      status: 401,
      reason: 'no',
    });
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'pending');
    clock.pass(HOUR);
    assert.deepEqual(claimAll(), []);
    assert.deepEqual(outbox.retry(id).state, { kind: 'waiting', until: null, reason: null });
    assert.equal(claimOne().row.id, id);
  });

  it('makes a waiting row due at once on demand, but not against a rate limit', () => {
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    settle(claimOne(), answered(503, 'later'));
    outbox.retry(id);
    settle(claimOne(), answered(429, 'later', START + 60_000));
    queue.hold(SENTRY_KEY, START + 60_000, 'Limited.');
    assert.deepEqual(outbox.retry(id).state, { kind: 'waiting', until: START + 60_000, reason: 'Limited.' });
    assert.equal(queue.waitingTargets()[0]?.dueAt, START + 60_000);
  });

  it('lists by group, a page at a time, and counts each', () => {
    for (let n = 1; n <= 5; n++) outbox.enqueue(alertFor(checkFailure(n)));
    const [sent, refused, taken] = queue.claim(SENTRY_KEY, 3);
    assert.ok(sent && refused && taken);
    settle(sent, answered(200, 'accepted'));
    settle(refused, answered(400, 'refused'));
    const page = (group: DeliveryGroup, limit = 9, before: number | null = null) => {
      const { rows, total } = outbox.page(group, limit, before === null ? null : deliveryId(before));
      return [rows.map(({ id }) => Number(id)), total];
    };
    assert.deepEqual(page('waiting'), [[5, 4, 3], 3], 'what is being sent waits too');
    assert.deepEqual(page('waiting', 2), [[5, 4], 3]);
    assert.deepEqual(page('waiting', 2, 4), [[3], 3]);
    assert.deepEqual(
      [page('accepted'), page('failed')],
      [
        [[1], 1],
        [[2], 1],
      ],
    );
    assert.deepEqual(store.outbox.counts(), { waiting: 3, failed: 1, accepted: 1 });
  });

  it('holds all rows of one target and none of another, never shorter than before', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    outbox.enqueue(alertFor(checkFailure(2)));
    outbox.enqueue(alertFor(checkFailure(3), { target: OTHER }));
    queue.hold(SENTRY_KEY, START + 60_000, 'Limited.');
    queue.hold(SENTRY_KEY, START + 5_000, 'Shorter.');
    assert.deepEqual(
      outbox.page(null, 9, null).rows.map(({ state }) => state),
      [
        { kind: 'waiting', until: null, reason: null },
        { kind: 'waiting', until: START + 60_000, reason: 'Limited.' },
        { kind: 'waiting', until: START + 60_000, reason: 'Limited.' },
      ],
    );
    assert.deepEqual(
      new Map(queue.waitingTargets().map(({ key, dueAt }) => [key, dueAt])),
      new Map([
        [SENTRY_KEY, START + 60_000],
        [OTHER.dsn, 0],
      ]),
    );
  });

  it('gives back a row whose sender never reported, with the same event id', () => {
    const { id, eventId } = outbox.enqueue(alertFor(checkFailure(1)));
    claimOne();
    assert.equal(queue.nextClaimEnd(), START + 45_000);
    for (let second = 1; second <= 44; second += 1) {
      clock.pass(1_000);
      store.presence.beat();
    }
    assert.deepEqual(queue.releaseLost(), []);
    clock.pass(1_000);
    const [released] = queue.releaseLost();
    assert.equal(released?.state.kind, 'waiting');
    assert.match(JSON.stringify(released?.state), /ended before the answer came/);
    assert.deepEqual(
      outbox.tries(id).map(({ outcome }) => outcome),
      ['unknown'],
    );
    assert.equal(claimOne().row.eventId, eventId);
  });

  it('gives back the rows of a window that is gone as soon as it is silent for three seconds', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    outbox.enqueue(alertFor(checkFailure(2)));
    const killed = openIn(folder.path, clock);
    const [theirs] = new SendQueue(killed, { now: clock.now }).claim(SENTRY_KEY, 1);
    const mine = claimOne();
    for (let second = 1; second <= 3; second += 1) {
      clock.pass(1_000);
      store.presence.beat();
    }
    assert.deepEqual(queue.releaseLost(), []);
    clock.pass(1);
    assert.deepEqual(
      queue.releaseLost().map(({ id }) => id),
      [theirs?.row.id],
    );
    assert.equal(queue.holds(mine), true);
    assert.equal(claimOne().row.id, theirs?.row.id);
    killed.close();
  });

  it('does not send on a claim under which it was stopped, and counts one that had arrived once', () => {
    store.failures.add([found(checkFailure(1))]);
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    const stopped = openIn(folder.path, clock);
    const theirs = new SendQueue(stopped, { now: clock.now });
    const [old] = theirs.claim(SENTRY_KEY, 1);
    assert.ok(old && theirs.holds(old));
    clock.pass(10_000); // both were silent for so long; this one looks first
    assert.equal(queue.releaseLost().length, 1);
    const current = claimOne();
    assert.equal(theirs.holds(old), false);
    stopped.presence.beat();
    assert.equal(theirs.holds(old), false, 'it goes on under another name');
    assert.deepEqual(theirs.releaseLost(), [], 'the row is in other hands');

    const timing = { at: clock.now() - 10_000, durationMs: 30, now: clock.now(), random: 0 };
    theirs.settle([{ claim: old, result: answered(200, 'accepted'), timing }]);
    assert.equal(outbox.get(id)?.state.kind, 'accepted');
    settle(current, answered(200, 'accepted'));
    assert.deepEqual(
      outbox.tries(id).map(({ outcome }) => outcome),
      ['accepted', 'accepted'],
      'two requests went out, and each has its receipt',
    );
    assert.equal(outbox.get(id)?.tries, 2);
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'sent');
    stopped.close();
  });

  it('gives back a row that was claimed before the clock was set back', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    claimOne();
    clock.pass(-24 * HOUR);
    assert.equal(queue.releaseLost().length, 1);
  });

  const unknowns: readonly (readonly [string, (claim: Claim) => void])[] = [
    ['whose sender died', () => clock.pass(45_000)],
    ['that got no answer', (claim) => settle(claim, { kind: 'no-answer', words: 'reset', mayHaveArrived: true })],
    ['that was broken off by a stop', (claim) => settle(claim, { kind: 'stopped', mayHaveArrived: true })],
  ];
  for (const [what, end] of unknowns) {
    it(`says that a row ${what} may repeat, when it is accepted after more than an hour`, () => {
      for (const [pause, expected] of [
        [HOUR / 2, false],
        [HOUR + 60_000, true],
      ] as const) {
        const failure = checkFailure(pause);
        outbox.enqueue(alertFor(failure));
        end(claimOne());
        queue.releaseLost();
        clock.pass(pause);
        const state = settle(claimOne(), answered(200, 'accepted'));
        assert.equal(state?.kind === 'accepted' && state.mayRepeat, expected);
      }
    });
  }

  it('remembers an unknown outcome over later tries that had an answer', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    settle(claimOne(), { kind: 'no-answer', words: 'reset', mayHaveArrived: true });
    clock.pass(HOUR);
    settle(claimOne(), answered(503, 'later'));
    clock.pass(HOUR);
    const state = settle(claimOne(), answered(200, 'accepted'));
    assert.equal(state?.kind === 'accepted' && state.mayRepeat, true);
  });

  it('does not call a try unknown whose request never left', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    settle(claimOne(), { kind: 'no-answer', words: 'Nobody listens', mayHaveArrived: false });
    clock.pass(2 * HOUR);
    const state = settle(claimOne(), answered(200, 'accepted'));
    assert.equal(state?.kind === 'accepted' && state.mayRepeat, false);
  });

  it('takes from a late report only the fact that it was accepted, as the last word on its own try', () => {
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    const late = claimOne();
    clock.pass(45_000);
    queue.releaseLost();
    const current = claimOne();
    assert.deepEqual(settle(late, answered(400, 'refused')), { kind: 'sending' });
    assert.equal(settle(late, answered(200, 'accepted'))?.kind, 'accepted');
    assert.equal(settle(current, answered(500, 'later'))?.kind, 'accepted');
    assert.deepEqual(
      outbox.tries(id).map(({ outcome }) => outcome),
      ['accepted', 'later'],
    );
  });

  it('cancels a waiting row and makes its failure pending again', () => {
    store.failures.add([found(checkFailure(1)), found(checkFailure(2))]);
    const first = outbox.enqueue(alertFor(checkFailure(1)));
    store.failures.setStatus([checkFailure(1).id], 'sent');
    outbox.cancel(first.id);
    assert.deepEqual(outbox.page(null, 9, null).rows, []);
    assert.equal(outbox.get(first.id), null);
    assert.deepEqual(claimAll(), []);
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'pending');
    assert.throws(() => outbox.retry(first.id), /no longer in the outbox/);
    assert.equal(outbox.enqueue(alertFor(checkFailure(1))).id, 2);
    claimOne();
    assert.throws(() => outbox.cancel(deliveryId(2)), /is being sent at this moment/);
  });

  it('removes a failed row, and takes neither a failed one for waiting nor a waiting one for failed', () => {
    store.failures.add([found(checkFailure(1))]);
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    assert.throws(() => outbox.remove(id), /waits to be sent again; cancel it/);
    settle(claimOne(), answered(403, 'refused'));
    assert.throws(() => outbox.cancel(id), /failed meanwhile/);
    assert.equal(outbox.page('failed', 9, null).total, 1, 'its receipt is kept');
    outbox.remove(id);
    assert.deepEqual(outbox.page(null, 9, null), { rows: [], total: 0 });
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'pending');
    assert.throws(() => outbox.retry(id), /no longer in the outbox/);
  });

  it('leaves a failure sent when a second delivery of it is cancelled', () => {
    store.failures.add([found(checkFailure(1))]);
    outbox.enqueue(alertFor(checkFailure(1)));
    settle(claimOne(), answered(200, 'accepted'));
    const other = outbox.enqueue(alertFor(checkFailure(1), { target: { kind: 'inbox' } }));
    outbox.cancel(other.id);
    assert.equal(store.failures.find(checkFailure(1).id)?.status, 'sent');
  });

  it('makes a dismissed failure pending again only if it has not arrived', () => {
    const [arrives, waits, stays] = [checkFailure(1), checkFailure(2), checkFailure(3)];
    store.failures.add([found(arrives), found(waits), found(stays)]);
    outbox.enqueue(alertFor(arrives));
    const claim = claimOne();
    outbox.enqueue(alertFor(waits));
    assert.deepEqual(
      outbox.dismiss([arrives.id, waits.id]).changed.map(({ status }) => status),
      ['dismissed', 'dismissed'],
    );
    settle(claim, answered(200, 'accepted'));
    outbox.dismiss([arrives.id]);
    const statusOf = ({ id }: { id: FailureId }) => store.failures.find(id)?.status;
    outbox.restore([arrives.id, waits.id, stays.id]);
    assert.deepEqual([arrives, waits, stays].map(statusOf), ['sent', 'pending', 'pending']);
    assert.deepEqual(outbox.restore([arrives.id, stays.id]), [], 'nothing is dismissed any more');
    assert.equal(statusOf(arrives), 'sent');
  });

  it('tells in a failure’s row how its newest delivery stands, until that arrived', () => {
    const { id } = checkFailure(1);
    const stands = () => {
      const { rows } = store.failureLists.page({ status: 'all', group: null, limit: 9, before: null });
      const word = rows.map(({ delivery }) => delivery)[0];
      assert.deepEqual(rows, [store.failures.find(id)]);
      return [word, outbox.openOf(id)?.state.kind];
    };
    store.failures.add([found(checkFailure(1))]);
    assert.deepEqual(stands(), [null, undefined]);
    const first = outbox.enqueue(alertFor(checkFailure(1)));
    assert.deepEqual(stands(), ['waiting', 'waiting']);
    const claim = claimOne();
    assert.deepEqual(stands(), ['waiting', 'sending']);
    settle(claim, answered(403, 'refused'));
    assert.deepEqual(stands(), ['failed', 'failed']);
    outbox.enqueue(alertFor(checkFailure(1), { closes: false }));
    assert.deepEqual(stands(), ['waiting', 'waiting'], 'also where its arrival closes nothing');
    settle(claimOne(), answered(200, 'accepted'));
    assert.deepEqual(stands(), ['failed', 'failed'], 'that says nothing of the DSN’s');
    outbox.retry(first.id);
    settle(claimOne(), answered(200, 'accepted'));
    assert.deepEqual(stands(), [null, undefined]);
    const again = outbox.enqueue(alertFor(checkFailure(1), { target: OTHER }));
    assert.deepEqual(stands(), ['waiting', 'waiting']);
    outbox.cancel(again.id);
    assert.deepEqual(stands(), [null, undefined]);
  });

  it('writes down once why the rows of a target do not go', () => {
    outbox.enqueue(alertFor(checkFailure(1)));
    outbox.enqueue(alertFor(checkFailure(2), { target: OTHER }));
    const told = queue.explain(SENTRY_KEY, 'No DSN at hand.');
    assert.deepEqual(
      told.map(({ id, state }) => [id, state.kind === 'waiting' && state.reason]),
      [[1, 'No DSN at hand.']],
    );
    assert.deepEqual(queue.explain(SENTRY_KEY, 'No DSN at hand.'), []);
  });

  it('forgets the requests of old accepted rows, and never of one that is still to go', () => {
    const waiting = outbox.enqueue(alertFor(checkFailure(0), { target: OTHER }));
    store.decide(() => {
      for (let n = 1; n <= 1_005; n += 1) {
        outbox.enqueue(alertFor(checkFailure(n)));
        settle(claimOne(), answered(200, 'accepted'));
      }
    });
    store.outbox.prune();
    assert.ok(store.outbox.request(waiting.id));
    assert.equal(store.outbox.request(2), null);
    assert.ok(store.outbox.request(1_006));
    assert.equal(outbox.page(null, 2_000, null).rows.length, 1_006);
  });
});
