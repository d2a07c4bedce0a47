import type { FailureKind } from './failure.ts';

/** Tags that follow from a test failure's own fields: they are changed there. */
export const FOLLOWING_TAGS: Readonly<Record<FailureKind, readonly string[]>> = {
  check: ['severity', 'partition_date'],
  run: ['job_name', 'partition_date'],
};
