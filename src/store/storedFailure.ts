import * as v from 'valibot';
import type { Failure, FailureKind } from '../failure/failure.ts';
import { type FailureId, failureId } from '../failure/ids.ts';
import type { FoundFailure } from '../sensors/tick.ts';
import type { FailureStatus } from './failureQuery.ts';
import { failureSchema } from './failureSchema.ts';
import { DELIVERY_OF_FAILURE } from './outboxSql.ts';
import { flag, json } from './rows.ts';

/** A failure to be stored. */
export interface NewFailure {
  readonly failure: Failure;
  /** What a tick that finds it calls it. */
  readonly name: FoundFailure;
  /** Recorded before Firedrill met the instance, or found by looking back: never sent by itself. */
  readonly beforeFiredrill: boolean;
  /** Equal for failures that Sentry puts into one issue. */
  readonly groupingKey: string;
  /** What it is listed under by location: its code location, else the OEM that stands in for it. */
  readonly place: string;
  /** What it is listed under by asset; null where it is of none. */
  readonly asset: string | null;
  /** All that a search looks at. */
  readonly searched: string;
}

/** A stored failure as a row needs it. */
export interface StoredFailure {
  readonly id: FailureId;
  /** Rises with every stored failure; the order of pages. */
  readonly seq: number;
  readonly kind: FailureKind;
  readonly status: FailureStatus;
  readonly test: boolean;
  readonly beforeFiredrill: boolean;
  readonly groupingKey: string;
  /** When its check passed for the first time after it, seconds since 1970; null while it has not. */
  readonly passedSince: number | null;
  /** The tick that found it; null for a test and for one found by looking back. */
  readonly tick: number | null;
  /** Its newest delivery waits or is being sent, or failed; null else. A look at the inbox counts until it arrived. */
  readonly delivery: 'waiting' | 'failed' | null;
  /**
   * The failure without what makes it large: no metadata, no stacks, texts cut. Enough for a row and its headline, not
   * for an alert; `get` reads the whole.
   */
  readonly brief: Failure;
}

export const deliveryColumn = v.nullable(v.picklist(['waiting', 'failed']));

const columns = {
  id: v.pipe(v.string(), v.transform(failureId)),
  seq: v.number(),
  kind: v.picklist(['check', 'run']),
  status: v.picklist(['pending', 'sent', 'dismissed']),
  test: flag,
  before_firedrill: flag,
  grouping_key: v.string(),
  passed_since: v.nullable(v.number()),
  tick: v.nullable(v.number()),
  brief: v.pipe(json, failureSchema),
  delivery: deliveryColumn,
};

/** A row of `STORED`. */
export const storedRow = v.pipe(
  v.object(columns),
  v.transform(
    ({ before_firedrill, grouping_key, passed_since, ...rest }): StoredFailure => ({
      ...rest,
      beforeFiredrill: before_firedrill,
      groupingKey: grouping_key,
      passedSince: passed_since,
    }),
  ),
);

/** Columns and tables of a stored failure; conditions follow. Never touches `whole`, which may be large. */
export const STORED = `select ${Object.keys(columns)
  .map((name) => (name === 'delivery' ? `(${DELIVERY_OF_FAILURE}) as delivery` : name))
  .join(', ')} from failures join failure_bodies using (seq)`;
