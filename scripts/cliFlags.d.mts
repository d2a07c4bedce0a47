/** What Node is started with for the command line. */
export const cliFlags: readonly string[];
