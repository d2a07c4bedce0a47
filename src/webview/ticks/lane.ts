import type { OwnSensor, SensorName, SensorStatus } from '../../engine/api.ts';
import { isTickedByDaemon } from '../../sensors/tick.ts';
import { t } from '../shared/l10n.ts';

/** One sensor as a lane: hosted by Firedrill, or the project's own. */
export interface SensorLane {
  /** What its ticks name it by. */
  readonly id: string;
  readonly name: string;
  /** Set where Firedrill hosts it: it can be ticked and stopped here. */
  readonly hosted: SensorName | null;
  /** Code location of one of the project's own. */
  readonly place: string | null;
  readonly running: boolean;
  readonly ticking: boolean;
  /** ms since 1970; null for none. */
  readonly nextTickAt: number | null;
  /** How far it is behind the log; null where that is not known. */
  readonly behind: SensorStatus['behind'] | null;
}

/** Hosted lanes first: they stay in sight. */
export const lanesOf = (hosted: readonly SensorStatus[], own: readonly OwnSensor[]): readonly SensorLane[] => [
  ...hosted.map(
    ({ name, running, ticking, nextTickAt, behind }): SensorLane => ({
      id: name,
      name,
      hosted: name,
      place: null,
      running,
      ticking,
      nextTickAt,
      behind,
    }),
  ),
  ...own.map(
    ({ id, name, codeLocation, running, ticking, nextTickAt }): SensorLane => ({
      id,
      name,
      hosted: null,
      place: codeLocation,
      running,
      ticking,
      nextTickAt,
      behind: null,
    }),
  ),
];

/** The sensor in words; of two with one name it tells which. */
export const laneTitle = ({ name, place }: SensorLane): string =>
  place === null ? name : t('{0} of {1}', name, place);

/** Whether the lane's sensor ticks by itself as far as one can tell. */
export const isAwake = (lane: SensorLane, now: number): boolean =>
  lane.hosted === null ? isTickedByDaemon(lane, now) : lane.running;
