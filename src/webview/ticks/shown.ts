/** What of the ticks that are held is shown: pure. */
import type { LaneTick } from '../protocol.ts';
import { type End, endOf } from './ends.ts';
import type { SensorLane } from './lane.ts';
import { matching } from './matching.ts';
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

/** What the timeline draws: lanes that are filtered out are dimmed, not empty. */
export const drawn = (
  ticks: readonly LaneTick[],
  filter: Filter,
  lanes: readonly SensorLane[],
): readonly LaneTick[] => {
  if (!leavesOut(filter)) return ticks;
  const matches = matching(filter.text, lanes);
  return ticks.filter((tick) => !filter.hidden.has(endOf(tick)) && matches(tick));
};

export interface Listed {
  /** The rows of the table, newest first. */
  readonly rows: readonly LaneTick[];
  /** How many ticks of the lanes and with the text that are listed ended in each way, shown or not. */
  readonly counts: Readonly<Record<End, number>>;
  /** Is there any tick in this stretch at all? */
  readonly any: boolean;
}

/** What table and facets show of a stretch of time. */
export const listed = (
  ticks: readonly LaneTick[],
  { from, to }: Range,
  { hidden, only, text }: Filter,
  lanes: readonly SensorLane[],
): Listed => {
  const matches = matching(text, lanes);
  const rows: LaneTick[] = [];
  const counts: Record<End, number> = { found: 0, none: 0, skipped: 0, failure: 0 };
  let any = false;
  for (const tick of ticks) {
    if (tick.lastStartedAt < from || tick.startedAt > to) continue;
    any = true;
    if ((only !== null && tick.sensor !== only) || !matches(tick)) continue;
    const end = endOf(tick);
    counts[end] += tick.count;
    if (!hidden.has(end)) rows.push(tick);
  }
  return { rows, counts, any };
};
