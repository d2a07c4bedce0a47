/** Wrong words on the command line: exit code 2 and one line. */
export class UsageError extends Error {}

/** What was asked for could not be done: exit code 1 and the reason. */
export class CliError extends Error {}
