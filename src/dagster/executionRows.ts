import type { DatabaseSync } from 'node:sqlite';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { type Anchor, type ExecutionsPlace, NO_EXECUTIONS, timestampSeconds, timestampText } from './cursor.ts';
import { OVERLAP, PAGE_TEXT, type RawRow } from './eventRows.ts';
import { hasTable } from './sqliteFile.ts';

/*
 * `asset_check_executions`: where Dagster before 1.12.11 keeps evaluations on SQLite. A row is inserted when its check
 * is planned and changed in place by the evaluation, so ids do not order the evaluations. New are: final rows behind
 * the last one seen, and rows seen before, of runs that had not ended, which were planned and are final now or were
 * evaluated again. Rows with a storage id (Dagster 1.12.11 and later) stand in `event_logs` too and are left to it.
 */

const FINAL = "evaluation_event_storage_id is null and execution_status in ('SUCCEEDED', 'FAILED')";
/** Rows that can still change: of a run, planned or final. */
const CHANGEABLE = "evaluation_event_storage_id is null and run_id <> ''";
const COLUMNS = 'id, run_id, execution_status as status, cast(evaluation_event_timestamp as text) as at';

const Text = v.nullable(v.string());
const ExecutionRow = v.object({ id: v.number(), run_id: Text, status: Text, at: Text });
type ExecutionRow = v.InferOutput<typeof ExecutionRow>;
const EvaluatedRow = v.object({ ...ExecutionRow.entries, event: v.unknown() });

/** Which of these runs can write no more evaluations: they ended a while ago, or were deleted. */
export type EndedRuns = (ids: readonly string[]) => ReadonlySet<string>;

export const hasExecutions = (database: DatabaseSync): boolean => hasTable(database, 'asset_check_executions');

export function hasNewExecutions(database: DatabaseSync, place: ExecutionsPlace): boolean {
  if (place.anchor && !isUnchanged(database, place.anchor)) return true;
  return changed(database, place, 1).length > 0 || fresh(database, place, 1).length > 0;
}

export interface ExecutionPage {
  readonly rows: readonly RawRow[];
  readonly place: ExecutionsPlace;
  readonly hasMore: boolean;
  readonly notes: readonly string[];
}

/** At most `limit` evaluations that were not read at `from`. */
export function readExecutions(
  database: DatabaseSync,
  from: ExecutionsPlace,
  limit: number,
  endedRuns: EndedRuns,
): ExecutionPage {
  const { place, notes } = resume(database, from);
  const again = changed(database, place, limit);
  const room = limit - again.length;
  const behind = room > 0 && textOf(again) < PAGE_TEXT ? fresh(database, place, room) : [];
  const read = new Map([...again, ...behind].map((row) => [row.id, row.at]));
  const full = read.size >= limit || textOf([...again, ...behind]) >= PAGE_TEXT;
  // A page that is not full has seen everything up to the table's end.
  const anchor = full ? (behind.at(-1) ?? place.anchor) : (lastRow(database) ?? place.anchor);
  const open = stillOpen(database, place, anchor, read, endedRuns);
  const next: ExecutionsPlace = { anchor: anchor && anchorOf(anchor), open, since: place.since };
  return {
    rows: [...again, ...behind].map(rawRow),
    place: next,
    hasMore: full && hasNewExecutions(database, next),
    notes,
  };
}

export function executionLag(database: DatabaseSync, place: ExecutionsPlace) {
  const rows = [...changed(database, place, 1000), ...fresh(database, place, 1000)];
  const times = rows.flatMap((row) => timestampSeconds(row.at) ?? []);
  return { rows: rows.length, oldestUnread: times.length > 0 ? Math.min(...times) : null };
}

/** The place behind every evaluation there is. */
export function executionsEnd(database: DatabaseSync, endedRuns: EndedRuns): ExecutionsPlace {
  const last = lastRow(database);
  const open = stillOpen(database, NO_EXECUTIONS, last, new Map(), endedRuns);
  return { anchor: last && anchorOf(last), open, since: null };
}

/** The place behind the evaluations recorded before `timestamp` (seconds since 1970). */
export function executionsAt(database: DatabaseSync, timestamp: number, endedRuns: EndedRuns): ExecutionsPlace {
  const since = timestampText(timestamp);
  const sql = `select min(id) as id from asset_check_executions where ${FINAL} and evaluation_event_timestamp >= ?`;
  const first = v.parse(v.object({ id: v.nullable(v.number()) }), database.prepare(sql).get(since)).id;
  if (first === null) return { ...executionsEnd(database, endedRuns), since };
  const anchor = rows(database, 'id < ? order by id desc limit 1', first)[0] ?? null;
  const open = stillOpen(database, NO_EXECUTIONS, anchor, new Map(), endedRuns);
  return { anchor: anchor && anchorOf(anchor), open, since };
}

