import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { CHECKS, RUNS } from './manyFailures.ts';
import type { Point } from './points.ts';
import { Scene } from './scene.ts';
import type { Launch } from './victim.ts';

/** ms within which another process has to take over. */
const TAKEOVER = 5_000;

/**
 * Two processes at one instance; the one that leads is stopped at a point for `ms`, then let go on. Answers a line on
 * what happened.
 * @param takeover false where the stopped process holds the state's write lock, which nobody can take from it.
 */
export async function stopAt(launch: Launch, point: Point, ms: number, takeover = true): Promise<string> {
  const scene = await Scene.set(launch);
  try {
    const epoch = (): number => scene.count('select epoch as n from lease');
    const before = epoch();
    const leader = scene.launch(launch, { point, nth: 1, how: 'stop' });
    await scene.until(() => epoch() > before, leader);
    const other = scene.launch(launch, null);
    await scene.until(() => scene.windows() === 2, other);
    const led = epoch();
    const held = point === 'request in flight' ? scene.recorder.hold(1) : null;
    scene.record();
    await leader.reached(point);
    await held;
    const stopped = performance.now();
    let taken = Number.NaN;
    if (takeover) {
      await scene.until(() => epoch() > led, other);
      taken = performance.now() - stopped;
      assert.ok(taken < TAKEOVER, `${point}: taken over after ${Math.round(taken)} ms`);
    }
    await pause(Math.max(0, ms - (performance.now() - stopped)));
    leader.signal('SIGCONT');
    await scene.until(
      () => scene.count("select count(*) as n from outbox where state = 'accepted'") >= CHECKS + RUNS,
      other,
    );
    await pause(500); // what the one that woke up still reports
    await Promise.all([leader.end('SIGTERM'), other.end('SIGTERM')]);
    const repeats = scene.assertWhole();
    const words = takeover ? `taken over after ${Math.round(taken)} ms` : 'nobody could write meanwhile';
    return `${point.padEnd(22)} stopped for ${ms / 1000} s, ${words}, ${repeats} repeats`;
  } finally {
    await scene.clear();
  }
}
