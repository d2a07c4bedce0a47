import * as v from 'valibot';
import { SENSOR_NAMES, TICK_TRIGGERS, type Tick, type TickEnd, textOfEnd } from '../sensors/tick.ts';
import { json } from './rows.ts';

const foundFailure = v.object({ kind: v.picklist(['check', 'run']), label: v.string(), detail: v.string() });

/** A row of the table of ticks. */
export const tickRow = v.pipe(
  v.object({
    id: v.number(),
    sensor: v.picklist(SENSOR_NAMES),
    trigger: v.picklist(TICK_TRIGGERS),
    started_at: v.number(),
    last_started_at: v.number(),
    count: v.number(),
    duration_ms: v.number(),
    end_kind: v.picklist(['success', 'skipped', 'failure']),
    end_text: v.string(),
    rows_read: v.number(),
    failures_found: v.number(),
    first_found: v.pipe(json, v.array(foundFailure)),
    unreadable: v.number(),
    notes: v.pipe(json, v.array(v.string())),
    cursor_before: v.nullable(v.string()),
    cursor_after: v.nullable(v.string()),
  }),
  v.transform(
    (stored): Tick => ({
      id: stored.id,
      sensor: stored.sensor,
      trigger: stored.trigger,
      startedAt: stored.started_at,
      lastStartedAt: stored.last_started_at,
      count: stored.count,
      durationMs: stored.duration_ms,
      end: tickEnd(stored.end_kind, stored.end_text),
      rowsRead: stored.rows_read,
      failuresFound: stored.failures_found,
      firstFound: stored.first_found,
      unreadable: stored.unreadable,
      notes: stored.notes,
      cursorBefore: stored.cursor_before,
      cursorAfter: stored.cursor_after,
    }),
  ),
);

/** The columns that a further page or tick may change. */
export function columnsOf(tick: Tick) {
  return {
    lastStartedAt: tick.lastStartedAt,
    count: tick.count,
    durationMs: tick.durationMs,
    endKind: tick.end.kind,
    endText: textOfEnd(tick.end),
    rowsRead: tick.rowsRead,
    failuresFound: tick.failuresFound,
    firstFound: JSON.stringify(tick.firstFound),
    unreadable: tick.unreadable,
    notes: JSON.stringify(tick.notes),
    cursorAfter: tick.cursorAfter,
  };
}

function tickEnd(kind: TickEnd['kind'], text: string): TickEnd {
  switch (kind) {
    case 'success':
      return { kind };
    case 'skipped':
      return { kind, reason: text };
    case 'failure':
      return { kind, error: text };
  }
}
