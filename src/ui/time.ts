import type { L10n } from './l10n.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** `19:12:30` in local time; `ms` since 1970. */
export function clock(ms: number): string {
  const date = new Date(ms);
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `19:12:30.220`. */
export const exactClock = (ms: number): string =>
  `${clock(ms)}.${String(new Date(ms).getMilliseconds()).padStart(3, '0')}`;

/** `19:12` today, `2026-05-04 19:12` on another day. */
export function shortTime(ms: number, now: number): string {
  const date = new Date(ms);
  return onItsDay(`${two(date.getHours())}:${two(date.getMinutes())}`, date, now);
}

/** `19:12:30` today, `2026-05-04 19:12:30` on another day. */
export const longTime = (ms: number, now: number): string => onItsDay(clock(ms), new Date(ms), now);

const onItsDay = (time: string, date: Date, now: number): string =>
  date.toDateString() === new Date(now).toDateString() ? time : `${day(date)} ${time}`;

const day = (date: Date): string => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

/** `1 min 52 s ago`: the two largest units that say something. */
export function age(ms: number, now: number, l10n: L10n): string {
  const seconds = Math.max(0, Math.floor((now - ms) / 1000));
  if (seconds < 1) return l10n.t('just now');
  if (seconds < 60) return l10n.t('{0} s ago', seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min {1} s ago', minutes, seconds % 60);
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return l10n.t('{0} h {1} min ago', hours, minutes % 60);
  return l10n.t('{0} days ago', Math.floor(hours / 24));
}
