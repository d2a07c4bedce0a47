import type { OwnTick, Tick } from '../../engine/api.ts';
import type { LaneTick } from '../protocol.ts';
import { clockOfDay, firstLine } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { failureName } from './failureName.ts';

/** How a tick ended, as a mark tells it: a success counts twice, with and without failures found. */
export const ENDS = ['found', 'none', 'skipped', 'failure'] as const;
export type End = (typeof ENDS)[number];

export const endOf = (tick: LaneTick): End => {
  switch (tick.end.kind) {
    case 'success':
      return failuresOf(tick) > 0 ? 'found' : 'none';
    case 'skipped':
      return 'skipped';
    case 'failure':
    case 'unended':
      return 'failure';
  }
};

/** Failures found; of the project's own sensors those runs that a run status sensor reported. */
export const failuresOf = (tick: LaneTick): number =>
  tick.trigger === 'daemon' ? tick.runsReported.length : tick.failuresFound;

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
export const endSentence = (tick: LaneTick): string => {
  if (tick.end.kind === 'unended') return t('The tick never ended');
  switch (endOf(tick)) {
    case 'found':
      return tick.trigger === 'daemon'
        ? plural(failuresOf(tick), 'Success, {0} run reported', 'Success, {0} runs reported')
        : plural(failuresOf(tick), 'Success, {0} failure found', 'Success, {0} failures found');
    case 'none':
      return tick.trigger === 'daemon' ? t('Success') : t('Success, nothing new');
    case 'skipped':
      return t('Skipped');
    case 'failure':
      return t('The tick failed');
  }
};

/** Skip reason, first line of the error, or what was found. */
export const reason = (tick: LaneTick): string => {
  const { end } = tick;
  if (end.kind === 'skipped') return firstLine(end.reason) || t('no reason given');
  if (end.kind === 'failure') return firstLine(end.error) || t('no error given');
  if (end.kind === 'unended') return t('it started and never ended: was the daemon stopped?');
  return tick.trigger === 'daemon' ? ownDone(tick) : hostedDone(tick);
};

/** What a tick of the project's own sensor brought about. */
const ownDone = ({ runsRequested, runsReported }: OwnTick): string => {
  const parts: string[] = [];
  if (runsReported.length > 0) parts.push(plural(runsReported.length, '{0} run reported', '{0} runs reported'));
  if (runsRequested.length > 0) parts.push(plural(runsRequested.length, '{0} run requested', '{0} runs requested'));
  return parts.length > 0 ? parts.join('; ') : t('No run requested');
};

const hostedDone = (tick: Tick): string => {
  const parts: string[] = [];
  if (tick.failuresFound > 0) parts.push(found(tick));
  else if (tick.rowsRead > 0)
    parts.push(plural(tick.rowsRead, '{0} row read, no failure', '{0} rows read, no failure'));
  else parts.push(t('Nothing new'));
  if (tick.unreadable > 0) parts.push(plural(tick.unreadable, '{0} row unreadable', '{0} rows unreadable'));
  return parts.join('; ');
};

/** The first failures by name, and how many more. */
const found = ({ failuresFound, firstFound }: Tick): string => {
  if (firstFound.length === 0) return plural(failuresFound, '{0} failure found', '{0} failures found');
  const names = firstFound.map(failureName).join(', ');
  const more = failuresFound - firstFound.length;
  return more > 0 ? t('{0} and {1} more', names, more) : names;
};

/** What stands before the reason of a row that counts; empty for a single tick. */
export const counted = (tick: LaneTick, now: number): string =>
  tick.count > 1 ? t('{0} ticks since {1}: ', tick.count, clockOfDay(tick.startedAt, now)) : '';

/** Why a tick began. */
export const why = (tick: LaneTick): string => {
  switch (tick.trigger) {
    case 'interval':
      return t('its interval');
    case 'peek':
      return t('the log grew');
    case 'manual':
      return t('by hand');
    case 'daemon':
      return t('Dagster’s daemon');
  }
};

/** One tick as a sentence that is read aloud. */
export const spoken = (tick: LaneTick, sensor: string, now: number): string =>
  t(
    '{0}, {1}, {2}',
    clockOfDay(tick.lastStartedAt, now),
    sensor,
    `${endWord(endOf(tick))}, ${counted(tick, now)}${reason(tick)}`,
  );
