/** What of the ticks that are held is shown: pure. */
import type { LaneTick } from '../protocol.ts';
import { type End, endOf } from './ends.ts';
import type { SensorLane } from './lane.ts';
import { matches } from './matching.ts';
import type { Range } from './viewport.ts';

export interface Filter {
  readonly hidden: ReadonlySet<End>;
  /** The one lane whose ticks are listed; null for all. */
  readonly only: string | null;
  /** What the ticks that are shown contain, as it was typed; blank for all. */
  readonly text: string;
}

export const NO_FILTER: Filter = { hidden: new Set(), only: null, text: '' };

/** Are marks left out of the timeline? A lane that is filtered out is dimmed, but keeps its marks. */
export const leavesOut = ({ hidden, text }: Filter): boolean => hidden.size > 0 || text.trim() !== '';

export const isFiltered = (filter: Filter): boolean => leavesOut(filter) || filter.only !== null;

export const toggleEnd = (filter: Filter, end: End): Filter => {
  const hidden = new Set(filter.hidden);
  if (!hidden.delete(end)) hidden.add(end);
  return { ...filter, hidden };
};

export const toggleLane = (filter: Filter, lane: string): Filter => ({
  ...filter,
  only: filter.only === lane ? null : lane,
});

/** What is left of the ticks that are held. */
export interface Left {
  /** Those that contain the text. */
  readonly matching: readonly LaneTick[];
  /** What the timeline draws of them: lanes that are filtered out are dimmed, not empty. */
  readonly drawn: readonly LaneTick[];
}

/** Goes through all that are held: of use for as long as ticks, filter and lanes are the same. */
export const leave = (ticks: readonly LaneTick[], { hidden, text }: Filter, lanes: readonly SensorLane[]): Left => {
  const matching = text.trim() === '' ? ticks : ticks.filter(matches(text, lanes));
  return { matching, drawn: hidden.size === 0 ? matching : matching.filter((tick) => !hidden.has(endOf(tick))) };
};

const isWithin = (tick: LaneTick, { from, to }: Range): boolean => tick.lastStartedAt >= from && tick.startedAt <= to;

/** Is there any tick in this stretch of time? */
export const anyWithin = (ticks: readonly LaneTick[], range: Range): boolean =>
  ticks.some((tick) => isWithin(tick, range));

export interface Listed {
  /** The rows of the table, newest first. */
  readonly rows: readonly LaneTick[];
  /** How many ticks of the lanes that are listed ended in each way, shown or not. */
  readonly counts: Readonly<Record<End, number>>;
}

/** What table and facets show of a stretch of time, out of the ticks that contain the text. */
export const listed = (matching: readonly LaneTick[], range: Range, { hidden, only }: Filter): Listed => {
  const rows: LaneTick[] = [];
  const counts: Record<End, number> = { found: 0, none: 0, skipped: 0, failure: 0 };
  for (const tick of matching) {
    if (!isWithin(tick, range) || (only !== null && tick.sensor !== only)) continue;
    const end = endOf(tick);
    counts[end] += tick.count;
    if (!hidden.has(end)) rows.push(tick);
  }
  return { rows, counts };
};
