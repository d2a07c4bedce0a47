/** What is drawn for a state of the timeline: pure. */

import type { LaneTick } from '../protocol.ts';
import { t } from '../shared/l10n.ts';
import { axisLines } from './axis.ts';
import { BINS_FROM, layBins } from './bins.ts';
import type { Drawing, LaneDrawing } from './draw.ts';
import { isAwake, type SensorLane } from './lane.ts';
import { AXIS, placesOf } from './laneWindow.ts';
import { layLane, type MarkLane } from './marks.ts';
import { type Scale, x } from './scale.ts';

export interface TimelineState {
  readonly lanes: readonly SensorLane[];
  /** The ticks of each lane, oldest first. */
  readonly ticks: readonly (readonly LaneTick[])[];
  readonly scale: Scale;
  readonly height: number;
  /** How far the project's own lanes are scrolled, in px. */
  readonly scroll: number;
  readonly now: number;
  /** From when on (ms since 1970) every tick is there; null where some are left out. */
  readonly heldFrom: number | null;
  /** The instance is followed: what comes next and what is unread is known. */
  readonly live: boolean;
  /** The one lane that is listed; null for all. */
  readonly only: string | null;
  readonly chosen: LaneTick | null;
}

const NO_MARKS: MarkLane = { marks: [], lines: [] };
/** A capsule that is shorter, in px, can be seen as one everywhere. */
const CROWD = 200;

/** Where the marks of half the width run into one, it tells nothing of when: columns do. */
const isCrowded = ({ marks }: MarkLane, { width }: Scale): boolean =>
  marks.some(({ left, right }) => Math.min(right, width) - Math.max(left, 0) > Math.max(width / 2, CROWD));

const laneDrawing = (state: TimelineState, lane: SensorLane, ticks: readonly LaneTick[]): LaneDrawing => {
  const { scale, now, live } = state;
  const { behind, nextTickAt } = lane;
  const isLong = scale.to - scale.from >= BINS_FROM;
  const marks = isLong ? NO_MARKS : layLane(ticks, scale);
  const binned = isLong || isCrowded(marks, scale);
  const due = live && nextTickAt !== null && !isLong && isAwake(lane, now);
  const next = due ? x(scale, Math.max(nextTickAt, now)) : null;
  // The log's own timestamps are in seconds.
  const oldest = live && behind !== null && behind.rows > 0 ? behind.oldestUnread : null;
  const unread = oldest === null ? null : oldest * 1000;
  return {
    lane: binned ? NO_MARKS : marks,
    bins: binned ? layBins(ticks, scale, now, state.heldFrom) : null,
    next: next !== null && next <= scale.width - 4 ? next : null,
    behind: unread === null ? null : { from: Math.max(0, x(scale, unread)), to: Math.min(scale.width, x(scale, now)) },
    dimmed: state.only !== null && state.only !== lane.id,
  };
};

const NOTHING: LaneDrawing = { lane: NO_MARKS, bins: null, next: null, behind: null, dimmed: false };

export const drawingOf = (state: TimelineState): Drawing => {
  const { lanes, scale, height, scroll, now } = state;
  const places = placesOf(lanes, height, scroll);
  const isSeen = (index: number): boolean => {
    const top = places.tops[index] ?? 0;
    return index < places.fixed || (top + places.laneHeight > places.scrolled.top && top < places.scrolled.bottom);
  };
  return {
    width: scale.width,
    height,
    axis: AXIS,
    places,
    lines: axisLines(scale),
    lanes: lanes.map((lane, index) => (isSeen(index) ? laneDrawing(state, lane, state.ticks[index] ?? []) : NOTHING)),
    now: now >= scale.from && now <= scale.to ? x(scale, now) : null,
    offWord: t('off'),
    chosen: state.chosen?.id ?? null,
  };
};
