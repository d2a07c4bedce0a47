import { CliError, UsageError } from './cli/errors.ts';
import { Output, OutputClosed } from './cli/output.ts';
import { HELP } from './cli/usage.ts';
import { EventLogError } from './dagster/eventLog.ts';
import { StateStoreError } from './store/stateStoreError.ts';

/** Each command is loaded when it is called: `preview` needs no HTTP client and no state. */
const COMMANDS: Readonly<Record<string, (args: string[], output: Output) => Promise<number>>> = {
  preview: async (args, output) => (await import('./cli/preview.ts')).preview(args, output),
  'send-test': async (args, output) => (await import('./cli/sendTest.ts')).sendTest(args, output),
  watch: async (args, output) => (await import('./cli/watch.ts')).watch(args, output),
};

/** Runs one command line; answers the exit code: 0 done, 1 could not be done, 2 wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  const [name, ...args] = argv;
  try {
    if (name === undefined) throw new UsageError('say what to do: preview, send-test or watch (see --help)');
    if (name === '--help' || name === '-h' || name === 'help') {
      process.stdout.write(HELP.all);
      return 0;
    }
    const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
    if (!command) throw new UsageError(`there is no command '${name}': preview, send-test and watch are (see --help)`);
    return await command(args, new Output(process.stdout));
  } catch (error) {
    if (error instanceof OutputClosed) return 0;
    if (error instanceof UsageError) {
      process.stderr.write(`firedrill: ${oneLine(error.message)}\n`);
      return 2;
    }
    // What these say is for the user; anything else is a defect, told with its place.
    const isTold = error instanceof CliError || error instanceof EventLogError || error instanceof StateStoreError;
    process.stderr.write(`firedrill: ${isTold ? oneLine(error.message) : placeOf(error)}\n`);
    return 1;
  }
}

const placeOf = (error: unknown): string => (error instanceof Error && error.stack) || String(error);

const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ').trim();

process.exitCode = await main(process.argv.slice(2));
