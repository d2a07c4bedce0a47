/** A long time as columns, where single marks would only touch: pure. */
import type { LaneTick } from '../protocol.ts';
import { type End, endOf, failuresOf, worse } from './ends.ts';
import { type Scale, timeAt, x } from './scale.ts';
import type { Range } from './viewport.ts';

/** From this span on the timeline shows columns, in ms. */
export const BINS_FROM = 6 * 3_600_000;
/** Width of a column in px. */
export const BIN = 6;

/** One column of a lane. */
export interface Bin {
  /** Left edge. */
  readonly x: number;
  /** The most telling end of its ticks. */
  readonly end: End;
  readonly failures: number;
  readonly ids: readonly number[];
}

/** Where no tick was for at least a few columns: the sensor was off. */
export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface Bins {
  readonly bins: readonly Bin[];
  readonly gaps: readonly Gap[];
  /** The most failures of any column, to scale the bars. */
  readonly most: number;
}

const MIN_GAP = 5;

/**
 * Columns of one sensor's ticks. Their edges hold still in time while the range moves. A row that counts covers all
 * columns between its first and last tick. Before `heldFrom` (ms since 1970) nothing is known, so nothing is called off;
 * nor is it where ticks are left out (null).
 */
export const layBins = (
  ticks: readonly LaneTick[],
  scale: Scale,
  now: number,
  heldFrom: number | null = scale.from,
): Bins => {
  const perBin = ((scale.to - scale.from) / scale.width) * BIN;
  const column = (ms: number): number => Math.floor(ms / perBin);
  const [first, last] = [column(scale.from), column(Math.min(scale.to, now))];
  const columns = new Map<number, { end: End; failures: number; ids: number[] }>();
  for (const tick of ticks) {
    const to = Math.min(column(tick.lastStartedAt), last);
    for (let at = Math.max(column(tick.startedAt), first); at <= to; at += 1) {
      const known = columns.get(at);
      const end = endOf(tick);
      if (known) {
        known.end = worse(known.end, end);
        known.failures += failuresOf(tick);
        known.ids.push(tick.id);
      } else columns.set(at, { end, failures: failuresOf(tick), ids: [tick.id] });
    }
  }
  const bins: Bin[] = [];
  const gaps: Gap[] = [];
  let most = 0;
  let filled = Math.max(first, column(heldFrom ?? scale.from)) - 1;
  const close = (until: number): void => {
    if (heldFrom !== null && until - filled - 1 >= MIN_GAP)
      gaps.push({ from: x(scale, (filled + 1) * perBin), to: x(scale, until * perBin) });
  };
  for (let at = first; at <= last; at += 1) {
    const bin = columns.get(at);
    if (!bin) continue;
    close(at);
    filled = at;
    most = Math.max(most, bin.failures);
    bins.push({ x: x(scale, at * perBin), ...bin });
  }
  if (columns.size > 0) close(last + 1);
  return { bins, gaps, most };
};

/** The stretch of time of the column under a point. */
export const binRange = (scale: Scale, px: number): Range => {
  const perBin = ((scale.to - scale.from) / scale.width) * BIN;
  const from = Math.floor(timeAt(scale, px) / perBin) * perBin;
  return { from, to: from + perBin };
};
