import type { Rows } from './rows.ts';

/** What came out of a stage. */
export interface Outcome {
  passed: number;
  failed: number;
  /** What went wrong beside the tests; counted as one failure. */
  problem?: string;
}

/**
 * Counts what a mocha run left. A run that did not come to its end, that ended badly though no test failed, or that
 * held no test (unless fewer were asked for than there are) has one failure more.
 */
export function judge({ rows, finished }: Rows, exit: { good: boolean; how: string }, mayBeEmpty = false): Outcome {
  const failed = rows.filter((row) => row.error !== undefined).length;
  const passed = rows.length - failed;
  const problem = !finished
    ? `ended before its tests had (${exit.how})`
    : !exit.good && failed === 0
      ? `no test failed, yet it ended badly (${exit.how})`
      : rows.length === 0 && !mayBeEmpty
        ? 'no test ran'
        : undefined;
  return problem === undefined ? { passed, failed } : { passed, failed: failed + 1, problem };
}

/** The sum of all stages. */
export function sum(outcomes: Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((all, { passed }) => all + passed, 0),
    failed: outcomes.reduce((all, { failed }) => all + failed, 0),
  };
}
