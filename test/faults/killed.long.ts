import { killEverywhere } from './killing.ts';
import { POINTS } from './points.ts';
import { stopAt } from './stopping.ts';
import { launchWatch, launchWorkerHost } from './victim.ts';

const KILLS = 10;
const STOPPED = 10_000;

describe('while 2,000 failures go from a Dagster to an endpoint, at length', function () {
  this.timeout(600_000);

  for (const [who, launch] of [
    ['watch', launchWatch],
    ['the host of the engine’s worker', launchWorkerHost],
  ] as const) {
    it(`${who} is killed ${KILLS} times at each point: all arrive, each under one event id`, async () => {
      for (const line of await killEverywhere([launch], KILLS)) console.log(`        ${line}`);
    });

    it(`${who} is stopped for ten seconds at each point, another one takes over: all arrive`, async () => {
      for (const point of POINTS) {
        // In the middle of a transaction it holds the state's lock: the others can only wait.
        console.log(`        ${await stopAt(launch, point, STOPPED, point !== 'before commit')}`);
      }
    });
  }
});
