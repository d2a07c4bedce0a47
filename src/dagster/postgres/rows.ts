import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { FailureKind } from '../../failure/failure.ts';
import { type StorageId, storageId } from '../../failure/ids.ts';
import { type Anchor, type Gap, type Place, timestampSeconds, timestampText } from '../cursor.ts';
import type { Lag } from '../eventLog.ts';
import { EVENT_TYPE, OVERLAP, PAGE_TEXT, type RawRow } from '../eventRows.ts';
import type { Query } from './connection.ts';
import { gapsNow, type IdRange, REACH } from './gaps.ts';

/** A bigint comes as text. */
const Id = v.pipe(v.union([v.string(), v.number()]), v.transform(Number), v.safeInteger());
const Text = v.nullable(v.string());
const AnchorRow = v.object({ id: Id, run_id: Text, at: Text });
const EventRow = v.object({ ...AnchorRow.entries, event: Text });

const AT = "to_char(timestamp, 'YYYY-MM-DD HH24:MI:SS.US') as at";
/**
 * Rows that a gap remembered in the cursor has got meanwhile; $1 holds the gaps' ids. One by one, as a join with the
 * gaps' bounds made Postgres compare the whole log with each (3 s for a million rows).
 */
const IN_GAPS = 'event_logs e where e.id = any($1::bigint[])';

/** Whether rows of the kind stand behind the place, came late, or the anchor's row is not what it was. */
export async function hasNewRows(query: Query, place: Place): Promise<boolean> {
  const { kind, anchor, gaps } = place;
  const fresh = 'exists(select 1 from event_logs where dagster_event_type = $1 and id > $2)';
  const [row] = await query(`select ${fresh} as "isNew"`, [EVENT_TYPE[kind], anchor?.id ?? 0]);
  if (v.parse(v.object({ isNew: v.boolean() }), row).isNew) return true;
  if (gaps.length > 0) {
    const late = `select 1 from ${IN_GAPS} and e.dagster_event_type = $2 limit 1`;
    if ((await query(late, [idsIn(gaps), EVENT_TYPE[kind]])).length > 0) return true;
  }
  return anchor !== null && !(await isUnchanged(query, anchor));
}

export interface Page {
  readonly rows: readonly RawRow[];
  readonly place: Place;
  readonly hasMore: boolean;
  readonly notes: readonly string[];
}

/** At most `limit` rows of the kind behind the place, in id order; first those that came late. */
export async function readPage(query: Query, from: Place, limit: number): Promise<Page> {
  const { place: start, notes } = await resume(query, from);
  const { kind, gaps } = start;
  const late = await lateRows(query, kind, gaps, limit);
  const room = limit - late.length;
  const fresh = room > 0 ? await freshRows(query, kind, start.anchor, room) : [];
  const last = fresh.at(-1);
  const anchor = last ? { id: last.id, run: last.run_id, at: last.at } : start.anchor;
  const filled = await filledIds(query, gaps, late.length === limit ? (late.at(-1)?.id ?? 0) : Number.MAX_SAFE_INTEGER);
  const missing = await missingIds(query, start.anchor?.id ?? 0, anchor?.id ?? 0);
  const place: Place = { ...start, anchor, gaps: gapsNow(gaps, filled, missing, await serverTime(query)) };
  const rows = [...late, ...fresh].map(
    (row): RawRow => ({ storageId: storageId(row.id), runId: row.run_id, event: row.event }),
  );
  return { rows, place, hasMore: rows.length > 0 && (await hasNewRows(query, place)), notes };
}

export async function lagOf(query: Query, from: Place): Promise<Lag> {
  const { place } = await resume(query, from);
  const type = EVENT_TYPE[place.kind];
  const after = place.anchor?.id ?? 0;
  const Count = v.object({ rows: Id });
  const [fresh] = await query('select count(*) as rows from event_logs where dagster_event_type = $1 and id > $2', [
    type,
    after,
  ]);
  const [late] = await query(`select count(*) as rows from ${IN_GAPS} and e.dagster_event_type = $2`, [
    idsIn(place.gaps),
    type,
  ]);
  const first = await one(query, 'dagster_event_type = $1 and id > $2 order by id', type, after);
  const rows = v.parse(Count, fresh).rows + v.parse(Count, late).rows;
  return { rows, oldestUnread: timestampSeconds(first?.at ?? null) };
}

/** The place behind a row of any type; ids before it that have no row yet are waited for. */
export async function placeBehind(query: Query, kind: FailureKind, anchor: Anchor | null): Promise<Place> {
  const missing = anchor === null ? [] : await missingIds(query, 0, anchor.id);
  return { kind, anchor, executions: null, gaps: gapsNow([], [], missing, await serverTime(query)) };
}

/** The log's last row, of any type. */
export const lastRow = (query: Query): Promise<Anchor | null> => one(query, 'true order by id desc');

