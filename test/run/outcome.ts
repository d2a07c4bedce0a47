import type { Rows } from './rows.ts';

/** What came out of a stage. */
export interface Outcome {
  passed: number;
  /** What failed, a text each: a test's titles and its error, or what went wrong beside the tests. */
  failures: readonly string[];
}

/**
 * Counts what a mocha run left. A run that did not come to its end, that ended badly though no test failed, or that
 * held no test (unless fewer were asked for than there are) has one failure more.
 */
export function judge({ rows, finished }: Rows, exit: { good: boolean; how: string }, mayBeEmpty = false): Outcome {
  const failures = rows.flatMap(({ title, error }) => (error === undefined ? [] : [`${title}\n${error}`]));
  const passed = rows.length - failures.length;
  const problem = !finished
    ? `ended before its tests had (${exit.how})`
    : !exit.good && failures.length === 0
      ? `no test failed, yet it ended badly (${exit.how})`
      : rows.length === 0 && !mayBeEmpty
        ? 'no test ran'
        : undefined;
  return { passed, failures: problem === undefined ? failures : [...failures, problem] };
}

/** The sum of all stages. */
export function sum(outcomes: Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((all, { passed }) => all + passed, 0),
    failures: outcomes.flatMap(({ failures }) => failures),
  };
}
