import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import type { StateStore } from '../../src/store/stateStore.ts';
import { type Clock, clockAt, openIn, tempFolder } from './samples.ts';

const HOLDS = { rank: 0, tickInterval: 60_000 };
const SENDS = { rank: 1, tickInterval: 60_000 };

describe('the lease on detecting', () => {
  let folder: ReturnType<typeof tempFolder>;
  let clock: Clock;
  let one: StateStore;
  let two: StateStore;
  beforeEach(() => {
    folder = tempFolder();
    clock = clockAt();
    one = openIn(folder.path, clock);
    two = openIn(folder.path, clock);
  });
  afterEach(() => {
    one.close();
    two.close();
    folder.remove();
  });

  const taken = (store: StateStore, wish = HOLDS): number => store.lease.take(wish) ?? assert.fail('not taken');
  /** Time in which only `store` shows that it lives. */
  const pass = (ms: number, store: StateStore): void => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.pass(Math.min(left, 1_000));
      store.presence.beat();
    }
  };

  it('is held by one window; it keeps it as long as it lives', () => {
    const epoch = taken(one);
    pass(2_999, one);
    two.presence.beat();
    assert.equal(two.lease.take(HOLDS), null);
    assert.equal(one.lease.take(HOLDS), epoch);
  });

  it('goes to another window at once when its holder lets go of it', () => {
    const epoch = taken(one);
    one.lease.release(epoch);
    assert.equal(taken(two), epoch + 1);
    assert.equal(one.lease.take(HOLDS), null);
  });

  it('goes to another window when its holder was silent for three seconds', () => {
    const epoch = taken(one);
    pass(3_000, two);
    assert.equal(two.lease.take(HOLDS), null);
    pass(1, two);
    assert.equal(taken(two), epoch + 1);
  });

  it('is lost to a holder that slept, even when nobody took it: it begins a new epoch', () => {
    const epoch = taken(one);
    clock.pass(10_000);
    assert.equal(taken(one), epoch + 1);
  });

  it('is not given back by a holder of an earlier epoch', () => {
    const epoch = taken(one);
    pass(10_000, two);
    const next = taken(two);
    one.lease.release(epoch);
    assert.equal(two.lease.take(HOLDS), next);
  });

  it('goes from a window that holds to one that sends by itself, and not back', () => {
    const epoch = taken(one);
    const next = taken(two, SENDS);
    assert.equal(next, epoch + 1);
    assert.equal(one.lease.take(HOLDS), null);
    assert.equal(one.lease.take(SENDS), null);
    assert.equal(taken(two, HOLDS), next, 'the same holder with another wish');
    assert.equal(taken(one, SENDS), next + 1);
  });

  it('leaves one file a window beside the state, and removes what killed windows left', () => {
    const files = (): number => readdirSync(folder.path).filter((name) => name.includes('.window-')).length;
    assert.equal(files(), 2);
    const killed = one.presence.id();
    pass(3_001, two);
    assert.equal(two.presence.isGone(killed), true);
    const three = openIn(folder.path, clock);
    assert.equal(files(), 2, 'the old one is swept, the new one is there');
    three.close();
    assert.equal(files(), 1);
  });
});
