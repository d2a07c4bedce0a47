// `npm run bench`: measures everything in one go and rewrites bench/RESULTS.md. With names (`npm run bench -- reading`)
// only those anew; each group of the results tells when and at which commit it was measured.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from '../esbuild.mjs';
import { main, say } from '../scripts/say.ts';
import type { Measured } from './figure.ts';
import { keep, kept } from './kept.ts';
import { backlog } from './measures/backlog.ts';
import { editor } from './measures/editor.ts';
import { live } from './measures/live.ts';
import { memory } from './measures/memory.ts';
import { reading } from './measures/reading.ts';
import { size } from './measures/size.ts';
import { results, table } from './results.ts';

/** Alternating repetitions of each comparison. */
const REPETITIONS = 5;

const measures: Readonly<Record<string, () => Promise<Measured>>> = {
  live,
  checks: () => backlog({ kind: 'check', delay: 0, repetitions: REPETITIONS, goal: 25 }),
  'checks-20ms': () => backlog({ kind: 'check', delay: 20, repetitions: REPETITIONS, goal: 10, pythonTicks: 5 }),
  runs: () => backlog({ kind: 'run', delay: 0, repetitions: REPETITIONS, goal: 50 }),
  reading,
  memory: () => memory(REPETITIONS),
  editor: () => editor(REPETITIONS),
  size,
};

await main(async () => {
  const names = process.argv.slice(2);
  const unknown = names.find((name) => !Object.hasOwn(measures, name));
  if (unknown !== undefined) {
    say(`there is no measurement "${unknown}". One of: ${Object.keys(measures).join(', ')}`);
    return 2;
  }
  await build({ release: true });
  const failed: string[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    if (names.length > 0 && !names.includes(name)) continue;
    say(`measuring ${name}`);
    try {
      const measured = await measure();
      console.log(table(measured));
      await keep(name, measured);
    } catch (error) {
      // The others are measured all the same; of this one the results keep what was measured last, with its date.
      failed.push(name);
      console.error(`${name} could not be measured:`, error);
    }
    await writeFile(
      path.join(import.meta.dirname, 'RESULTS.md'),
      await results(await kept(Object.keys(measures)), failed),
    );
  }
  if (failed.length > 0) say(`could not be measured: ${failed.join(', ')}`);
  return failed.length > 0 ? 1 : 0;
});
