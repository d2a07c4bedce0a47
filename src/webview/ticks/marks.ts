/** Where the marks of a lane stand: pure. */
import type { LaneTick } from '../protocol.ts';
import { type End, endOf, failuresOf, worse } from './ends.ts';
import { type Scale, x } from './scale.ts';
import type { Range } from './viewport.ts';

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
  readonly rows: readonly LaneTick[];
}

/** A stretch in which one row counted equal ticks: drawn as a line between its first and last mark. */
export interface CountLine {
  readonly end: End;
  readonly from: number;
  readonly to: number;
}

export interface MarkLane {
  readonly marks: readonly Mark[];
  readonly lines: readonly CountLine[];
}

interface Point {
  readonly x: number;
  readonly tick: LaneTick;
}

const labelWidth = (label: string): number => (label === '' ? 0 : label.length * DIGIT + 3);

/** The points of one mark while it grows: each is looked at once, so that a capsule of thousands costs no more. */
class Growing {
  readonly #perMs: number;
  readonly #first: number;
  #last: number;
  /** Rows in it; true for one whose two ends are both here. */
  readonly #rows = new Map<LaneTick, boolean>();
  #ticks = 0;
  #failures = 0;
  #end: End = 'none';

  constructor(point: Point, perMs: number) {
    this.#perMs = perMs;
    this.#first = point.x;
    this.#last = point.x;
    this.add(point);
  }

  add({ x, tick }: Point): void {
    this.#last = x;
    if (this.#rows.has(tick)) {
      // A row whose two ends are both here is here whole; else one of its ticks is.
      this.#rows.set(tick, true);
      this.#ticks += tick.count - 1;
      return;
    }
    this.#rows.set(tick, false);
    this.#ticks += 1;
    this.#failures += failuresOf(tick);
    this.#end = worse(this.#end, endOf(tick));
  }

  get right(): number {
    const width = labelWidth(this.#label);
    if (this.#isCapsule) return Math.max(this.#last + CAP, this.#first + CAP + width + 3);
    return this.#last + Math.max(MARK, this.#tail) + width;
  }

  mark(): Mark {
    return {
      end: this.#end,
      first: this.#first,
      last: this.#last,
      left: this.#first - (this.#isCapsule ? CAP : MARK),
      right: this.right,
      capsule: this.#isCapsule,
      label: this.#label,
      tail: this.#tail,
      ticks: this.#ticks,
      failures: this.#failures,
      rows: [...this.#rows.keys()],
    };
  }

  get #isCapsule(): boolean {
    return this.#ticks > 1;
  }

  get #label(): string {
    const number = this.#failures > 0 ? this.#failures : this.#ticks;
    return this.#isCapsule || this.#failures > 1 ? String(number) : '';
  }

  get #tail(): number {
    if (this.#isCapsule) return 0;
    const [only] = this.#rows.keys();
    const length = only ? only.durationMs * this.#perMs : 0;
    return length > MIN_TAIL ? length : 0;
  }
}

/** Lays out the ticks of one sensor, oldest first. Ticks just outside the edges are part of it, so that capsules hold still. */
export const layLane = (ticks: readonly LaneTick[], scale: Scale): MarkLane => {
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
  let growing: Growing | null = null;
  for (const point of points) {
    if (growing !== null && point.x - CAP < growing.right) growing.add(point);
    else {
      if (growing !== null) marks.push(growing.mark());
      growing = new Growing(point, perMs);
    }
  }
  if (growing !== null) marks.push(growing.mark());
  return { marks, lines };
};

/** The mark under a point, with some px of grace; null for none. */
export const markAt = (lane: MarkLane, px: number): Mark | null => {
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
export const stretch = (mark: Mark): Range => {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of mark.rows) {
    from = Math.min(from, row.startedAt);
    to = Math.max(to, row.lastStartedAt);
  }
  return { from, to };
};
