import * as v from 'valibot';
import type { DagsterError } from '../failure/failure.ts';
import { parsePythonJson } from './pythonJson.ts';
import { errorInfo, nullish } from './serdes.ts';

/** A sensor of the project itself, as the instance's schedule storage knows it: once Dagster has evaluated it. */
export interface StoredSensor {
  /** Dagster's selector id. */
  readonly id: string;
  readonly name: string;
  readonly codeLocation: string | null;
  /** Not stopped by a person; where its code decides, Dagster stores it when it first runs. */
  readonly running: boolean;
  readonly cursor: string | null;
  /** Start of the last tick, ms since 1970; null before the first. */
  readonly lastTickAt: number | null;
  /** ms between two ticks; null where Dagster stored none. */
  readonly interval: number | null;
}

/** How Dagster ended a tick. `started`: it has not, or its daemon died. */
export type StoredTickEnd =
  | { readonly kind: 'started' }
  | { readonly kind: 'success' }
  | { readonly kind: 'skipped'; readonly reason: string | null }
  | { readonly kind: 'failure'; readonly error: DagsterError | null };

/** One tick of a sensor as Dagster's daemon stored it. */
export interface StoredTick {
  /** Rises with time. */
  readonly id: number;
  /** {@link StoredSensor.id}. */
  readonly sensor: string;
  /** ms since 1970. */
  readonly startedAt: number;
  /** ms; 0 while it has not ended. */
  readonly duration: number;
  readonly end: StoredTickEnd;
  readonly runsRequested: readonly string[];
  /** Runs that a run status sensor reacted to, e.g. failed ones. */
  readonly runsReported: readonly string[];
  /** What the tick left; null for none. */
  readonly cursor: string | null;
}

const Text = nullish(v.string());
const Seconds = nullish(v.number());
const Ids = v.optional(v.nullable(v.array(v.string())), []);
/** Stored JSON; a value that is no text fails. */
const Body = v.pipe(
  v.string(),
  v.rawTransform(({ dataset, addIssue, NEVER }): unknown => {
    try {
      return parsePythonJson(dataset.value);
    } catch (error) {
      addIssue({ message: `broken JSON: ${String(error)}` });
      return NEVER;
    }
  }),
);

/** `InstigatorState`, under the names it is stored with. */
const SensorRow = v.object({
  selector_id: v.string(),
  status: Text,
  instigator_body: v.pipe(
    Body,
    v.object({
      origin: v.object({
        job_name: v.string(),
        external_repository_origin: v.fallback(
          nullish(v.object({ repository_location_origin: v.object({ location_name: v.string() }) })),
          null,
        ),
      }),
      job_specific_data: v.fallback(
        nullish(
          v.object({
            cursor: Text,
            last_tick_start_timestamp: Seconds,
            last_tick_timestamp: Seconds,
            min_interval: Seconds,
          }),
        ),
        null,
      ),
    }),
  ),
});

const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);

/** A row of `instigators`; null for one in a form that is not known. */
export function storedSensor(row: unknown): StoredSensor | null {
  const parsed = v.safeParse(SensorRow, row);
  if (!parsed.success) return null;
  const { selector_id: id, status, instigator_body: body } = parsed.output;
  const { origin, job_specific_data: data } = body;
  return {
    id,
    name: origin.job_name,
    codeLocation: origin.external_repository_origin?.repository_location_origin.location_name ?? null,
    running: status !== 'STOPPED',
    cursor: data?.cursor ?? null,
    lastTickAt: ms(data?.last_tick_start_timestamp ?? data?.last_tick_timestamp ?? null),
    interval: ms(data?.min_interval ?? null),
  };
}

/** `TickData`. */
const TickRow = v.object({
  id: v.number(),
  selector_id: v.string(),
  status: v.picklist(['STARTED', 'SUCCESS', 'SKIPPED', 'FAILURE']),
  tick_body: v.pipe(
    Body,
    v.object({
      timestamp: v.number(),
      end_timestamp: Seconds,
      skip_reason: Text,
      error: v.optional(v.unknown(), null),
      cursor: Text,
      run_ids: Ids,
      origin_run_ids: Ids,
    }),
  ),
});

/** A row of `job_ticks`; null for one in a form that is not known. */
export function storedTick(row: unknown): StoredTick | null {
  const parsed = v.safeParse(TickRow, row);
  if (!parsed.success) return null;
  const { id, selector_id: sensor, status, tick_body: body } = parsed.output;
  return {
    id,
    sensor,
    startedAt: body.timestamp * 1000,
    duration: body.end_timestamp === null ? 0 : Math.max(0, (body.end_timestamp - body.timestamp) * 1000),
    end: tickEnd(status, body),
    runsRequested: body.run_ids ?? [],
    runsReported: body.origin_run_ids ?? [],
    cursor: body.cursor,
  };
}

function tickEnd(
  status: v.InferOutput<typeof TickRow>['status'],
  body: { readonly skip_reason: string | null; readonly error: unknown },
): StoredTickEnd {
  switch (status) {
    case 'STARTED':
      return { kind: 'started' };
    case 'SUCCESS':
      return { kind: 'success' };
    case 'SKIPPED':
      return { kind: 'skipped', reason: body.skip_reason };
    case 'FAILURE':
      return { kind: 'failure', error: errorOf(body.error) };
  }
}

/** An error in a form that is not known leaves its tick without words, not unread. */
function errorOf(packed: unknown): DagsterError | null {
  try {
    return errorInfo(packed);
  } catch {
    return null;
  }
}
