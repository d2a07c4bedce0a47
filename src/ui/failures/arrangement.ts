import * as v from 'valibot';
import type { FailureFilter, FailureGrouping } from '../../engine/api.ts';

export const GROUPINGS = ['kind', 'location', 'asset', 'issue'] as const satisfies readonly FailureGrouping[];

/** Which failures the view lists, and how they are grouped. */
export interface Arrangement {
  readonly grouping: FailureGrouping;
  readonly filter: FailureFilter;
}

/** What waits for somebody: all that is listed unless one asks for other failures. */
export const PENDING: FailureFilter = {
  text: '',
  statuses: ['pending'],
  kinds: [],
  severities: [],
  places: [],
  origins: [],
  times: [],
  passed: [],
};

/** The grouping as it was remembered, whatever stands there now. */
export const groupingOf = (remembered: unknown): FailureGrouping =>
  v.parse(v.fallback(v.picklist(GROUPINGS), 'kind'), remembered);

/** Whether pending failures are left out, or others listed. */
export const isFiltered = (filter: FailureFilter): boolean => JSON.stringify(filter) !== JSON.stringify(PENDING);

type Part = Exclude<keyof FailureFilter, 'text'>;

/** One value that a person can choose for one part of the filter. */
export interface FilterChoice {
  readonly value: string;
  isIn(filter: FailureFilter): boolean;
  addTo(filter: FailureFilter): FailureFilter;
}

function choice<P extends Part>(part: P, value: FailureFilter[P][number]): FilterChoice {
  const valuesOf = (filter: FailureFilter): readonly string[] => filter[part];
  return {
    value,
    isIn: (filter) => valuesOf(filter).includes(value),
    addTo: (filter) => ({ ...filter, [part]: [...filter[part], value] }),
  };
}

/** All choices, part by part. */
export const choicesOf = (places: readonly string[]) => ({
  kinds: { check: choice('kinds', 'check'), run: choice('kinds', 'run') },
  severities: { ERROR: choice('severities', 'ERROR'), WARN: choice('severities', 'WARN') },
  places: places.map((place) => choice('places', place)),
  origins: { real: choice('origins', 'real'), test: choice('origins', 'test') },
  times: { since: choice('times', 'since'), before: choice('times', 'before') },
  passed: { notPassed: choice('passed', 'not-passed'), passed: choice('passed', 'passed') },
  statuses: {
    pending: choice('statuses', 'pending'),
    sent: choice('statuses', 'sent'),
    dismissed: choice('statuses', 'dismissed'),
  },
});

/** The filter with exactly these choices; what is searched for stays. */
export const withChoices = (filter: FailureFilter, choices: readonly FilterChoice[]): FailureFilter =>
  choices.reduce<FailureFilter>((sum, each) => each.addTo(sum), { ...PENDING, statuses: [], text: filter.text });
