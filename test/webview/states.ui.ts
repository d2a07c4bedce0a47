import assert from 'node:assert/strict';
import { type Harness, startHarness } from './harness/harness.ts';
import { previewStates } from './harness/previewStates.ts';
import { THEMES } from './harness/themes.ts';
import { tickStates } from './harness/tickStates.ts';

describe('every state of the webviews, in every theme', function () {
  this.timeout(60_000);
  let harness: Harness;

  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());

  for (const [view, states] of [
    ['preview', previewStates],
    ['ticks', tickStates],
  ] as const) {
    for (const name of Object.keys(states(0))) {
      it(`${view}, ${name}: no serious accessibility violation, no scrolling sideways`, async () => {
        const state = states(Date.now())[name];
        assert.ok(state);
        const opened = await harness.open(view, state.size);
        await opened.tell(state.message);
        await state.act?.(opened);
        const found: string[] = [...(await opened.serious())];
        for (const theme of THEMES.slice(1)) {
          await opened.retheme(theme);
          // Only colours differ from theme to theme.
          found.push(...(await opened.serious(['color-contrast'])).map((each) => `${theme}: ${each}`));
        }
        assert.deepEqual(found, []);
        const [needed, there] = await opened.page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert.equal(needed, there);
        assert.deepEqual(await opened.problems(), []);
        await opened.close();
      });
    }
  }
});
