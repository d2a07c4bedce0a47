/** Tells what the set-up does. On standard error, because standard output belongs to the task. */
export function say(message: string): void {
  process.stderr.write(`firedrill: ${message}\n`);
}

/** Something only the reader can put right: shown as one line, without a stack. */
export class Problem extends Error {}

/** Runs a script's main function; what it returns is the exit code (0 when nothing). */
export async function main(work: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await work()) ?? 0;
  } catch (error) {
    if (error instanceof Problem) say(error.message);
    else console.error(error);
    process.exitCode = 1;
  }
}
