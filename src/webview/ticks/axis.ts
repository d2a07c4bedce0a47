/** The lines of the time axis: pure. */
import { clock } from '../shared/format.ts';
import { type Scale, x } from './scale.ts';

export interface AxisLine {
  readonly x: number;
  readonly ms: number;
  readonly label: string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  SECOND,
  2 * SECOND,
  5 * SECOND,
  10 * SECOND,
  15 * SECOND,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  28 * DAY,
];
/** Lines stand at least this far apart. */
const MIN_GAP = 72;

const axisLabel = (ms: number, step: number): string => {
  const date = new Date(ms);
  if (step >= DAY || (step >= HOUR && date.getHours() === 0)) {
    return `${date.toLocaleDateString('en', { weekday: 'short' })} ${date.getDate()}`;
  }
  return clock(ms, step < MINUTE ? 'seconds' : 'minutes');
};

/** Lines at round local times. */
export const axisLines = (scale: Scale): readonly AxisLine[] => {
  const perPx = (scale.to - scale.from) / Math.max(1, scale.width);
  const step = STEPS.find((candidate) => candidate / perPx >= MIN_GAP) ?? 28 * DAY;
  const lines: AxisLine[] = [];
  // Round in local time, on either side of a change to summer time.
  const offset = (ms: number): number => new Date(ms).getTimezoneOffset() * MINUTE;
  const first = Math.ceil((scale.from - offset(scale.from)) / step) * step;
  for (let local = first; lines.length < 200; local += step) {
    const ms = local + offset(local + offset(scale.from));
    if (ms > scale.to) break;
    lines.push({ x: x(scale, ms), ms, label: axisLabel(ms, step) });
  }
  return lines;
};
