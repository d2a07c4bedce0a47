import type { SensorName, Tick } from '../sensors/tick.ts';
import type { Database } from './database.ts';
import { row, rows } from './rows.ts';
import { continued, counted, countsOn, firstOfRow, type NewTick } from './tickCounting.ts';
import { columnsOf, tickRow } from './tickRow.ts';

export type { NewTick } from './tickCounting.ts';

/** Ticks kept: this many rows of both sensors together, and no older than this. */
const KEPT_ROWS = 20_000;
const KEPT_MS = 30 * 24 * 3_600_000;

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
        rows_read, failures_found, first_found, unreadable, notes, cursor_before, cursor_after)
      values ($sensor, $trigger, $startedAt, $lastStartedAt, $count, $durationMs, $endKind, $endText,
        $rowsRead, $failuresFound, $firstFound, $unreadable, $notes, $cursorBefore, $cursorAfter)`);
    this.#update = db.prepare(`
      update ticks set last_started_at = $lastStartedAt, count = $count, duration_ms = $durationMs,
        end_kind = $endKind, end_text = $endText, rows_read = $rowsRead, failures_found = $failuresFound,
        first_found = $firstFound, unreadable = $unreadable, notes = $notes, cursor_after = $cursorAfter
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
      ...columnsOf(fresh),
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
    this.#update.run({ ...columnsOf(tick), id: tick.id });
    return tick;
  }
}
