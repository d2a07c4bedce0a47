import { killEverywhere } from './killing.ts';
import { sideBySide } from './sideBySide.ts';
import { stopAt } from './stopping.ts';
import { launchWatch, launchWorkerHost } from './victim.ts';

// A short round; the long ones are in `killed.long.ts`.
describe('while 2,000 failures go from a Dagster to an endpoint', function () {
  this.timeout(120_000);

  it('watch and the host of the engine’s worker are killed at each point: all arrive, each under one event id', async () => {
    for (const line of await killEverywhere([launchWatch, launchWorkerHost], 1)) console.log(`        ${line}`);
  });

  it('watch is stopped and goes on later: another one takes over, all arrive, each under one event id', async () => {
    console.log(`        ${await stopAt(launchWatch, 'answer before receipt', 4_000)}`);
  });

  it('two of them deliver side by side: each failure once', async () => {
    console.log(`        ${await sideBySide(launchWatch, launchWorkerHost)}`);
  });
});
