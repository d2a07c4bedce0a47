import * as v from 'valibot';
import type { SensorName, Tick, TickEnd, TickTrigger } from '../sensors/tick.ts';
import type { Database } from './database.ts';
import { json, row, rows } from './rows.ts';

/** One page of a tick as it is stored. */
export interface NewTick {
  readonly sensor: SensorName;
  readonly trigger: TickTrigger;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly end: TickEnd;
  readonly rowsRead: number;
  readonly failuresFound: number;
  readonly unreadable: number;
  readonly notes: readonly string[];
  readonly cursorTexts: { readonly before: string | null; readonly after: string | null };
  /** The stored tick that this page goes on with; null for a tick's first page. */
  readonly continues: number | null;
  /** Further pages of this tick follow, so it cannot count on in an earlier row yet. */
  readonly more: boolean;
}

/** A longer pause ends a row that counts: a night in which nobody watched must not look watched. */
const SAME_ROW_WITHIN = 5 * 60_000;
/** Notes kept a row; a log of a million broken rows must not fill the state. */
const NOTES_KEPT = 20;
/** Ticks kept: this many rows of both sensors together, and no older than this. */
const KEPT_ROWS = 20_000;
const KEPT_MS = 30 * 24 * 3_600_000;

const tickRow = v.pipe(
  v.object({
    id: v.number(),
    // Names and kinds are written from typed values only; what reads them is the type's owner.
    sensor: v.custom<SensorName>((value) => typeof value === 'string'),
    trigger: v.custom<TickTrigger>((value) => typeof value === 'string'),
    started_at: v.number(),
    last_started_at: v.number(),
    count: v.number(),
    duration_ms: v.number(),
    end_kind: v.picklist(['success', 'skipped', 'failure']),
    end_text: v.string(),
    rows_read: v.number(),
    failures_found: v.number(),
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
      unreadable: stored.unreadable,
      notes: stored.notes,
      cursorBefore: stored.cursor_before,
      cursorAfter: stored.cursor_after,
    }),
  ),
);

