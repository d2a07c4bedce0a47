import type { Database } from './database.ts';

/** What keeps all rows of a target from going out for a while. */
export class Holds {
  readonly #db: Database;
  readonly #hold;
  readonly #endPause;
  readonly #endPauses;

  constructor(db: Database) {
    this.#db = db;
    this.#hold = db.prepare(`
      insert into holds (target_key, until, reason, why) values ($target, $until, $reason, $why)
      on conflict (target_key) do update set until = excluded.until, reason = excluded.reason, why = excluded.why
      where excluded.until > holds.until`);
    this.#endPause = db.prepare(
      "delete from holds where why = 'pause' and target_key = (select target_key from outbox where id = ?)",
    );
    this.#endPauses = db.prepare("delete from holds where why = 'pause'");
  }

  /**
   * Holds all rows of a target until a time (ms since 1970), because its endpoint asked for it or as a pause of the
   * sender's own. A hold is only ever made longer, but for `endPause`. Whether this changed anything.
   */
  hold(target: string, until: number, reason: string, why: 'asked' | 'pause'): boolean {
    return this.#db.write('quick', () => this.#hold.run({ target, until, reason, why })).changes > 0;
  }

  /** Ends a pause of the target that a row of the outbox is for; what an endpoint asked for stays. Whether there was one. */
  endPause(row: number): boolean {
    return this.#endPause.run(row).changes > 0;
  }

  /** Ends all pauses. Whether there were any. */
  endPauses(): boolean {
    return this.#db.write('quick', () => this.#endPauses.run()).changes > 0;
  }
}
