import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { FailureKind } from '../failure/failure.ts';
import { type EventLogCursor, EventLogError } from './eventLog.ts';

/** A row as it was when it was read: SQLite gives the ids of a deleted run to the next one. */
export const Anchor = v.object({
  id: v.number(),
  /** As in the table: '' for a run-less evaluation. */
  run: v.nullable(v.string()),
  /** The row's timestamp as the table has it: UTC, `2026-05-01 12:00:00.000000`. */
  at: v.nullable(v.string()),
});
export type Anchor = v.InferOutput<typeof Anchor>;

/** The place in `asset_check_executions`, whose rows are changed in place. */
const ExecutionsPlace = v.object({
  /** Last row seen; null before the first. */
  anchor: v.nullable(Anchor),
  /** Rows up to the anchor that can still change, with the timestamp at which they were read; null: planned only. */
  open: v.array(v.tuple([v.number(), v.nullable(v.string())])),
  /** Evaluations before this (UTC text as above) are passed over; null for none. */
  since: v.nullable(v.string()),
});
export type ExecutionsPlace = v.InferOutput<typeof ExecutionsPlace>;

/** Ids without a row, from the first to the last, and when they were first seen so (the server's seconds since 1970). */
export const Gap = v.tuple([v.number(), v.number(), v.number()]);
export type Gap = v.InferOutput<typeof Gap>;

const Place = v.object({
  kind: v.picklist(['check', 'run'] satisfies FailureKind[]),
  /** The row of `event_logs` behind which reading goes on; null before the first. */
  anchor: v.nullable(Anchor),
  /** On SQLite. */
  executions: v.optional(v.nullable(ExecutionsPlace), null),
  /** On Postgres: ids up to the anchor that a writer may have been given without having committed yet. */
  gaps: v.optional(v.array(Gap), []),
});
/**
 * What a cursor holds. One form for every storage: where an instance's tables were moved to another one, its name and
 * cursors stay, and the anchor tells whether its row is still the same.
 */
export type Place = v.InferOutput<typeof Place>;

export const NO_EXECUTIONS: ExecutionsPlace = { anchor: null, open: [], since: null };

// The one place that makes a cursor: its text is opaque to everybody else.
export const writeCursor = (place: v.InferInput<typeof Place>): EventLogCursor =>
  JSON.stringify({ executions: null, gaps: [], ...place }) as EventLogCursor;

/** @throws EventLogError when the cursor is of another kind, or none. */
export function readCursor(cursor: EventLogCursor, kind?: FailureKind): Place {
  let json: unknown;
  try {
    json = JSON.parse(cursor);
  } catch {
    json = null; // told below
  }
  const place = v.safeParse(Place, json);
  if (!place.success || (kind && place.output.kind !== kind)) {
    const start = cursor.slice(0, 80);
    const message =
      kind === undefined
        ? l10n.t('This is no cursor of an event log: {0}', start)
        : l10n.t('This is no {0} cursor of an event log: {1}', kind, start);
    throw new EventLogError('other', message);
  }
  return place.output;
}

/** Seconds since 1970 as the table's UTC text. */
export function timestampText(seconds: number): string {
  const micros = Math.round(seconds * 1e6);
  const whole = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return `${whole}.${String(((micros % 1e6) + 1e6) % 1e6).padStart(6, '0')}`;
}

/** The table's UTC text as seconds since 1970; null where it is none. */
export function timestampSeconds(text: string | null): number | null {
  const match = text === null ? null : /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?/.exec(text);
  if (!match) return null;
  const [, day, time, fraction = ''] = match;
  return Date.parse(`${day}T${time}Z`) / 1000 + Number(fraction.padEnd(6, '0')) / 1e6;
}
