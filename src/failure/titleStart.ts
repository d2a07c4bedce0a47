/** What the messages of all alerts begin with, as they are specified. */
const START = /^Dagster (?:asset check|run) failure: /;

/** A message without what all begin with: the telling part. */
export const withoutStart = (message: string): string => message.replace(START, '');
