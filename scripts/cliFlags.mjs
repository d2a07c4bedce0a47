/**
 * What Node is started with for the command line. V8 lets the memory for short-lived objects grow to 64 MB in a burst and
 * keeps it; 1 MB for each half collects more often.
 */
export const cliFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=1'];
