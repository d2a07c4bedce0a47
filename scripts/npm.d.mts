/** How npm is run with these arguments: by the npm that started this process, else by the one that is found. */
export function npmCommand(args: string[]): { command: string; args: string[]; shell: boolean };

/** Runs npm in `cwd`, its output on standard error. Resolves with its exit code, or undefined where there is no npm. */
export function npm(args: string[], cwd: string): Promise<number | undefined>;
