/** Which lanes stand where: beyond a few, the hosted ones stay and the project's own scroll under them. Pure. */
import type { SensorLane } from './lane.ts';

/** Height of the axis in px, as the stylesheet has it. */
export const AXIS = 22;
/** Lanes shown at once. */
export const MOST_LANES = 6;

export interface LanePlaces {
  readonly laneHeight: number;
  /** How many lanes stay; the others scroll. */
  readonly fixed: number;
  /** Upper edge of each lane, in the order of the lanes; one that is scrolled away stands outside. */
  readonly tops: readonly number[];
  /** Between which heights the scrolled lanes show. */
  readonly scrolled: { readonly top: number; readonly bottom: number };
}

/** How many lanes a panel shows at once. */
export const lanesShown = (lanes: readonly SensorLane[]): number => Math.min(lanes.length, MOST_LANES);

/** How many lanes are hosted by Firedrill: these stay. */
export const hostedCount = (lanes: readonly SensorLane[]): number =>
  lanes.filter(({ hosted }) => hosted !== null).length;

/** `height` with the axis; `scroll` is how far the own lanes are scrolled, in px. */
export const placesOf = (lanes: readonly SensorLane[], height: number, scroll: number): LanePlaces => {
  const shown = lanesShown(lanes);
  const laneHeight = shown === 0 ? 0 : (height - AXIS) / shown;
  const fixed = hostedCount(lanes);
  const top = AXIS + fixed * laneHeight;
  return {
    laneHeight,
    fixed,
    tops: lanes.map((_, index) => AXIS + index * laneHeight - (index < fixed ? 0 : scroll)),
    scrolled: { top, bottom: height },
  };
};

/** The lane at a height; null for none. */
export const laneAt = ({ laneHeight, fixed, tops, scrolled }: LanePlaces, y: number): number | null => {
  if (y < AXIS || laneHeight === 0) return null;
  const found = tops.findIndex(
    (top, index) => y >= top && y < top + laneHeight && (index < fixed || (y >= scrolled.top && y < scrolled.bottom)),
  );
  return found < 0 ? null : found;
};

/** The scroll position, in px, that brings a lane into sight with the least movement. */
export const scrollToLane = (
  lanes: readonly SensorLane[],
  lane: number,
  laneHeight: number,
  scroll: number,
): number => {
  const fixed = hostedCount(lanes);
  if (lane < fixed) return scroll;
  const top = (lane - fixed) * laneHeight;
  const room = (lanesShown(lanes) - fixed) * laneHeight;
  return Math.min(top, Math.max(scroll, top + laneHeight - room));
};
