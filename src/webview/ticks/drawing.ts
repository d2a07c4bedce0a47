/** What is drawn for a state of the timeline: pure. */
import type { SensorName, SensorStatus, Tick } from '../../engine/api.ts';
import { t } from '../shared/l10n.ts';
import { BINS_FROM, layBins } from './bins.ts';
import type { Drawing, LaneDrawing } from './draw.ts';
import { axisLines, type Lane, layLane, type Scale, x } from './layout.ts';

/** Height of the axis in px, as the stylesheet has it. */
export const AXIS = 22;

export interface TimelineState {
  readonly sensors: readonly SensorStatus[];
  /** The ticks of each sensor, oldest first. */
  readonly lanes: readonly (readonly Tick[])[];
  readonly scale: Scale;
  readonly height: number;
  readonly now: number;
  /** The instance is followed: what comes next and what is unread is known. */
  readonly live: boolean;
  readonly only: SensorName | null;
  readonly chosen: Tick | null;
}

const NO_MARKS: Lane = { marks: [], lines: [] };

/** Does this stretch show columns instead of marks? */
export const isBinned = ({ from, to }: Scale): boolean => to - from >= BINS_FROM;

const laneDrawing = (state: TimelineState, sensor: SensorStatus, ticks: readonly Tick[]): LaneDrawing => {
  const { scale, now, live } = state;
  const { behind, nextTickAt } = sensor;
  const binned = isBinned(scale);
  const next = live && nextTickAt !== null && !binned ? x(scale, Math.max(nextTickAt, now)) : null;
  // The log's own timestamps are in seconds.
  const unread = live && behind.rows > 0 && behind.oldestUnread !== null ? behind.oldestUnread * 1000 : null;
  return {
    lane: binned ? NO_MARKS : layLane(ticks, scale),
    bins: binned ? layBins(ticks, scale, now) : null,
    next: next !== null && next <= scale.width - 4 ? next : null,
    behind: unread === null ? null : { from: Math.max(0, x(scale, unread)), to: Math.min(scale.width, x(scale, now)) },
    dimmed: state.only !== null && state.only !== sensor.name,
  };
};

export const drawingOf = (state: TimelineState): Drawing => {
  const { sensors, scale, height, now } = state;
  return {
    width: scale.width,
    height,
    axis: AXIS,
    laneHeight: sensors.length === 0 ? 0 : (height - AXIS) / sensors.length,
    lines: axisLines(scale),
    lanes: sensors.map((sensor, index) => laneDrawing(state, sensor, state.lanes[index] ?? [])),
    now: now >= scale.from && now <= scale.to ? x(scale, now) : null,
    offWord: t('off'),
    chosen: state.chosen?.id ?? null,
  };
};
