import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Announcer } from '../../../src/webview/ticks/announcer.ts';
import { Asker } from '../../../src/webview/ticks/asker.ts';
import { fromSnapshot, NOTHING } from '../../../src/webview/ticks/held.ts';
import type { Range } from '../../../src/webview/ticks/viewport.ts';

const HOUR = 3_600_000;

describe('asking for ticks', () => {
  const setUp = () => {
    const asked: Range[] = [];
    return { asked, asker: new Asker((range) => asked.push(range)) };
  };

  it('happens once the view rests, and only for what is not held', async () => {
    const { asked, asker } = setUp();
    const now = Date.now();
    for (const hours of [1, 2, 3]) {
      asker.look(() => ({ view: { from: now - hours * HOUR, to: now }, held: NOTHING }));
      await pause(20);
    }
    await pause(300);
    assert.equal(asked.length, 1);
    assert.ok((asked[0]?.from ?? now) <= now - 3 * HOUR);
    asker.look(() => ({
      view: { from: now - HOUR, to: now },
      held: fromSnapshot([], { from: now - 2 * HOUR, to: now }, now),
    }));
    await pause(300);
    assert.equal(asked.length, 1);
  });

  it('does not repeat a question whose answer held less', async () => {
    const { asked, asker } = setUp();
    const now = Date.now();
    const view = { from: now - 9 * HOUR, to: now - 8 * HOUR };
    asker.look(() => ({ view, held: NOTHING }));
    await pause(300);
    const [question] = asked;
    assert.ok(question);
    asker.answered(question);
    const short = fromSnapshot([], { from: now - 8.5 * HOUR, to: question.to }, now);
    asker.look(() => ({ view, held: short }));
    await pause(300);
    assert.equal(asked.length, 1);
    asker.answered({ from: now - HOUR, to: now });
    asker.look(() => ({ view, held: short }));
    await pause(300);
    assert.equal(asked.length, 2, 'another snapshot makes room for the question');
  });
});

describe('failures found', () => {
  it('are announced at once, then together after ten seconds', () => {
    const announcer = new Announcer();
    assert.equal(announcer.add(0, 0), 0);
    assert.equal(announcer.add(3, 1000), 3);
    assert.equal(announcer.add(2, 2000), 0);
    assert.equal(announcer.add(1, 9000), 0);
    assert.equal(announcer.add(0, 11_500), 3);
  });
});
