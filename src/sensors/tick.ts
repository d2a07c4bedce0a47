import type { FailureKind } from '../failure/failure.ts';

/** The two sensors of the specification, by their own names. */
export const SENSOR_NAMES = ['asset_check_sentry_sensor', 'run_failure_sentry_sensor'] as const;
export type SensorName = (typeof SENSOR_NAMES)[number];

/** Which kind of failure a sensor finds. */
export const SENSOR_KIND: Readonly<Record<SensorName, FailureKind>> = {
  asset_check_sentry_sensor: 'check',
  run_failure_sentry_sensor: 'run',
};

/** Why a tick began: its 60 s interval, a peek that saw new rows, or a person. */
export const TICK_TRIGGERS = ['interval', 'peek', 'manual'] as const;
export type TickTrigger = (typeof TICK_TRIGGERS)[number];

/** A tick this long overdue (ms) is not coming: Dagster's daemon does not run. */
const OVERDUE = 60_000;

/** The same while one is under way: Dagster ends it after 60 s unless told otherwise; a killed daemon never does. */
const ABANDONED = 10 * 60_000;

/** Whether Dagster's daemon ticks one of the project's own sensors, as far as one can tell from what it stored. */
export function isTickedByDaemon(
  sensor: { readonly running: boolean; readonly ticking: boolean; readonly nextTickAt: number | null },
  now: number,
): boolean {
  const { running, ticking, nextTickAt } = sensor;
  if (!running || nextTickAt === null) return running && ticking;
  return now - nextTickAt < (ticking ? ABANDONED : OVERDUE);
}

/** How a tick ended, in Dagster's words. */
export type TickEnd =
  | { readonly kind: 'success' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'failure'; readonly error: string };

/** Also of a tick of the project's own sensor, which may not have ended. */
type AnyEnd = TickEnd | { readonly kind: 'unended' };

/** What the end of a tick says: its reason or error, '' where there is none. */
export function textOfEnd(end: AnyEnd): string {
  switch (end.kind) {
    case 'success':
    case 'unended':
      return '';
    case 'skipped':
      return end.reason;
    case 'failure':
      return end.error;
  }
}

/** A longer pause (ms) ends a row that counts: a night in which nobody watched must not look watched. */
const SAME_ROW_WITHIN = 5 * 60_000;

/** Whether a tick ended as the one before it, and soon after that: where both found nothing they are one row. */
export function endedAlikeSoon(
  last: { readonly lastStartedAt: number; readonly end: AnyEnd },
  next: { readonly startedAt: number; readonly end: AnyEnd },
): boolean {
  const pause = next.startedAt - last.lastStartedAt;
  const isAlike = last.end.kind === next.end.kind && textOfEnd(last.end) === textOfEnd(next.end);
  return isAlike && pause >= 0 && pause <= SAME_ROW_WITHIN;
}

/** A failure by its name: check and asset, or what failed and its error. */
export interface FoundFailure {
  readonly kind: FailureKind;
  readonly label: string;
  readonly detail: string;
}

/** So many of a tick's failures are named with it. */
export const NAMED_OF_TICK = 3;

/** One stored tick. Consecutive ticks that found nothing and ended alike are one row that counts. */
export interface Tick {
  readonly id: number;
  readonly sensor: SensorName;
  readonly trigger: TickTrigger;
  /** Start of the first tick of this row, ms since 1970. */
  readonly startedAt: number;
  /** Start of the last tick of this row; equals startedAt where count is 1. */
  readonly lastStartedAt: number;
  /** How many ticks this row stands for. */
  readonly count: number;
  /** Duration of the last one, in ms (fractional). */
  readonly durationMs: number;
  readonly end: TickEnd;
  readonly rowsRead: number;
  readonly failuresFound: number;
  /** The first of them, at most 3. */
  readonly firstFound: readonly FoundFailure[];
  /** Rows that could not be decoded: counted, named in `notes`, skipped. */
  readonly unreadable: number;
  readonly notes: readonly string[];
  /** Cursors as short text for people; null before the first. */
  readonly cursorBefore: string | null;
  readonly cursorAfter: string | null;
}
