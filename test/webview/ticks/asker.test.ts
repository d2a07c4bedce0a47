import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Announcer } from '../../../src/webview/ticks/announcer.ts';
import { Asker } from '../../../src/webview/ticks/asker.ts';
import { fromSnapshot, type Held, NOTHING } from '../../../src/webview/ticks/held.ts';
import type { Range } from '../../../src/webview/ticks/viewport.ts';
import { tick } from '../harness/tickSamples.ts';

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
    const held = [tick(now, 1, 'asset_check_sentry_sensor', 8.2 * 3600)];
    const short = fromSnapshot(held, { from: now - 8.5 * HOUR, to: question.to }, now);
    asker.look(() => ({ view, held: short }));
    await pause(300);
    assert.equal(asked.length, 1);
    asker.answered({ from: now - HOUR, to: now });
    asker.look(() => ({ view, held: short }));
    await pause(300);
    assert.equal(asked.length, 2, 'another snapshot makes room for the question');
  });

  it('goes further back than an answer that was full, and comes to an end', async () => {
    const { asked, asker } = setUp();
    const now = Date.now();
    // A tick each minute for a week, of which an answer holds the newest 100.
    const answer = (range: Range) => {
      const to = Math.min(range.to, now);
      const ticks = Array.from({ length: 100 }, (_, index) =>
        tick(now, index + 1, 'asset_check_sentry_sensor', (now - to) / 1000 + index * 60),
      );
      const from = Math.max(range.from, ticks.at(-1)?.lastStartedAt ?? 0);
      asker.answered({ from, to: range.to });
      return fromSnapshot(ticks, { from, to: range.to }, now);
    };
    let held: Held = NOTHING;
    const rest = async (view: Range): Promise<number> => {
      const before = asked.length;
      // As the panel does: it looks again after each answer.
      for (let known = -1; known !== asked.length; ) {
        known = asked.length;
        asker.look(() => ({ view, held }));
        await pause(250);
        const question = asked.at(-1);
        if (asked.length > known && question) held = answer(question);
      }
      return asked.length - before;
    };
    assert.equal(await rest({ from: now - 24 * HOUR, to: now }), 1, 'a day: cut to its newest');
    assert.ok(held.from > now - 2 * HOUR);
    assert.equal(await rest({ from: now - 24 * HOUR, to: now }), 0);
    assert.equal(await rest({ from: now - 6 * HOUR, to: now - 5 * HOUR }), 1, 'inside of the first question');
    assert.ok(held.from < now - 6 * HOUR && held.ticks.some(({ startedAt }) => startedAt < now - 5.5 * HOUR));
    assert.equal(await rest({ from: now - 6 * HOUR, to: now - 5 * HOUR }), 0);
    assert.equal(await rest({ from: now - HOUR, to: now }), 1, 'back to now');
  }).timeout(10_000);
});

describe('failures found', () => {
  it('are announced at once, then together after ten seconds', () => {
    const announcer = new Announcer();
    const hear = (failuresFound: number, now: number) =>
      announcer.hear([tick(now, 1, 'asset_check_sentry_sensor', 0, { failuresFound })], now);
    assert.equal(hear(0, 0), null);
    assert.equal(hear(3, 1000), '3 failures found');
    assert.equal(hear(2, 2000), null);
    assert.equal(hear(1, 9000), null);
    assert.equal(hear(0, 11_500), '3 failures found');
  });
});
