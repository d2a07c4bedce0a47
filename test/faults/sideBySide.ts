import assert from 'node:assert/strict';
import { CHECKS, RUNS } from './manyFailures.ts';
import { Scene } from './scene.ts';
import type { Launch } from './victim.ts';

/** Two processes at one instance deliver 2,000 failures; answers a line on who sent how many. */
export async function sideBySide(one: Launch, other: Launch): Promise<string> {
  const scene = await Scene.set(one);
  try {
    const both = [scene.launch(one, null), scene.launch(other, null)];
    await scene.until(() => scene.windows() === 2, both[1] ?? assert.fail());
    scene.record();
    const accepted = (): number => scene.count("select count(*) as n from outbox where state = 'accepted'");
    const senders = new Set<string>();
    await scene.until(() => {
      for (const sender of scene.senders()) senders.add(sender);
      return accepted() >= CHECKS + RUNS;
    }, both[0] ?? assert.fail());
    await Promise.all(both.map((victim) => victim.end('SIGTERM')));
    assert.equal(scene.assertWhole(), 0, 'no failure was delivered twice');
    return `${CHECKS + RUNS} requests of ${senders.size} senders, no repeats`;
  } finally {
    await scene.clear();
  }
}