/** Rows seen before that are final and not as they were. */
function changed(database: DatabaseSync, place: ExecutionsPlace, limit: number): EvaluatedRow[] {
  if (place.open.length === 0) return [];
  const were = new Map(place.open);
  const sql = `select ${COLUMNS}, evaluation_event as event from asset_check_executions
    where id in (select value from json_each(?)) and ${FINAL} order by evaluation_event_timestamp, id`;
  const found: EvaluatedRow[] = [];
  for (const row of database.prepare(sql).iterate(JSON.stringify([...were.keys()]))) {
    const evaluated = v.parse(EvaluatedRow, row);
    if (were.get(evaluated.id) !== evaluated.at) found.push(evaluated);
    if (found.length >= limit || textOf(found) >= PAGE_TEXT) break;
  }
  return found;
}
type EvaluatedRow = v.InferOutput<typeof EvaluatedRow>;

/** Characters of the rows' events. */
const textOf = (found: readonly EvaluatedRow[]): number =>
  found.reduce((sum, row) => sum + (typeof row.event === 'string' ? row.event.length : 0), 0);

/** Final rows behind the anchor. */
function fresh(database: DatabaseSync, place: ExecutionsPlace, limit: number): EvaluatedRow[] {
  const sql = `select ${COLUMNS}, evaluation_event as event from asset_check_executions
    where id > ? and ${FINAL} and (? is null or evaluation_event_timestamp >= ?) order by id limit ?`;
  const found: EvaluatedRow[] = [];
  for (const row of database.prepare(sql).iterate(place.anchor?.id ?? 0, place.since, place.since, limit)) {
    found.push(v.parse(EvaluatedRow, row));
    if (textOf(found) >= PAGE_TEXT) break;
  }
  return found;
}

/** The rows up to the anchor that can still change, with the timestamp at which they have been read. */
function stillOpen(
  database: DatabaseSync,
  place: ExecutionsPlace,
  anchor: ExecutionRow | Anchor | null,
  read: ReadonlyMap<number, string | null>,
  endedRuns: EndedRuns,
): ExecutionsPlace['open'] {
  if (anchor === null) return [];
  const were = new Map(place.open);
  const ids = JSON.stringify([...were.keys()]);
  const before = rows(database, `id in (select value from json_each(?)) and ${CHANGEABLE}`, ids);
  const since = rows(database, `id > ? and id <= ? and ${CHANGEABLE}`, place.anchor?.id ?? 0, anchor.id);
  const candidates = [...before, ...since];
  const ended = endedRuns(candidates.flatMap((row) => row.run_id ?? []));
  // Changed, but without room in this page.
  const isUnread = (row: ExecutionRow) =>
    row.status !== 'PLANNED' && were.has(row.id) && !read.has(row.id) && were.get(row.id) !== row.at;
  return candidates
    .filter((row) => isUnread(row) || (row.run_id !== null && !ended.has(row.run_id)))
    .map((row) => {
      if (row.status === 'PLANNED') return [row.id, null];
      // An unread one stays as it was, so that the next page finds it.
      return [row.id, read.get(row.id) ?? (were.has(row.id) ? (were.get(row.id) ?? null) : row.at)];
    });
}

/** Where the table was emptied (`wipe`), its ids begin again: read all, but nothing from before what was read. */
function resume(database: DatabaseSync, from: ExecutionsPlace) {
  if (from.anchor === null || isUnchanged(database, from.anchor)) return { place: from, notes: [] };
  const at = timestampSeconds(from.anchor.at);
  const since = at === null ? from.since : timestampText(at - OVERLAP);
  const { id } = from.anchor;
  const note =
    since === null
      ? l10n.t('Row {0} of asset_check_executions is no more what it was: reading begins again at its start.', id)
      : l10n.t('Row {0} of asset_check_executions is no more what it was: reading begins again at {1}.', id, since);
  return { place: { anchor: null, open: [], since }, notes: [note] };
}

/** The timestamp changes with the evaluation; the run does not. */
function isUnchanged(database: DatabaseSync, anchor: Anchor): boolean {
  return rows(database, 'id = ?', anchor.id)[0]?.run_id === anchor.run;
}

const lastRow = (database: DatabaseSync): ExecutionRow | null =>
  rows(database, 'true order by id desc limit 1')[0] ?? null;

function rows(database: DatabaseSync, where: string, ...values: (string | number)[]): ExecutionRow[] {
  const sql = `select ${COLUMNS} from asset_check_executions where ${where}`;
  return database
    .prepare(sql)
    .all(...values)
    .map((row) => v.parse(ExecutionRow, row));
}

const anchorOf = (row: ExecutionRow | Anchor): Anchor =>
  'run_id' in row ? { id: row.id, run: row.run_id, at: row.at } : row;

const rawRow = (row: EvaluatedRow): RawRow => ({
  storageId: null,
  runId: row.run_id,
  event: typeof row.event === 'string' ? row.event : null,
});
