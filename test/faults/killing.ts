import { CHECKS, RUNS } from './manyFailures.ts';
import { POINTS, type Point } from './points.ts';
import { Scene } from './scene.ts';
import type { Launch } from './victim.ts';

/**
 * Kills each of the processes `kills` times at each point, lets the last one finish, and answers a line for each point.
 */
export async function killEverywhere(launches: readonly [Launch, ...Launch[]], kills: number): Promise<string[]> {
  const scene = await Scene.set(launches[0]);
  try {
    scene.record();
    const histogram: string[] = [];
    for (const point of POINTS) {
      const before = scene.recorder.arrivals().length;
      for (let round = 0; round < kills; round += 1) for (const launch of launches) await killAt(scene, launch, point);
      const arrived = scene.recorder.arrivals().length - before;
      histogram.push(
        `${point.padEnd(22)} ${String(kills * launches.length).padStart(3)} kills, ${arrived} requests meanwhile`,
      );
    }
    const last = scene.launch(launches.at(-1) ?? launches[0], null);
    await scene.until(
      () => scene.count("select count(*) as n from outbox where state = 'accepted'") >= CHECKS + RUNS,
      last,
    );
    await last.end('SIGTERM');
    histogram.push(`${scene.recorder.arrivals().length} requests, ${scene.assertWhole()} of them repeats`);
    return histogram;
  } finally {
    await scene.clear();
  }
}

async function killAt(scene: Scene, launch: Launch, point: Point): Promise<void> {
  if (point === 'request in flight') {
    const held = scene.recorder.hold(1 + Math.floor(Math.random() * 12));
    const victim = scene.launch(launch, null);
    await held;
    return await victim.end('SIGKILL');
  }
  const nth = point === 'answer before receipt' ? 1 + Math.floor(Math.random() * 3) : 1;
  const victim = scene.launch(launch, { point, nth, how: 'wait' });
  await victim.reached(point);
  await victim.end('SIGKILL');
}
