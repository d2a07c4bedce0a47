import type { DatabaseSync } from 'node:sqlite';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { FailureKind } from '../failure/failure.ts';
import type { StorageId } from '../failure/ids.ts';
import { storageId } from '../failure/ids.ts';
import { type Anchor, timestampSeconds, timestampText } from './cursor.ts';

/** How Dagster names the events in `event_logs.dagster_event_type`. */
export const EVENT_TYPE: Readonly<Record<FailureKind, string>> = {
  check: 'ASSET_CHECK_EVALUATION',
  run: 'PIPELINE_FAILURE',
};

/**
 * Seconds by which an event's timestamp may be older than its insertion (a writer waits up to a minute for the lock).
 * Where ids were reused, reading begins again this long before the row that is no more.
 */
export const OVERLAP = 60;

/** Characters of event texts after which a page ends early: rows of some MB occur. */
export const PAGE_TEXT = 24 * 2 ** 20;

/** One undecoded row, of either table. */
export interface RawRow {
  /** null for a row of `asset_check_executions`. */
  readonly storageId: StorageId | null;
  readonly runId: string | null;
  /** null where the column holds no text. */
  readonly event: string | null;
}

const Text = v.nullable(v.string());
const AnchorRow = v.object({ id: v.number(), run_id: Text, timestamp: Text });
const EventRow = v.object({ id: v.number(), run_id: Text, timestamp: Text, event: v.unknown() });

/** Whether rows of the kind stand behind the anchor, or the anchor's row is not what it was. */
export function hasNewEvents(database: DatabaseSync, kind: FailureKind, anchor: Anchor | null): boolean {
  if (anchor && !isUnchanged(database, anchor)) return true;
  const sql = 'select 1 from event_logs where dagster_event_type = ? and id > ? limit 1';
  return database.prepare(sql).get(EVENT_TYPE[kind], anchor?.id ?? 0) !== undefined;
}

export interface EventPage {
  readonly rows: readonly RawRow[];
  readonly anchor: Anchor | null;
  readonly hasMore: boolean;
  readonly notes: readonly string[];
}

/** At most `limit` rows of the kind behind the anchor, in id order. */
export function readEvents(database: DatabaseSync, kind: FailureKind, from: Anchor | null, limit: number): EventPage {
  const { anchor: start, notes } = resume(database, kind, from);
  let anchor = start;
  const rows: RawRow[] = [];
  let characters = 0;
  const sql = `select id, run_id, cast(timestamp as text) as timestamp, event from event_logs
    where dagster_event_type = ? and id > ? order by id limit ?`;
  for (const found of database.prepare(sql).iterate(EVENT_TYPE[kind], start?.id ?? 0, limit)) {
    const row = v.parse(EventRow, found);
    anchor = { id: row.id, run: row.run_id, at: row.timestamp };
    const event = typeof row.event === 'string' ? row.event : null;
    rows.push({ storageId: storageId(row.id), runId: row.run_id, event });
    characters += event?.length ?? 0;
    if (characters >= PAGE_TEXT) break;
  }
  return { rows, anchor, hasMore: rows.length > 0 && hasNewEvents(database, kind, anchor), notes };
}

/** Rows of the kind behind the anchor and the timestamp of the first. */
export function eventLag(database: DatabaseSync, kind: FailureKind, from: Anchor | null) {
  const after = resume(database, kind, from).anchor?.id ?? 0;
  const Count = v.object({ rows: v.number() });
  const count = 'select count(*) as rows from event_logs where dagster_event_type = ? and id > ?';
  const { rows } = v.parse(Count, database.prepare(count).get(EVENT_TYPE[kind], after));
  const first = one(database, 'dagster_event_type = ? and id > ? order by id', EVENT_TYPE[kind], after);
  return { rows, oldestUnread: timestampSeconds(first?.at ?? null) };
}

/** The log's last row, of any type. */
export const lastEvent = (database: DatabaseSync): Anchor | null => one(database, 'true order by id desc');

/** The last row of any type up to this id. */
export const eventUpTo = (database: DatabaseSync, id: number): Anchor | null =>
  one(database, 'id <= ? order by id desc', id);

/** The last row of the kind that was recorded before `timestamp` (seconds since 1970). */
export const eventBefore = (database: DatabaseSync, kind: FailureKind, timestamp: number): Anchor | null =>
  one(
    database,
    'dagster_event_type = ? and timestamp < ? order by id desc',
    EVENT_TYPE[kind],
    timestampText(timestamp),
  );

/**
 * Where to go on reading. While the anchor's row is what it was, no id up to it was given out again, since SQLite
 * counts on from the highest id there is. Otherwise its run was deleted, and new rows may stand under ids that were
 * read before: go back to the last row that is surely older; the failures' identity drops what comes twice.
 */
function resume(database: DatabaseSync, kind: FailureKind, from: Anchor | null) {
  if (from === null || isUnchanged(database, from)) return { anchor: from, notes: [] };
  const at = timestampSeconds(from.at);
  const anchor = at === null ? null : eventBefore(database, kind, at - OVERLAP);
  const note = l10n.t(
    'Row {0} of the event log is no more what it was (its run was deleted, ids are used again): reading goes on behind row {1}.',
    from.id,
    anchor?.id ?? 0,
  );
  return { anchor, notes: [note] };
}

function isUnchanged(database: DatabaseSync, anchor: Anchor): boolean {
  const now = one(database, 'id = ?', anchor.id);
  return now !== null && now.run === anchor.run && now.at === anchor.at;
}

function one(database: DatabaseSync, where: string, ...values: (string | number)[]): Anchor | null {
  const sql = `select id, run_id, cast(timestamp as text) as timestamp from event_logs where ${where} limit 1`;
  const found = database.prepare(sql).get(...values);
  if (found === undefined) return null;
  const row = v.parse(AnchorRow, found);
  return { id: row.id, run: row.run_id, at: row.timestamp };
}
