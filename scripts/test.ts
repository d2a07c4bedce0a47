// `npm test [-- <stage>…] [--grep <pattern>]`: when no stage is named all but the long ones, with `--full` these too.
// The last line is their sum.
import os from 'node:os';
import { parseArgs } from 'node:util';
import { runStages } from '../test/run/run.ts';
import { preparations, stages } from '../test/run/stages.ts';
import { main, Problem } from './say.ts';

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code)); // what it has started ends with it
}

await main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { grep: { type: 'string', short: 'g' }, full: { type: 'boolean' } },
  });
  const names = stages.map(({ name }) => name);
  const unknown = positionals.find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Problem(`there is no stage "${unknown}". Stages: ${names.join(', ')}`);
  const chosen = stages.filter(({ name, long }) =>
    positionals.length === 0 ? values.full || !long : positionals.includes(name),
  );
  const write = (line: string) => process.stdout.write(`${line}\n`);
  // Half of a stage is waiting: two at a time keep two cores busy. Three were measured to take as long, each slower.
  const atOnce = Math.min(chosen.length, os.availableParallelism(), 2);
  const { passed, failures } = await runStages({ stages: chosen, preparations, grep: values.grep, write, atOnce });
  // Once more, where a log that keeps only its end has it too.
  for (const failure of failures) write(`\n── failed: ${failure.slice(0, 3000)}`);
  write(`\n${passed} passed, ${failures.length} failed`);
  return failures.length > 0 || passed === 0 ? 1 : 0;
});
process.exit();
