import { CliError, UsageError } from './cli/errors.ts';
import { HELP } from './cli/usage.ts';

/** Each command is loaded when it is called: `preview` needs no HTTP client and no state. */
const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<number>>> = {
  preview: async (args) => (await import('./cli/preview.ts')).preview(args),
  'send-test': async (args) => (await import('./cli/sendTest.ts')).sendTest(args),
  watch: async (args) => (await import('./cli/watch.ts')).watch(args),
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
    return await command(args);
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`firedrill: ${error.message}\n`);
      return 2;
    }
    process.stderr.write(
      `firedrill: ${error instanceof CliError ? error.message : String((error as Error)?.stack ?? error)}\n`,
    );
    return 1;
  }
}

// A reader that has seen enough (`| head`) closes the pipe: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await main(process.argv.slice(2));
