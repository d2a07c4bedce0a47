import { type Outcome, sum } from './outcome.ts';
import type { Preparation, Stage } from './stages.ts';

export interface Run {
  stages: Stage[];
  preparations: Record<Preparation, () => Promise<unknown>>;
  grep?: string | undefined;
  write: (line: string) => void;
}

/**
 * Runs stages in order. What they need is prepared side by side from the start; a stage waits for its own needs only.
 * A stage whose preparation failed, or that throws, has failed once. Writes each stage's time and count; returns the sum.
 */
export async function runStages({ stages, preparations, grep, write }: Run): Promise<Outcome> {
  const needed = [...new Set(stages.flatMap(({ needs }) => needs))];
  // Settled, so that one that fails early is told of by the stage that needs it.
  const ready = new Map(needed.map((need) => [need, settle(preparations[need])]));
  const outcomes: Outcome[] = [];
  for (const stage of stages) {
    write(`\n── ${stage.title} ──`);
    const start = Date.now();
    const outcome = await runStage(stage, ready, grep);
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    const problem = outcome.problem === undefined ? '' : ` (${outcome.problem})`;
    write(`── ${stage.title}: ${outcome.passed} passed, ${outcome.failed} failed in ${seconds} s${problem}`);
    outcomes.push(outcome);
  }
  await Promise.all(ready.values());
  return sum(outcomes);
}

async function runStage(
  stage: Stage,
  ready: Map<Preparation, Promise<{ error?: unknown }>>,
  grep: string | undefined,
): Promise<Outcome> {
  try {
    for (const need of stage.needs) {
      const prepared = await ready.get(need);
      if (prepared && 'error' in prepared) throw prepared.error;
    }
    return await stage.run({ grep });
  } catch (error) {
    return { passed: 0, failed: 1, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function settle(work: () => Promise<unknown>): Promise<{ error?: unknown }> {
  try {
    await work();
    return {};
  } catch (error) {
    return { error };
  }
}
