import type { Tick } from '../../engine/api.ts';
import { clockOfDay, firstLine } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';

/** How a tick ended, as a mark tells it: a success counts twice, with and without failures found. */
export const ENDS = ['found', 'none', 'skipped', 'failure'] as const;
export type End = (typeof ENDS)[number];

export const endOf = (tick: Tick): End => {
  switch (tick.end.kind) {
    case 'success':
      return tick.failuresFound > 0 ? 'found' : 'none';
    case 'skipped':
      return 'skipped';
    case 'failure':
      return 'failure';
  }
};

/** From the least to the most telling: what stands for several ticks together. */
const WEIGHT: Readonly<Record<End, number>> = { none: 0, skipped: 1, found: 2, failure: 3 };
export const worse = (a: End, b: End): End => (WEIGHT[b] > WEIGHT[a] ? b : a);

/** Dagster's word for the end. */
export const endWord = (end: End): string => {
  switch (end) {
    case 'found':
    case 'none':
      return t('Success');
    case 'skipped':
      return t('Skipped');
    case 'failure':
      return t('Failure');
  }
};

/** The end as a facet names it; `short` where there is little room. */
export const facetWord = (end: End, short = false): string => {
  switch (end) {
    case 'found':
      return short ? t('Failures found') : t('Success, failures found');
    case 'none':
      return short ? t('None found') : t('Success, none found');
    case 'skipped':
      return t('Skipped');
    case 'failure':
      return t('Failure');
  }
};

/** The end as a sentence, for the head of the details. */
export const endSentence = (tick: Tick): string => {
  switch (endOf(tick)) {
    case 'found':
      return plural(tick.failuresFound, 'Success, {0} failure found', 'Success, {0} failures found');
    case 'none':
      return t('Success, nothing new');
    case 'skipped':
      return t('Skipped');
    case 'failure':
      return t('The tick failed');
  }
};

/** Skip reason, first line of the error, or what was found. */
export const reason = (tick: Tick): string => {
  const { end } = tick;
  if (end.kind === 'skipped') return firstLine(end.reason);
  if (end.kind === 'failure') return firstLine(end.error);
  const parts: string[] = [];
  if (tick.failuresFound > 0) parts.push(plural(tick.failuresFound, '{0} failure found', '{0} failures found'));
  else if (tick.rowsRead > 0)
    parts.push(plural(tick.rowsRead, '{0} row read, no failure', '{0} rows read, no failure'));
  else parts.push(t('Nothing new'));
  if (tick.unreadable > 0) parts.push(plural(tick.unreadable, '{0} row unreadable', '{0} rows unreadable'));
  return parts.join('; ');
};

/** What stands before the reason of a row that counts; empty for a single tick. */
export const counted = (tick: Tick, now: number): string =>
  tick.count > 1 ? t('{0} ticks since {1}: ', tick.count, clockOfDay(tick.startedAt, now)) : '';

/** Why a tick began. */
export const why = (tick: Tick): string => {
  switch (tick.trigger) {
    case 'interval':
      return t('its interval');
    case 'peek':
      return t('the log grew');
    case 'manual':
      return t('by hand');
  }
};

/** One tick as a sentence that is read aloud. */
export const spoken = (tick: Tick, now: number): string =>
  t(
    '{0}, {1}, {2}',
    clockOfDay(tick.lastStartedAt, now),
    tick.sensor,
    `${endWord(endOf(tick))}, ${counted(tick, now)}${reason(tick)}`,
  );
