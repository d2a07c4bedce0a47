import type { Database } from './database.ts';

const DAY = 24 * 3_600_000;
/** What is done with (sent, dismissed, tests, from before Firedrill; accepted deliveries) is kept so long. */
export const DONE_KEPT = 30 * DAY;
/** What still waits for somebody: a pending failure, a failed delivery. Nothing of it is ever forgotten by number. */
const OPEN_KEPT = 90 * DAY;
/** Failures that are done with, at most. */
const DONE_ROWS = 20_000;
/** Rows forgotten, and pages of 8 KiB given back to the disk, at a time: some ms. */
const AT_A_TIME = 5_000;
const PAGES_AT_A_TIME = 2_000;

const DONE = "(status <> 'pending' or test = 1 or before_firedrill = 1)";

/**
 * Keeps the state from growing without end. Ticks, requests and the inbox have limits of their own, beside their
 * tables. A failure with a delivery that is still to go is kept whatever its age.
 */
export class Retention {
  readonly #db: Database;
  readonly #failures;
  readonly #deliveries;

  constructor(db: Database) {
    this.#db = db;
    this.#failures = db.prepare(`
      delete from failures where seq in (
        select seq from failures f where ((${DONE} and found_at < $done) or found_at < $open or (${DONE} and seq <=
            (select seq from failures where ${DONE} order by seq desc limit 1 offset ${DONE_ROWS})))
          and not exists (select 1 from outbox where failure_id = f.id and state in ('waiting', 'sending', 'failed'))
        limit ${AT_A_TIME})`);
    this.#deliveries = db.prepare(`
      delete from outbox where id in (
        select id from outbox where (state in ('accepted', 'cancelled') and settled_at < $done)
          or (state = 'failed' and settled_at < $open)
        limit ${AT_A_TIME})`);
  }

  /**
   * Forgets what is older than its time, and gives the room back to the disk. To be called now and then; answers whether
   * there was something.
   */
  prune(now: number): boolean {
    const before = { done: now - DONE_KEPT, open: now - OPEN_KEPT };
    const forgotten = this.#db.write(
      'quick',
      () => Number(this.#deliveries.run(before).changes) + Number(this.#failures.run(before).changes),
    );
    this.#db.shrink(PAGES_AT_A_TIME);
    return forgotten > 0;
  }
}
