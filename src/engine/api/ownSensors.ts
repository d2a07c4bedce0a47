import type { Tick, TickEnd } from '../../sensors/tick.ts';

/** A sensor of the project itself, as Dagster's own daemon runs it. */
export interface OwnSensor {
  /** Dagster's selector id. */
  readonly id: string;
  readonly name: string;
  readonly codeLocation: string | null;
  readonly running: boolean;
  readonly ticking: boolean;
  readonly lastTick: OwnTick | null;
  /** When its interval has passed, ms since 1970: long ago where no daemon runs. null while stopped. */
  readonly nextTickAt: number | null;
  readonly cursor: string | null;
}

/** A tick of the project's own sensor; consecutive ones that ended alike without runs are one row that counts. */
export interface OwnTick {
  /** Dagster's id of the row's first tick, negated: in one list with hosted sensors' ticks no id stands twice. */
  readonly id: number;
  /** {@link OwnSensor.id}. */
  readonly sensor: string;
  /** What tells it from a hosted sensor's tick: Dagster's daemon began it. */
  readonly trigger: 'daemon';
  /** As with {@link Tick}. */
  readonly startedAt: number;
  readonly lastStartedAt: number;
  readonly count: number;
  readonly durationMs: number;
  /** `unended`: it started, and another started after it. A skip reason may be empty. */
  readonly end: TickEnd | { readonly kind: 'unended' };
  /** Runs that the tick asked for. */
  readonly runsRequested: readonly string[];
  /** Runs that a run status sensor reacted to. */
  readonly runsReported: readonly string[];
  /** What the tick before left, where it is known. */
  readonly cursorBefore: string | null;
  readonly cursorAfter: string | null;
}

export interface OwnActivity {
  /** Rises with each change of a row. */
  readonly version: number;
  /** From when on (ms since 1970) every tick is held. */
  readonly from: number;
  readonly sensors: readonly OwnSensor[];
  /** Newest first. */
  readonly ticks: readonly OwnTick[];
}
