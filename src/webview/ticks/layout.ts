/** Where everything on the timeline stands: pure, in CSS px from the left edge of the drawing. */
import type { Tick } from '../../engine/api.ts';
import { clock } from '../shared/format.ts';
import { type End, endOf, worse } from './ends.ts';
import type { Range } from './viewport.ts';

/** Maps times to px. */
export interface Scale extends Range {
  readonly width: number;
}

export const x = (scale: Scale, ms: number): number => ((ms - scale.from) / (scale.to - scale.from)) * scale.width;

export const timeAt = (scale: Scale, px: number): number => scale.from + (px / scale.width) * (scale.to - scale.from);

// ---- axis ----

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

// ---- marks ----

/** Half the width of a mark. */
export const MARK = 6;
/** How far a capsule reaches beyond its first and last tick. */
const CAP = 8;
/** A tail shorter than this is not drawn. */
const MIN_TAIL = 5;
const DIGIT = 6.6;

/** One mark of a lane: a tick, or several whose marks would touch. */
export interface Mark {
  readonly end: End;
  /** Where the first and the last tick stand; equal for one tick. */
  readonly first: number;
  readonly last: number;
  /** The drawn extent. */
  readonly left: number;
  readonly right: number;
  readonly capsule: boolean;
  /** Failures found, else the number of ticks; empty beside a lone tick with at most one failure. */
  readonly label: string;
  /** Length of the duration's tail to the right, 0 for none. */
  readonly tail: number;
  readonly ticks: number;
  readonly failures: number;
  /** Rows in it, oldest first. */
  readonly rows: readonly Tick[];
}

/** A stretch in which one row counted equal ticks: drawn as a line between its first and last mark. */
export interface CountLine {
  readonly end: End;
  readonly from: number;
  readonly to: number;
}

export interface Lane {
  readonly marks: readonly Mark[];
  readonly lines: readonly CountLine[];
}

interface Point {
  readonly x: number;
  readonly tick: Tick;
}

const labelWidth = (label: string): number => (label === '' ? 0 : label.length * DIGIT + 3);

const build = (points: readonly Point[], perMs: number): Mark => {
  const rows = [...new Set(points.map((point) => point.tick))];
  const first = points[0]?.x ?? 0;
  const last = points.at(-1)?.x ?? first;
  // A row whose two ends are both here is here whole; else one of its ticks is.
  const ticks = rows.reduce((sum, row) => {
    const ends = points.filter((point) => point.tick === row).length;
    return sum + (ends > 1 ? row.count : 1);
  }, 0);
  const failures = rows.reduce((sum, row) => sum + row.failuresFound, 0);
  const end = rows.reduce<End>((worst, row) => worse(worst, endOf(row)), 'none');
  const capsule = ticks > 1;
  const number = failures > 0 ? failures : ticks;
  const label = capsule || failures > 1 ? String(number) : '';
  const width = labelWidth(label);
  const only = rows.length === 1 && !capsule ? rows[0] : undefined;
  const length = only ? only.durationMs * perMs : 0;
  const tail = length > MIN_TAIL ? length : 0;
  return {
    end,
    first,
    last,
    left: first - (capsule ? CAP : MARK),
    right: capsule ? Math.max(last + CAP, first + CAP + width + 3) : Math.max(last + MARK + width, last + tail),
    capsule,
    label,
    tail,
    ticks,
    failures,
    rows,
  };
};

/** Lays out the ticks of one sensor, oldest first. Ticks just outside the edges are part of it, so that capsules hold still. */
export const layLane = (ticks: readonly Tick[], scale: Scale): Lane => {
  const perMs = scale.width / (scale.to - scale.from);
  const points: Point[] = [];
  const lines: CountLine[] = [];
  for (const tick of ticks) {
    const first = x(scale, tick.startedAt);
    const last = x(scale, tick.lastStartedAt);
    if (last < -50 || first > scale.width + 50) continue;
    points.push({ x: first, tick });
    if (tick.count > 1) {
      points.push({ x: last, tick });
      lines.push({ end: endOf(tick), from: first, to: last });
    }
  }
  points.sort((a, b) => a.x - b.x);
  const marks: Mark[] = [];
  let open: Point[] = [];
  let current: Mark | null = null;
  for (const point of points) {
    if (current !== null && point.x - CAP < current.right) {
      open.push(point);
    } else {
      if (current !== null) marks.push(current);
      open = [point];
    }
    current = build(open, perMs);
  }
  if (current !== null) marks.push(current);
  return { marks, lines };
};

/** The mark under a point, with some px of grace; null for none. */
export const markAt = (lane: Lane, px: number): Mark | null => {
  let best: Mark | null = null;
  let nearest = 4;
  for (const mark of lane.marks) {
    const away = px < mark.left ? mark.left - px : px > mark.right ? px - mark.right : 0;
    if (away < nearest) {
      nearest = away;
      best = mark;
    }
  }
  return best;
};

/** The stretch of time of a capsule's ticks. */
export const stretch = (mark: Mark): Range => ({
  from: Math.min(...mark.rows.map((row) => row.startedAt)),
  to: Math.max(...mark.rows.map((row) => row.lastStartedAt)),
});
