import * as v from 'valibot';
import type { FailureKind } from '../../failure/failure.ts';
import { Anchor } from '../cursor.ts';
import { type EventLogCursor, EventLogError } from '../eventLog.ts';
import { Gap } from './gaps.ts';

const Place = v.object({
  kind: v.picklist(['check', 'run'] satisfies FailureKind[]),
  /** The row of `event_logs` behind which reading goes on; null before the first. */
  anchor: v.nullable(Anchor),
  /** Ids up to the anchor that no row had yet: a writer may have been given one and not have committed. */
  gaps: v.array(Gap),
});
/** What a cursor of the Postgres event log holds. */
export type Place = v.InferOutput<typeof Place>;

// The one place that makes a cursor of this log: its text is opaque to everybody else.
export const writePlace = (place: Place): EventLogCursor => JSON.stringify(place) as EventLogCursor;

/** @throws EventLogError when the cursor is of another log or kind. */
export function readPlace(cursor: EventLogCursor, kind?: FailureKind): Place {
  let json: unknown;
  try {
    json = JSON.parse(cursor);
  } catch {
    json = null; // told below
  }
  const place = v.safeParse(Place, json);
  if (!place.success || (kind && place.output.kind !== kind)) {
    throw new EventLogError('other', `This is no ${kind ?? ''} cursor of a Postgres event log: ${cursor.slice(0, 80)}`);
  }
  return place.output;
}
