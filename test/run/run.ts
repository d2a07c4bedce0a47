import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type Outcome, sum } from './outcome.ts';
import type { Preparation, Stage, StageOptions } from './stages.ts';

export interface Run {
  stages: Stage[];
  preparations: Record<Preparation, () => Promise<unknown>>;
  grep?: string | undefined;
  write: (line: string) => void;
  /** How many stages run at a time; one when not given. With more than one, each stage's output is written at its end. */
  atOnce?: number;
}

/**
 * Runs stages in order, some at a time. What they need is prepared side by side from the start; a stage waits for its
 * own needs only; those that measure run at the end, one by one. A stage whose preparation failed, or that throws, has
 * failed once. Writes each stage's time and count; returns the sum, each failure with its stage's title.
 */
export async function runStages({ stages, preparations, grep, write, atOnce = 1 }: Run): Promise<Outcome> {
  const needed = [...new Set(stages.flatMap(({ needs }) => needs))];
  // Settled, so that one that fails early is told of by the stage that needs it.
  const ready = new Map(needed.map((need) => [need, settle(preparations[need])]));
  const outcomes: Outcome[] = [];
  const runAll = async (some: Stage[], lanes: number): Promise<void> => {
    const waiting = [...some];
    const lane = async (): Promise<void> => {
      for (let stage = waiting.shift(); stage; stage = waiting.shift()) {
        outcomes.push(await told(stage, ready, grep, write, atOnce > 1));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
  };
  await runAll(
    stages.filter(({ alone }) => !alone),
    atOnce,
  );
  await runAll(
    stages.filter(({ alone }) => alone),
    1,
  );
  await Promise.all(ready.values());
  return sum(outcomes);
}

/** Runs one stage and writes what it said, its time and its count. */
async function told(
  stage: Stage,
  ready: Map<Preparation, Promise<{ error?: unknown }>>,
  grep: string | undefined,
  write: Run['write'],
  atEnd: boolean,
): Promise<Outcome> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-stage-'));
  const file = path.join(folder, 'output.txt');
  const output = atEnd ? openSync(file, 'a') : undefined;
  try {
    write(`${atEnd ? '' : '\n'}── ${stage.title} ──${atEnd ? ' begun' : ''}`);
    const start = Date.now();
    const outcome = await runStage(stage, ready, { grep, output });
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    if (atEnd) write(`\n${await readFile(file, 'utf8')}`);
    write(`── ${stage.title}: ${outcome.passed} passed, ${outcome.failures.length} failed in ${seconds} s`);
    return { ...outcome, failures: outcome.failures.map((failure) => `${stage.title}: ${failure}`) };
  } finally {
    if (output !== undefined) closeSync(output);
    await rm(folder, { recursive: true, force: true });
  }
}

async function runStage(
  stage: Stage,
  ready: Map<Preparation, Promise<{ error?: unknown }>>,
  options: StageOptions,
): Promise<Outcome> {
  try {
    for (const need of stage.needs) {
      const prepared = await ready.get(need);
      if (prepared && 'error' in prepared) throw prepared.error;
    }
    return await stage.run(options);
  } catch (error) {
    return { passed: 0, failures: [error instanceof Error ? error.message : String(error)] };
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
