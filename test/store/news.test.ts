import assert from 'node:assert/strict';
import { deliveryId } from '../../src/delivery/delivery.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import type { StateStore } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, clockAt, cursorText, found, openIn, tempFolder, tickPage } from './samples.ts';

const NOTHING = { kind: 'some', added: [], changed: [], ticks: [], deliveries: [] };

describe('news of other windows', () => {
  let folder: ReturnType<typeof tempFolder>;
  let mine: StateStore;
  let theirs: StateStore;
  beforeEach(() => {
    folder = tempFolder();
    mine = openIn(folder.path);
    theirs = openIn(folder.path);
  });
  afterEach(() => {
    mine.close();
    theirs.close();
    folder.remove();
  });

  it('name each failure, tick and delivery that another window wrote, once', () => {
    theirs.commitTick(tickPage({ found: [found(checkFailure(1))], outbox: [alertFor(checkFailure(1))] }));
    theirs.failures.setStatus([checkFailure(1).id], 'dismissed');
    theirs.failures.setStatus([checkFailure(1).id], 'pending');
    assert.deepEqual(mine.news.read(), { ...NOTHING, added: ['check-1'], ticks: [1], deliveries: [1] });
    assert.deepEqual(mine.news.read(), NOTHING);
    theirs.failures.setStatus([checkFailure(1).id], 'dismissed');
    assert.deepEqual(mine.news.read(), { ...NOTHING, changed: ['check-1'] });
  });

  it('leave out what this window wrote itself, before, between and after what others wrote', () => {
    const write = (store: StateStore, n: number): unknown => store.failures.add([found(checkFailure(n))]);
    write(mine, 1);
    write(theirs, 2);
    write(mine, 3);
    write(mine, 4);
    write(theirs, 5);
    write(mine, 6);
    assert.deepEqual(mine.news.read(), { ...NOTHING, added: ['check-2', 'check-5'] });
    assert.deepEqual(theirs.news.read(), { ...NOTHING, added: ['check-1', 'check-3', 'check-4', 'check-6'] });
    write(mine, 7);
    assert.deepEqual(mine.news.read(), NOTHING);
  });

  it('tell nothing of a transaction that was undone', () => {
    const undone = (): never => {
      theirs.failures.add([found(checkFailure(1))]);
      throw new Error('changed my mind');
    };
    assert.throws(() => theirs.decide(undone), /changed my mind/);
    theirs.failures.add([found(checkFailure(2))]);
    assert.deepEqual(mine.news.read(), { ...NOTHING, added: ['check-2'] });
    assert.deepEqual(theirs.news.read(), NOTHING);
  });

  it('ask for a look at everything when a target is held, and when there is more than one can tell', () => {
    const outbox = new Outbox(theirs, { now: clockAt().now });
    const { id } = outbox.enqueue(alertFor(checkFailure(1)));
    assert.deepEqual(mine.news.read(), { ...NOTHING, deliveries: [deliveryId(id)] });
    theirs.holds.hold('f'.repeat(64), 1, 'Limited.', 'asked');
    assert.deepEqual(mine.news.read(), { kind: 'all' });
    theirs.holds.hold('e'.repeat(64), 1, 'Not reachable.', 'pause');
    theirs.holds.endPauses();
    assert.deepEqual(mine.news.read(), { kind: 'all' });
    theirs.failures.add(Array.from({ length: 2_001 }, (_, n) => found(checkFailure(n))));
    assert.deepEqual(mine.news.read(), { kind: 'all' });
    assert.deepEqual(mine.news.read(), NOTHING);
  });

  it('ask for a look at everything when some were forgotten meanwhile', () => {
    theirs.decide(() => {
      for (let n = 1; n <= 6_000; n += 1) {
        const move = { cursorBefore: n === 1 ? null : cursorText(String(n - 1)), cursorAfter: cursorText(String(n)) };
        theirs.commitTick(tickPage({ ...move, trigger: n % 2 ? 'peek' : 'interval', found: [found(checkFailure(n))] }));
      }
    });
    theirs.news.prune();
    theirs.failures.add([found(checkFailure(7_000))]);
    assert.deepEqual(mine.news.read(), { kind: 'all' });
  });
});
