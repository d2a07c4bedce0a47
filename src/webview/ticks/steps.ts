/** From tick to tick by keyboard: pure. Lanes are in the order of the timeline, their ticks oldest first. */
import type { LaneTick } from '../protocol.ts';

type Lanes = readonly (readonly LaneTick[])[];

/** The lane of the chosen tick, else the first that has one. */
export const laneOf = (lanes: Lanes, chosen: LaneTick | null): number => {
  const own = lanes.findIndex((ticks) => ticks.some((tick) => tick.id === chosen?.id));
  return own >= 0
    ? own
    : Math.max(
        0,
        lanes.findIndex((ticks) => ticks.length > 0),
      );
};

/** The tick before (-1) or after (1) the chosen one in its lane; the newest where none is chosen; null at the end. */
export const stepInLane = (lanes: Lanes, chosen: LaneTick | null, by: -1 | 1): LaneTick | null => {
  const ticks = lanes[laneOf(lanes, chosen)] ?? [];
  const at = ticks.findIndex((tick) => tick.id === chosen?.id);
  return (at < 0 ? ticks.at(-1) : ticks[at + by]) ?? null;
};

/** The tick nearest in time in the next lane up (-1) or down (1) that has any; null where there is none. */
export const stepToLane = (lanes: Lanes, chosen: LaneTick | null, by: -1 | 1, now: number): LaneTick | null => {
  const at = chosen?.lastStartedAt ?? now;
  const distance = (tick: LaneTick): number => Math.abs(tick.lastStartedAt - at);
  for (let lane = laneOf(lanes, chosen) + by; lane >= 0 && lane < lanes.length; lane += by) {
    const ticks = lanes[lane] ?? [];
    const [first] = ticks;
    if (first) return ticks.reduce((best, tick) => (distance(tick) < distance(best) ? tick : best), first);
  }
  return null;
};
