import type { FailureKind } from './failure.ts';

/** Tags that follow from a test failure's own fields: they are changed there. */
export const FOLLOWING_TAGS: Readonly<Record<FailureKind, readonly string[]>> = {
  check: ['severity', 'partition_date'],
  run: ['job_name', 'partition_date'],
};

/** Sentry takes letters, digits, `_`, `.`, `:` and `-`, at most 200 of them (develop.sentry.dev, event payloads, tags). */
export const TAG_NAME = /^[\w.:-]{1,200}$/;
