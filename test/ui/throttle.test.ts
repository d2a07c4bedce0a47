import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Disposables } from '../../src/ui/disposable.ts';
import { Throttle } from '../../src/ui/throttle.ts';

describe('a throttle', () => {
  it('runs at once, then once for all that was asked within its pause', async () => {
    let runs = 0;
    const throttle = new Throttle(60, () => {
      runs += 1;
    });
    for (let i = 0; i < 5; i++) throttle.request();
    assert.equal(runs, 1);
    await pause(150);
    assert.equal(runs, 2);
    await pause(100);
    assert.equal(runs, 2);
    throttle.dispose();
  });

  it('does nothing once it is disposed', async () => {
    let runs = 0;
    const throttle = new Throttle(20, () => {
      runs += 1;
    });
    throttle.request();
    throttle.request();
    throttle.dispose();
    await pause(60);
    assert.equal(runs, 1);
  });
});

describe('disposables', () => {
  it('are closed once, the newest first, and at once when they come too late', () => {
    const closed: string[] = [];
    const item = (name: string) => ({ dispose: () => closed.push(name) });
    const all = new Disposables();
    all.add(item('a'));
    all.add(item('b'));
    all.dispose();
    all.dispose();
    all.add(item('late'));
    assert.deepEqual(closed, ['b', 'a', 'late']);
  });
});
