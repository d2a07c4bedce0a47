import type { SQLInputValue } from 'node:sqlite';
import type { CheckSeverity, FailureKind } from '../failure/failure.ts';

export type FailureStatus = 'pending' | 'sent' | 'dismissed';

/** How a list of failures is divided. `location`: OEM and code location; `issue`: what Sentry puts into one issue. */
export type FailureGrouping = 'kind' | 'location' | 'asset' | 'issue';

/**
 * Which failures are listed: those that fit every part. An empty part lets all through; several values of one part are
 * alternatives.
 */
export interface FailureFilter {
  /** Words that must all stand in title, label, asset, partition, run id or code location, in any case. */
  readonly text: string;
  readonly statuses: readonly FailureStatus[];
  readonly kinds: readonly FailureKind[];
  readonly severities: readonly CheckSeverity[];
  /** Code locations; where a failure has none, the OEM stands in for it. */
  readonly places: readonly string[];
  readonly origins: readonly ('real' | 'test')[];
  /** Recorded before or since Firedrill met the instance. */
  readonly times: readonly ('since' | 'before')[];
  /** Whether the check passed later. */
  readonly passed: readonly ('passed' | 'not-passed')[];
}

/** What is selected and how it is divided: by kind and without a filter where these are not given. */
export interface FailureSelection {
  readonly status: FailureStatus | 'all';
  readonly filter?: FailureFilter | undefined;
  readonly grouping?: FailureGrouping | undefined;
}

/** The group of each grouping that holds what was recorded before Firedrill met the instance. */
export const BEFORE = 'before';

const VALUE: Readonly<Record<FailureGrouping, string>> = {
  kind: 'kind',
  location: "'in:' || place",
  asset: "'in:' || coalesce(asset, '')",
  issue: "'in:' || grouping_key",
};

/** The group of a failure, as an SQL expression: text that only means something within its grouping. */
export const groupKey = (grouping: FailureGrouping): string =>
  `case when before_firedrill = 1 then '${BEFORE}' else ${VALUE[grouping]} end`;

/** Groups keep their places while failures arrive: names in their order, issues by when their first failure came. */
export const groupOrder = (grouping: FailureGrouping): string =>
  `group_key = '${BEFORE}', ${grouping === 'issue' ? 'min(seq) desc' : 'group_key'}`;

export interface Condition {
  readonly sql: string;
  readonly values: Readonly<Record<string, SQLInputValue>>;
}

/**
 * The selection as a condition on the columns of `failures`.
 * @param group the key of one group; null for all of them.
 */
export function conditionOf({ status, filter, grouping }: FailureSelection, group: string | null = null): Condition {
  const parts: string[] = [];
  const values: Record<string, SQLInputValue> = {};
  if (group === BEFORE) parts.push('before_firedrill = 1');
  else if (group !== null) {
    parts.push(`before_firedrill = 0 and ${VALUE[grouping ?? 'kind']} = $group`);
    values.group = group;
  }
  const oneOf = (column: string, name: string, allowed: readonly (string | number)[]): void => {
    if (allowed.length === 0) return;
    parts.push(`${column} in (select value from json_each($${name}))`);
    values[name] = JSON.stringify(allowed);
  };
  if (status !== 'all') oneOf('status', 'status', [status]);
  if (filter !== undefined) {
    oneOf('status', 'statuses', filter.statuses);
    oneOf('kind', 'kinds', filter.kinds);
    oneOf('severity', 'severities', filter.severities);
    oneOf('place', 'places', filter.places);
    oneOf(
      'test',
      'origins',
      filter.origins.map((origin) => (origin === 'test' ? 1 : 0)),
    );
    oneOf(
      'before_firedrill',
      'times',
      filter.times.map((time) => (time === 'before' ? 1 : 0)),
    );
    oneOf(
      '(passed_since is not null)',
      'passed',
      filter.passed.map((passed) => (passed === 'passed' ? 1 : 0)),
    );
    for (const [index, word] of wordsOf(filter.text).entries()) {
      parts.push(`instr(searched, $word${index}) > 0`);
      values[`word${index}`] = word;
    }
  }
  return { sql: parts.length === 0 ? 'true' : parts.join(' and '), values };
}

/** Text as it is searched: SQLite itself only knows the case of ASCII. */
export const searchable = (text: string): string => text.toLocaleLowerCase('en');

/** More words than a person types are left out: SQLite takes a limited number of values. */
const WORDS = 50;
const wordsOf = (text: string): readonly string[] =>
  searchable(text)
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS);
