import { killEverywhere } from './killing.ts';
import { sideBySide } from './sideBySide.ts';
import { stopAt } from './stopping.ts';
import { launchWatch, launchWorkerHost } from './victim.ts';

// A short round; the long ones are in `killed.long.ts`.
describe('while 2,000 failures go from a Dagster to an endpoint', function () {
  this.timeout(120_000);

  for (const [who, launch] of [
    ['watch', launchWatch],
    ['the host of the engine’s worker', launchWorkerHost],
  ] as const) {
    it(`${who} is killed at each point: all arrive, each under one event id`, async () => {
      for (const line of await killEverywhere(launch, 1)) console.log(`        ${line}`);
    });
  }

  it('watch is stopped and goes on later: another one takes over, all arrive, each under one event id', async () => {
    console.log(`        ${await stopAt(launchWatch, 'answer before receipt', 6_000)}`);
  });

  it('two of them deliver side by side: each failure once', async () => {
    console.log(`        ${await sideBySide(launchWatch, launchWorkerHost)}`);
  });
});
