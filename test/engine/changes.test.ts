import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineChange, Overview, Tick } from '../../src/engine/api.ts';
import { Changes } from '../../src/engine/changes.ts';

const tick = (id: number, count = 1): Tick => ({ id, count }) as Tick;

describe('telling the host what changed', () => {
  let told: { at: number; change: EngineChange }[];
  let changes: Changes;
  let faults: unknown[];

  beforeEach(() => {
    told = [];
    faults = [];
    changes = new Changes(
      () => ({}) as Overview,
      (change) => told.push({ at: Date.now(), change }),
      (error) => faults.push(error),
    );
  });
  afterEach(() => changes.close());

  it('tells what it can when the state cannot be read, and why', async () => {
    const unreadable = new Changes(
      () => {
        throw new Error('The state file is damaged.');
      },
      (change) => told.push({ at: Date.now(), change }),
      (error) => faults.push(error),
    );
    unreadable.tick(tick(1));
    await pause(40);
    assert.deepEqual(
      told.map(({ change }) => [change.overview, change.ticks?.length]),
      [[undefined, 1]],
    );
    assert.match(String(faults), /is damaged/);
    unreadable.close();
  });

  it('tells the first change after a pause at once', async () => {
    changes.tick(tick(1));
    await pause(40);
    assert.equal(told.length, 1);
  });

  it('tells at most four times a second, and the newest state of each row', async () => {
    const end = Date.now() + 1000;
    for (let n = 0; Date.now() < end; n++) {
      changes.tick(tick(1, n));
      changes.tick(tick(2, n));
      await pause(5);
    }
    await pause(300);
    assert.ok(told.length <= 6, `${told.length} times`);
    for (const [index, { at }] of told.entries()) {
      const before = told[index - 1];
      if (before) assert.ok(at - before.at >= 240, `${at - before.at} ms apart`);
    }
    assert.deepEqual(
      told.map(({ change }) => change.ticks?.map(({ id }) => id)),
      told.map(() => [1, 2]),
    );
  });

  it('tells a burst in parts, each row once and in order', async () => {
    const ids = Array.from({ length: 1100 }, (_, id) => id);
    for (const id of ids) changes.tick(tick(id));
    await pause(400);
    const parts = told.map(({ change }) => change.ticks?.length ?? 0);
    assert.ok(parts.length >= 3 && Math.max(...parts) <= 250, parts.join());
    assert.deepEqual(
      told.flatMap(({ change }) => change.ticks?.map(({ id }) => id) ?? []),
      ids,
    );
  });

  it('tells all of a burst on close', () => {
    for (let id = 0; id < 600; id++) changes.tick(tick(id));
    changes.close();
    assert.equal(told.flatMap(({ change }) => change.ticks ?? []).length, 600);
  });

  it('tells what is left on close, and nothing after it', async () => {
    changes.tick(tick(1));
    changes.close();
    assert.equal(told.length, 1);
    changes.tick(tick(2));
    await pause(40);
    assert.equal(told.length, 1);
  });
});
