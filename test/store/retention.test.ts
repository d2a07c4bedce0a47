import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { Outbox } from '../../src/delivery/outbox.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import {
  alertFor,
  type Clock,
  checkFailure,
  clockAt,
  cursorText,
  found,
  openIn,
  tempFolder,
  tickPage,
} from './samples.ts';

const DAY = 24 * 3_600_000;

describe('what the state forgets', () => {
  let folder: ReturnType<typeof tempFolder>;
  let clock: Clock;
  let store: StateStore;
  beforeEach(() => {
    folder = tempFolder();
    clock = clockAt();
    store = openIn(folder.path, clock);
  });
  afterEach(() => {
    store.close();
    folder.remove();
  });

  let ticked = 0;
  /** A tick that finds nothing, and what goes with it. Whether something was forgotten that is shown. */
  const tick = (): boolean => {
    const cursorBefore = store.cursor('asset_check_sentry_sensor').cursor;
    ticked += 1;
    store.commitTick(tickPage({ cursorBefore, cursorAfter: cursorText(`later ${ticked}`) }));
    return store.pruneNowAndThen();
  };
  const known = (...numbers: number[]): boolean[] =>
    numbers.map((n) => store.failures.find(checkFailure(n).id) !== null);

  it('is done with for 30 days: sent, dismissed, from before Firedrill; nothing that is pending', () => {
    store.failures.add([1, 2, 3].map((n) => found(checkFailure(n))));
    store.failures.add([found(checkFailure(4), { beforeFiredrill: true })]);
    store.failures.setStatus([checkFailure(1).id], 'sent');
    store.failures.setStatus([checkFailure(2).id], 'dismissed');
    clock.pass(30 * DAY);
    assert.equal(tick(), false);
    assert.deepEqual(known(1, 2, 3, 4), [true, true, true, true]);
    clock.pass(DAY);
    assert.equal(tick(), true, 'the views have to be told');
    assert.deepEqual(known(1, 2, 3, 4), [false, false, true, false]);
    clock.pass(58 * DAY);
    tick();
    assert.deepEqual(known(3), [true]);
    clock.pass(2 * DAY);
    tick();
    assert.deepEqual(known(3), [false], 'after 90 days');
  });

  it('is never a failure or delivery that is still to go, however old', () => {
    const outbox = new Outbox(store, { now: clock.now });
    const queue = new SendQueue(store, { now: clock.now });
    store.failures.add([found(checkFailure(1))]);
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    clock.pass(400 * DAY);
    tick();
    assert.deepEqual(known(1), [true]);
    assert.equal(outbox.get(id)?.state.kind, 'waiting');
    assert.equal(queue.claim('f'.repeat(64), 1).length, 1, 'with its request');
  });

  it('is a delivery that was accepted 30 days ago, with its tries', () => {
    const outbox = new Outbox(store, { now: clock.now });
    const queue = new SendQueue(store, { now: clock.now });
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    const [claim] = queue.claim('f'.repeat(64), 1);
    assert.ok(claim);
    const timing = { at: clock.now(), durationMs: 1, now: clock.now(), random: 0 };
    queue.settle([{ claim, result: { kind: 'answered', status: 200, verdict: { kind: 'accepted' } }, timing }]);
    clock.pass(30 * DAY + 1);
    tick();
    assert.equal(outbox.get(id), null);
    assert.deepEqual(outbox.tries(id), []);
  });

  it('is given back to the disk: the file shrinks', () => {
    store.failures.add(Array.from({ length: 1_500 }, (_, n) => found(checkFailure(n), { beforeFiredrill: true })));
    const size = (): number => {
      store.close(); // brings the WAL into the file
      const bytes = statSync(store.file).size;
      store = openIn(folder.path, clock);
      return bytes;
    };
    const full = size();
    clock.pass(31 * DAY);
    tick();
    const left = size();
    assert.ok(left < full / 4, `${left} of ${full} bytes are left`);
  });
});
