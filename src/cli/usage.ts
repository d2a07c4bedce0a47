import { type ParseArgsConfig, parseArgs } from 'node:util';
import { DEFAULTS } from '../defaults.ts';
import { messageOf } from '../failure/messageOf.ts';
import { UsageError } from './errors.ts';

export const HELP = {
  all: `Firedrill on the command line: the engine of the VS Code extension, without the editor.

  preview --home DIR         print the Sentry event of every failure in an instance's history
  send-test check|run        send one test failure to SENTRY_DSN and print the receipt
  watch --home DIR           follow an instance: ticks, failures and receipts as JSON lines

Each command answers --help.
Exit codes: 0 done, 1 could not be done, 2 wrong usage.
`,
  preview: `preview --home DIR

Prints, for every failure in the history of the Dagster instance in DIR and in the log's order, one JSON line
  {"storage_id": 350, "kind": "check" | "run", "event": {...}}
with the Sentry event that would be sent. Sends nothing and changes nothing in DIR.
storage_id is the event log's row number; null for an evaluation that Dagster before 1.12.11 kept outside the log.

  --home DIR            the instance's DAGSTER_HOME
  --environment NAME    Sentry's environment of the events (default: none)
  --oem-pattern REGEX   finds the OEM in a code location's name; its first group (default: ${DEFAULTS.oemPattern})
`,
  sendTest: `send-test check|run

Builds the specified event of a test failure and sends it to the DSN in the environment variable SENTRY_DSN.
Prints the receipt as one JSON line. Exit code 1, with the reason, when it was not accepted.

  --environment NAME    Sentry's environment of the event (default: firedrill-test)
`,
  watch: `watch --home DIR

Hosts both sensors on the Dagster instance in DIR and prints ticks, failures, receipts and what the inbox received
as JSON lines until it is interrupted.

  --home DIR            the instance's DAGSTER_HOME
  --deliver MODE        hold (default): list only; inbox: to the local inbox;
                        dsn: to each code location's SENTRY_DSN
  --state DIR           where cursors, failures and receipts are kept (default: a folder of this user)
  --workspace DIR       folder whose .env files are looked at for SENTRY_DSN (default: the current one)
  --webserver URL       the instance's webserver (default: ${DEFAULTS.webserverUrl})
  --inbox-port N        the inbox's port (default: ${DEFAULTS.inboxPort})
  --environment NAME    Sentry's environment of the events (default: none)
  --oem-pattern REGEX   finds the OEM in a code location's name; its first group (default: ${DEFAULTS.oemPattern})

With an auth token in the environment variable SENTRY_AUTH_TOKEN (scope project:read), Sentry is asked whether it has
what it accepted. The token is for the server in SENTRY_URL (default: https://sentry.io), and given to no other.
`,
} as const;

/**
 * Parses a command's own arguments strictly.
 * @returns null when --help was asked for and printed.
 */
export function parse<Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
  help: string,
) {
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(help);
    return null;
  }
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(`${messageOf(error).replace(/\s+/g, ' ')} (see --help)`);
  }
}
