import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Latest } from '../../src/ui/preview/latest.ts';

describe('what is typed', () => {
  it('is taken one at a time; what is overtaken is left out, the last never', async () => {
    const done: number[] = [];
    let busy = 0;
    const latest = new Latest<number>(async (value) => {
      busy += 1;
      assert.equal(busy, 1);
      await turn();
      done.push(value);
      busy -= 1;
    });
    const all = [1, 2, 3].map((value) => latest.do(value));
    await turn();
    await turn();
    all.push(latest.do(4));
    await latest.settled();
    assert.deepEqual(done, [1, 3, 4]);
    await Promise.all(all);
    await latest.do(5);
    assert.deepEqual(done, [1, 3, 4, 5]);
  });

  it('is taken again after one could not be', async () => {
    const done: number[] = [];
    const latest = new Latest<number>(async (value) => {
      if (value === 1) throw new Error('no');
      done.push(value);
    });
    await assert.rejects(latest.do(1), /no/);
    await latest.do(2);
    assert.deepEqual(done, [2]);
  });
});
