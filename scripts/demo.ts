import path from 'node:path';
import { parseArgs } from 'node:util';
import { openEditor } from './demo/editor.ts';
import { runHeadless } from './demo/headless.ts';
import { defaultManifest, writeManifest } from './demo/keptManifest.ts';
import { Leaving } from './demo/leaving.ts';
import { demoCases, provokeAll } from './demo/provoking.ts';
import { setStage } from './demo/stage.ts';
import { main, Problem } from './say.ts';

const help = `npm run demo [-- options]

Starts Dagster on a project that fails, opens VS Code with Firedrill on it, and then makes it fail, one way after the
other. Ctrl-C ends everything that was started.

  --headless       without an editor: every failure is delivered to the inbox; exit code 0 when all have arrived,
                   1 with the names of those that have not
  --all            every case there is (some 60, two to three minutes), not only the main ones
  --only A,B       these cases
  --pause N        seconds between two failures (default: 1; headless: 0)
  --manifest FILE  where to keep the list of what was made to fail: each case with its storage id in Dagster's event
                   log and what must be sent for it (default: .cache/demo-manifest.json)
  --host ADDRESS   where the hosted VS Code listens, when there is no desktop VS Code (default: 127.0.0.1)
  --port N         its port (default: a free one)
  --hosted         the hosted VS Code even where there is a desktop one
`;

interface Options {
  headless: boolean;
  hosted: boolean;
  cases: readonly string[] | 'all';
  pause: number;
  /** Absolute path. */
  manifest: string;
  host: string;
  port: number | undefined;
}

function parse(argv: string[]): Options | undefined {
  const { values } = parseArgs({
    args: argv,
    options: {
      headless: { type: 'boolean', default: false },
      hosted: { type: 'boolean', default: false },
      all: { type: 'boolean', default: false },
      only: { type: 'string' },
      pause: { type: 'string' },
      manifest: { type: 'string', default: defaultManifest },
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return undefined;
  const chosen = values.only?.split(',').filter((name) => name !== '');
  return {
    headless: values.headless,
    hosted: values.hosted,
    cases: values.all ? 'all' : (chosen ?? demoCases),
    pause: number('--pause', values.pause ?? (values.headless ? '0' : '1'), 3600),
    // npm runs this in the package's folder; the path is relative to where the user stands.
    manifest: path.resolve(process.env.INIT_CWD ?? '', values.manifest),
    host: values.host,
    port: values.port === undefined ? undefined : number('--port', values.port, 65_535),
  };
}

function number(option: string, text: string, highest: number): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value >= 0 && value <= highest))
    throw new Problem(`${option} takes a number from 0 to ${highest}, not "${text}"`);
  return value;
}

/** The demo: Dagster first, then somebody who watches it, and only then the failures. */
async function demo(): Promise<number> {
  const options = parsed();
  if (options === undefined) return 0;
  if (typeof options === 'number') return options;
  await writeManifest(options.manifest, []); // not that of an earlier demo; and told now, if it cannot be written
  const leaving = new Leaving();
  try {
    return await perform(options, leaving);
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    return 130; // interrupted: whatever was under way says so, each in its own words
  } finally {
    if (!leaving.signal.aborted) console.log('\nEnding what was started...');
    await leaving.leave();
    console.log(`What was made to fail, with storage ids: ${options.manifest}`);
  }
}

async function perform(options: Options, leaving: Leaving): Promise<number> {
  const stage = await setStage(leaving);
  if (options.headless) return runHeadless(stage, options, leaving);
  await openEditor(stage, options, leaving);
  await provokeAll(stage, options, leaving);
  console.log('\nThat was all. Dagster and VS Code stay up: try things out. Ctrl-C ends both.');
  await leaving.asked;
  return 0;
}

function parsed(): Options | number | undefined {
  try {
    const options = parse(process.argv.slice(2));
    if (options === undefined) process.stdout.write(help);
    return options;
  } catch (error) {
    process.stderr.write(`firedrill: ${error instanceof Error ? error.message : String(error)} (see --help)\n`);
    return 2;
  }
}

await main(demo);
