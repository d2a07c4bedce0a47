/** Runs npm in `cwd`, its output on standard error. Resolves with its exit code, or undefined where there is no npm. */
export function npm(args: string[], cwd: string): Promise<number | undefined>;
