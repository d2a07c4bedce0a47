import { t } from './l10n.ts';

/** How times, sizes and durations are written. Pure; times of day are the user's local ones. */

const two = (value: number): string => String(value).padStart(2, '0');

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A count with thousands separators. */
export const count = (value: number): string => integers.format(value);

/** Local time of day of `ms` since 1970: `19:11` by minutes, `19:11:48` by seconds, `19:11:48.134` by milliseconds. */
export const clock = (ms: number, precision: 'minutes' | 'seconds' | 'milliseconds' = 'seconds'): string => {
  const date = new Date(ms);
  const minutes = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (precision === 'minutes') return minutes;
  const seconds = `${minutes}:${two(date.getSeconds())}`;
  return precision === 'seconds' ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}`;
};

/** Local date of `ms` since 1970 as `2026-11-20`. */
export const day = (ms: number): string => {
  const date = new Date(ms);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};

/** Time of day, with the date in front when it is not today's. */
export const clockOfDay = (
  ms: number,
  now: number,
  precision: 'minutes' | 'seconds' | 'milliseconds' = 'seconds',
): string => (day(ms) === day(now) ? clock(ms, precision) : `${day(ms)} ${clock(ms, precision)}`);

/** For a narrow cell: the time of day by seconds today, `11-15 19:11` on another day. */
export const shortMoment = (ms: number, now: number): string =>
  day(ms) === day(now) ? clock(ms) : `${day(ms).slice(5)} ${clock(ms, 'minutes')}`;

/** UTC time of day of `ms` since 1970, with milliseconds: `18:11:48.134`. */
export const clockUtc = (ms: number): string => new Date(ms).toISOString().slice(11, 23);

/** At most three digits that count, without trailing zeros: `6.7`, `16.4`, `250`. */
const short = (value: number): string => String(Number(value >= 100 ? value.toFixed(0) : value.toFixed(1)));

/** Bytes as Sentry's limits are told: `47 B`, `6.7 kB` of 1000, `1 MiB` where it is a whole number of them. */
export const bytes = (value: number): string => {
  if (value < 1000) return `${integers.format(value)} B`;
  if (value >= 1_048_576 && value % 1_048_576 === 0) return `${integers.format(value / 1_048_576)} MiB`;
  if (value < 999_950) return `${short(value / 1000)} kB`;
  return `${short(value / 1_000_000)} MB`;
};

/** A duration in ms: `0.4 ms`, `21 ms`, `2.9 s`, `6 min`, `3 h`, `2 d`. */
export const duration = (ms: number): string => {
  if (ms < 1) return `${short(Math.max(0, ms))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${short(ms / 1000)} s`;
  if (ms < 3_570_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 86_400_000) return `${short(ms / 3_600_000)} h`;
  return `${short(ms / 86_400_000)} d`;
};

/** How long the timeline is: `90 s`, `8 min`, `6 h`, `1 week`. */
export const span = (ms: number): string => {
  const minutes = ms / 60_000;
  if (minutes < 2) return `${Math.round(ms / 1000)} s`;
  if (minutes < 99.5) return `${Math.round(minutes)} min`;
  const hours = minutes / 60;
  if (hours < 47.5) return `${short(hours)} h`;
  const days = hours / 24;
  return Math.round(days) === 7 ? t('1 week') : `${short(days)} d`;
};

/** Time left as `0:24` or `1:02:05`; never below zero. */
export const countdown = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours > 0 ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
};

/** The first line of a text that says anything, for a cell. */
export const firstLine = (text: string): string =>
  text
    .split('\n')
    .find((line) => line.trim() !== '')
    ?.trim() ?? '';