/** The last row of any type up to this id. */
export const rowUpTo = (query: Query, id: StorageId): Promise<Anchor | null> =>
  one(query, 'id <= $1 order by id desc', id);

/** The last row of the kind that was recorded before `timestamp` (seconds since 1970). */
export const rowBefore = (query: Query, kind: FailureKind, timestamp: number): Promise<Anchor | null> =>
  one(
    query,
    'dagster_event_type = $1 and timestamp < $2::timestamp order by id desc',
    EVENT_TYPE[kind],
    timestampText(timestamp),
  );

/**
 * Where to go on reading. Postgres gives no id twice, so nothing is behind an anchor whose row was deleted. But where
 * another row has its id, or none stands at it or behind it, the tables may have been made anew under the same name (a
 * restored dump): go back to the last row that is surely older; the failures' identity drops what comes twice.
 */
async function resume(query: Query, from: Place): Promise<{ place: Place; notes: string[] }> {
  const { kind, anchor } = from;
  if (anchor === null || (await isUnchanged(query, anchor))) return { place: from, notes: [] };
  const at = timestampSeconds(anchor.at);
  const back = at === null ? null : await rowBefore(query, kind, at - OVERLAP);
  const note = l10n.t(
    'Row {0} of the event log is no more what it was (its run was deleted, or the tables were made anew): reading goes on behind row {1}.',
    anchor.id,
    back?.id ?? 0,
  );
  return { place: { ...from, anchor: back, gaps: [] }, notes: [note] };
}

async function isUnchanged(query: Query, anchor: Anchor): Promise<boolean> {
  const next = await one(query, 'id >= $1 order by id', anchor.id);
  if (next === null) return false;
  return next.id > anchor.id || (next.run === anchor.run && next.at === anchor.at);
}

async function lateRows(query: Query, kind: FailureKind, gaps: readonly Gap[], limit: number) {
  if (gaps.length === 0) return [];
  const sql = `select e.id, e.run_id, ${AT}, e.event from ${IN_GAPS}
    and e.dagster_event_type = $2 order by e.id limit $3`;
  return (await query(sql, [idsIn(gaps), EVENT_TYPE[kind], limit])).map((row) => v.parse(EventRow, row));
}

/** Rows of some MB occur: a page ends early behind the row that fills it. */
async function freshRows(query: Query, kind: FailureKind, anchor: Anchor | null, limit: number) {
  const sql = `select id, run_id, at, event from (
      select id, run_id, ${AT}, event,
        sum(octet_length(event)) over (order by id rows between unbounded preceding and 1 preceding) as before
      from (select * from event_logs where dagster_event_type = $1 and id > $2 order by id limit $3) page
    ) sized where coalesce(before, 0) < $4 order by id`;
  const found = await query(sql, [EVENT_TYPE[kind], anchor?.id ?? 0, limit, PAGE_TEXT]);
  return found.map((row) => v.parse(EventRow, row));
}

/** Ids up to `last` in the gaps that have a row now, in order. */
async function filledIds(query: Query, gaps: readonly Gap[], last: number): Promise<number[]> {
  if (gaps.length === 0) return [];
  const found = await query(`select e.id from ${IN_GAPS} and e.id <= $2 order by e.id`, [idsIn(gaps), last]);
  return found.map((row) => v.parse(v.object({ id: Id }), row).id);
}

/** The ids without a row after `from` and before `to`, as far as they are near the log's end. */
async function missingIds(query: Query, from: number, to: number): Promise<IdRange[]> {
  if (to <= from) return [];
  const [end] = await query('select max(id) as id from event_logs');
  const floor = Math.max(from, v.parse(v.object({ id: Id }), end).id - REACH);
  const sql = `select before + 1 as first, id - 1 as last from (
      select id, lag(id, 1, $1::bigint) over (order by id) as before from event_logs where id > $1 and id <= $2
    ) ids where id > before + 1 order by id`;
  const found = await query(sql, [floor, to]);
  return found.map((row): IdRange => {
    const { first, last } = v.parse(v.object({ first: Id, last: Id }), row);
    return [first, last];
  });
}

async function serverTime(query: Query): Promise<number> {
  const [row] = await query('select extract(epoch from now())::float8 as now');
  return v.parse(v.object({ now: v.number() }), row).now;
}

const idsIn = (gaps: readonly Gap[]): number[] =>
  gaps.flatMap(([first, last]) => Array.from({ length: last - first + 1 }, (_, i) => first + i));

async function one(query: Query, where: string, ...values: (string | number)[]): Promise<Anchor | null> {
  const [found] = await query(`select id, run_id, ${AT} from event_logs where ${where} limit 1`, values);
  if (found === undefined) return null;
  const row = v.parse(AnchorRow, found);
  return { id: row.id, run: row.run_id, at: row.at };
}
