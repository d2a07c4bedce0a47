import assert from 'node:assert/strict';
import type { LaneTick, ToTicks } from '../../src/webview/protocol.ts';
import { type FrameTimes, measureFrames } from './harness/frames.ts';
import { type Harness, type Opened, startHarness } from './harness/harness.ts';
import { ownSensor, ownTick, snapshot, tick, update } from './harness/tickSamples.ts';

const COUNT = 10_000;
const HOUR = 3_600_000;
const SIZE = { width: 1200, height: 420 };
/** Frames that each act lasts. */
const FRAMES = 90;
/** ms of a frame, and until the first paint. */
const FRAME = 50;
const FIRST_PAINT = 200;

const LANES = ['asset_check_sentry_sensor', 'run_failure_sentry_sensor', 'own-a', 'own-b', 'own-c', 'own-d'];

/** One tick of every kind in turn, in turn in each lane. */
const anyTick = (now: number, id: number, ago: number): LaneTick => {
  const lane = id % LANES.length;
  const failed = id % 41 === 0 ? { end: { kind: 'failure', error: 'ValueError: x\n  at y' } as const } : {};
  if (lane > 1) return ownTick(now, id, LANES[lane] ?? '', ago, failed);
  const failuresFound = id % 17 === 0 ? (id % 5) + 1 : 0;
  return tick(now, id, lane === 0 ? 'asset_check_sentry_sensor' : 'run_failure_sentry_sensor', ago, {
    failuresFound,
    ...failed,
  });
};

/** Ten thousand ticks within `span` ms: no two in a row are alike, so that none of them counts on. */
const tenThousand = (now: number, span: number): ToTicks =>
  snapshot(now, {
    from: now - span,
    ownSensors: LANES.slice(2).map((id) => ownSensor(now, id)),
    ticks: Array.from({ length: COUNT }, (_, index) => anyTick(now, index + 1, (span / 1000) * (1 - index / COUNT))),
  });

const told = ({ frames, median, p95, max, gaps }: FrameTimes): string =>
  `${frames} frames: work ${[median, p95, max].map((ms) => ms.toFixed(1)).join(' / ')} ms (median, 95th, max); ` +
  `from frame to frame ${gaps.p95.toFixed(1)} / ${gaps.max.toFixed(1)} ms (95th, max)`;

/** Does something in the page with every frame; `number` counts them. */
const eachFrame = (opened: Opened, act: string): Promise<unknown> =>
  opened.page.evaluate(`new Promise((resolve) => {
    let number = 0;
    const step = () => {
      ${act};
      number += 1;
      if (number < ${FRAMES}) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  })`);