/** The stored ticks of both sensors. */
export class Ticks {
  readonly #db: Database;
  readonly #insert;
  readonly #update;
  readonly #one;
  readonly #last;
  readonly #range;
  readonly #prune;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(`
      insert into ticks (sensor, "trigger", started_at, last_started_at, count, duration_ms, end_kind, end_text,
        rows_read, failures_found, unreadable, notes, cursor_before, cursor_after)
      values ($sensor, $trigger, $startedAt, $lastStartedAt, $count, $durationMs, $endKind, $endText,
        $rowsRead, $failuresFound, $unreadable, $notes, $cursorBefore, $cursorAfter)`);
    this.#update = db.prepare(`
      update ticks set last_started_at = $lastStartedAt, count = $count, duration_ms = $durationMs,
        end_kind = $endKind, end_text = $endText, rows_read = $rowsRead, failures_found = $failuresFound,
        unreadable = $unreadable, notes = $notes, cursor_after = $cursorAfter
      where id = $id`);
    this.#one = db.prepare('select * from ticks where id = ?');
    this.#last = db.prepare('select * from ticks where sensor = ? order by id desc limit 1');
    this.#range = db.prepare(`
      select * from ticks where started_at <= $to and last_started_at + duration_ms >= $from
      order by last_started_at desc, id desc limit $limit`);
    this.#prune = db.prepare(`
      delete from ticks where last_started_at < $oldest
        or id <= (select id from ticks order by id desc limit 1 offset $kept)`);
  }

  /**
   * Stores one page of a tick inside the caller's transaction: goes on with its own row, counts on in the last row of
   * this sensor when both found nothing and ended alike, else begins a row. Answers the row as it now stands.
   */
  store(tick: NewTick): Tick {
    const earlier = tick.continues === null ? this.last(tick.sensor) : this.get(tick.continues);
    if (earlier !== null && tick.continues !== null) return this.#replace(continued(earlier, tick));
    if (earlier !== null && countsOn(earlier, tick)) return this.#replace(counted(earlier, tick));
    const fresh = firstOfRow(tick);
    const { lastInsertRowid } = this.#insert.run({
      ...columns(fresh),
      sensor: fresh.sensor,
      trigger: fresh.trigger,
      startedAt: fresh.startedAt,
      cursorBefore: fresh.cursorBefore,
    });
    return { ...fresh, id: Number(lastInsertRowid) };
  }

  get(id: number): Tick | null {
    return this.#db.read(() => {
      const found = this.#one.get(id);
      return found === undefined ? null : row(tickRow, found);
    });
  }

  last(sensor: SensorName): Tick | null {
    return this.#db.read(() => {
      const found = this.#last.get(sensor);
      return found === undefined ? null : row(tickRow, found);
    });
  }

  /** Rows that touch the range (ms since 1970), newest first. */
  range(query: { readonly from: number; readonly to: number; readonly limit: number }): Tick[] {
    return this.#db.read(() => rows(tickRow, this.#range.all(query)));
  }

  /** Forgets ticks older than 30 days and all but the newest 20,000 rows. To be called now and then. */
  prune(now: number): void {
    this.#db.write('quick', () => this.#prune.run({ oldest: now - KEPT_MS, kept: KEPT_ROWS }));
  }

  #replace(tick: Tick): Tick {
    this.#update.run({ ...columns(tick), id: tick.id });
    return tick;
  }
}

function firstOfRow(tick: NewTick): Tick {
  const { continues, more, cursorTexts, notes, ...same } = tick;
  return {
    ...same,
    id: 0,
    lastStartedAt: tick.startedAt,
    count: 1,
    notes: notes.slice(0, NOTES_KEPT),
    cursorBefore: cursorTexts.before,
    cursorAfter: cursorTexts.after,
  };
}

function continued(earlier: Tick, page: NewTick): Tick {
  return {
    ...earlier,
    end: page.end,
    durationMs: page.durationMs,
    rowsRead: earlier.rowsRead + page.rowsRead,
    failuresFound: earlier.failuresFound + page.failuresFound,
    unreadable: earlier.unreadable + page.unreadable,
    notes: [...earlier.notes, ...page.notes].slice(0, NOTES_KEPT),
    cursorAfter: page.cursorTexts.after,
  };
}

function countsOn(earlier: Tick, next: NewTick): boolean {
  const pause = next.startedAt - earlier.lastStartedAt;
  return (
    !next.more &&
    isEmpty(earlier) &&
    isEmpty(next) &&
    earlier.trigger === next.trigger &&
    earlier.end.kind === next.end.kind &&
    endText(earlier.end) === endText(next.end) &&
    pause >= 0 &&
    pause <= SAME_ROW_WITHIN
  );
}

const isEmpty = (tick: Pick<Tick, 'failuresFound' | 'unreadable' | 'notes'>): boolean =>
  tick.failuresFound === 0 && tick.unreadable === 0 && tick.notes.length === 0;

function counted(earlier: Tick, next: NewTick): Tick {
  return {
    ...earlier,
    lastStartedAt: next.startedAt,
    count: earlier.count + 1,
    durationMs: next.durationMs,
    rowsRead: earlier.rowsRead + next.rowsRead,
    cursorAfter: next.cursorTexts.after,
  };
}

function columns(tick: Tick) {
  return {
    lastStartedAt: tick.lastStartedAt,
    count: tick.count,
    durationMs: tick.durationMs,
    endKind: tick.end.kind,
    endText: endText(tick.end),
    rowsRead: tick.rowsRead,
    failuresFound: tick.failuresFound,
    unreadable: tick.unreadable,
    notes: JSON.stringify(tick.notes),
    cursorAfter: tick.cursorAfter,
  };
}

function endText(end: TickEnd): string {
  switch (end.kind) {
    case 'success':
      return '';
    case 'skipped':
      return end.reason;
    case 'failure':
      return end.error;
  }
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