describe('10,000 ticks', function () {
  this.timeout(60_000);
  let harness: Harness;
  let view: Opened;

  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  const open = async (span: number): Promise<void> => {
    view = await harness.open('ticks', SIZE);
    await view.tell(tenThousand(Date.now(), span));
    assert.ok(await view.page.getByTestId('tick').first().isVisible());
  };
  /**
   * Holds every frame's work to the limit, and its time by the clock. There a machine, or what else runs on it, may be
   * too slow for a page that does nothing: one is measured right after it; and a burst of something else passes, so
   * that a page is too slow only if it is each time. `back` undoes the act for another time.
   */
  const holds = async (name: string, act: string, back = ''): Promise<void> => {
    for (let left = 2; ; left -= 1) {
      const measured = await traced(view.page, () => eachFrame(view, act));
      console.log(`      ${name}: ${told(measured)}`);
      assert.ok(measured.max < FRAME, `${name}: ${told(measured)}`);
      if (measured.gaps.max < FRAME) return;
      const idle = await idlePage();
      console.log(`      an idle page right after it: ${told(idle)}`);
      if (measured.gaps.max < 3 * idle.gaps.max) return;
      assert.ok(left > 0, `${name}: ${told(measured)}`);
      if (back !== '') await eachFrame(view, back);
    }
  };
  /** The page has drawn its frames when `act` ends: a trace that tells of less is not whole, and says nothing. */
  const traced = async (page: Opened['page'], act: () => Promise<unknown>): Promise<FrameTimes> => {
    for (let left = 2; ; left -= 1) {
      const measured = await measureFrames(page, act);
      if (measured !== null && measured.frames >= FRAMES / 2) return measured;
      console.log(`      Chromium's trace lost frames: ${measured === null ? 'it says so' : told(measured)}`);
      assert.ok(left > 0, 'no whole trace');
    }
  };
  const idlePage = async (): Promise<FrameTimes> => {
    const empty = await harness.open('ticks', SIZE);
    try {
      return await traced(empty.page, () => eachFrame(empty, ''));
    } finally {
      await empty.close();
    }
  };

  const close = async (): Promise<void> => {
    assert.deepEqual(await view.problems(), []);
    await view.close();
  };

  /**
   * Posts a message, and answers the work and the time (ms) until the frame that shows an element is over, two frames
   * more included; the reading of the message too.
   */
  const paints = async (
    message: ToTicks,
    testId: string,
  ): Promise<{ readonly work: number; readonly clock: number }> => {
    await view.page.evaluate(`window.text = ${JSON.stringify(JSON.stringify(message))}`);
    let clock = Number.NaN;
    const measured = await measureFrames(view.page, async () => {
      clock = Number(
        await view.page.evaluate(`new Promise((resolve) => {
          requestAnimationFrame(() => requestAnimationFrame(() => {
            const began = performance.now();
            window.postMessage(window.text, '*');
            const look = () => {
              if (document.querySelector('[data-testid="${testId}"]') === null) requestAnimationFrame(look);
              else requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - began)));
            };
            requestAnimationFrame(look);
          }));
        })`),
      );
    });
    const total = measured?.total ?? assert.fail('Chromium’s trace lost what happened');
    console.log(`      first paint of ${testId}: work ${total.toFixed(0)} ms, ${clock.toFixed(0)} ms by the clock`);
    return { work: total, clock };
  };

  it('are painted for the first time within 200 ms, and before that as soon what is known at once', async () => {
    view = await harness.open('ticks', SIZE);
    const now = Date.now();
    assert.equal(await view.page.getByTestId('timeline').count(), 0);
    const atOnce = await paints(update(now), 'timeline');
    assert.equal(await view.page.getByTestId('tick').count(), 0);
    const all = await paints(tenThousand(now, 5 * HOUR), 'tick');
    for (const { work, clock } of [atOnce, all]) {
      assert.ok(work < FIRST_PAINT, `${work} ms`);
      assert.ok(clock < FIRST_PAINT, `${clock} ms by the clock`);
    }
    await close();
  });

  for (const [words, span] of [
    ['within five hours', 5 * HOUR],
    ['within a week', 168 * HOUR],
  ] as const) {
    describe(words, () => {
      before(() => open(span));
      after(close);

      it('zoom out to all of them', async () => {
        const steps = Math.log(span / (8 * 60_000)) / FRAMES;
        const wheel = (deltaY: number): string =>
          `document.querySelector('[data-testid="timeline"]').dispatchEvent(new WheelEvent('wheel', {
            deltaY: ${deltaY}, bubbles: true, cancelable: true, clientX: 700 }))`;
        await holds(`zooming out ${words}`, wheel(300 * steps), wheel(-300 * steps));
        const rows = Number(await view.page.getByRole('grid').getAttribute('aria-rowcount'));
        assert.ok(rows > COUNT / 2, `${rows} rows in sight`);
      });

      it('scroll in the table', async () => {
        await holds(`scrolling ${words}`, `document.querySelector('firedrill-ticks-table').scrollTop += 377`);
      });

      it('take 20 more a second', async () => {
        const now = Date.now();
        const batches = Array.from({ length: 8 }, (_, batch) =>
          update(
            now,
            Array.from({ length: 5 }, (_, index) => anyTick(now, 20_001 + batch * 5 + index, -batch / 4)),
          ),
        );
        await view.page.evaluate(`window.batches = ${JSON.stringify(batches)}`);
        // Four batches a second, as the extension sends them, while the table scrolls.
        await holds(
          `ticks coming in ${words}`,
          `if (number % 15 === 0) window.postMessage(JSON.stringify(window.batches[number / 15]), '*');
           document.querySelector('firedrill-ticks-table').scrollTop += 53`,
        );
      });

      // The text stays: what follows is done with a filter.
      it('are filtered by a text while it is typed', async () => {
        await holds(
          `typing a filter ${words}`,
          `const field = document.querySelector('[data-testid="filter"]');
           field.value = 'valueerror: x'.slice(0, Math.abs((Math.floor(number / 3) % 26) - 13));
           field.dispatchEvent(new Event('input', { bubbles: true }))`,
        );
        assert.equal(await view.page.getByTestId('filter').inputValue(), 'valueerror');
      });

      it('pan', async () => {
        await holds(
          `panning ${words}`,
          `document.querySelector('[data-testid="timeline"]').dispatchEvent(new WheelEvent('wheel', {
            deltaY: (number % 40 < 20 ? -1 : 1) * 40, shiftKey: true, bubbles: true, cancelable: true, clientX: 700 }))`,
        );
      });
    });
  }
});
