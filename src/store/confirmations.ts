import * as v from 'valibot';
import type { Confirmation } from '../delivery/delivery.ts';
import type { Database } from './database.ts';
import { row, rows } from './rows.ts';

/** An accepted delivery that Sentry is to be asked about. */
export interface ToConfirm {
  readonly id: number;
  /** How often it was asked, this time included. */
  readonly tries: number;
}

const queueRow = v.object({ id: v.number(), tries: v.number() });
const idRow = v.object({ id: v.number() });
const nextRow = v.object({ at: v.nullable(v.number()) });

/** Which accepted deliveries are still to be looked up in Sentry, and what came of it. Times are ms since 1970. */
export class Confirmations {
  readonly #db: Database;
  readonly #begin;
  readonly #forget;
  readonly #unseen;
  readonly #claim;
  readonly #again;
  readonly #next;
  readonly #set;
  readonly #end;

  constructor(db: Database) {
    this.#db = db;
    this.#begin = db.prepare('insert or ignore into to_confirm (outbox_id, next_at, tries) values (?, ?, 0)');
    this.#forget = db.prepare(
      "update outbox set confirmation = null where id = ? and json_extract(confirmation, '$.kind') = 'unseen'",
    );
    this.#unseen = db.prepare(`
      select id from outbox
      where state = 'accepted' and settled_at >= $since and target_kind = 'sentry'
        and (confirmation is null or json_extract(confirmation, '$.kind') = 'unseen')
        and id not in (select outbox_id from to_confirm)
      order by id desc limit $limit`);
    this.#claim = db.prepare(`
      update to_confirm set next_at = $until, tries = tries + 1
      where outbox_id = (select outbox_id from to_confirm where next_at <= $now order by next_at limit 1)
      returning outbox_id as id, tries`);
    this.#again = db.prepare('update to_confirm set next_at = $at where outbox_id = $id');
    this.#next = db.prepare('select min(next_at) as at from to_confirm');
    this.#set = db.prepare('update outbox set confirmation = $confirmation where id = $id');
    this.#end = db.prepare('delete from to_confirm where outbox_id = ?');
  }

  /** Puts deliveries into the queue, to be asked about from `at` on; an earlier answer is forgotten. */
  begin(ids: readonly number[], at: number): void {
    this.#db.write('quick', () => {
      for (const id of ids) {
        this.#forget.run(id);
        this.#begin.run(id, at);
      }
    });
  }

  /** Those accepted since a time that were not seen and are not in the queue, newest first, at most `limit`. */
  unseen(since: number, limit: number): number[] {
    return this.#db.read(() => rows(idRow, this.#unseen.all({ since, limit })).map(({ id }) => id));
  }

  /** Takes the one that is due for longest; no other window takes it before `until`. null when none is due. */
  claim(now: number, until: number): ToConfirm | null {
    return this.#db.write('quick', () => rows(queueRow, this.#claim.all({ now, until }))[0] ?? null);
  }

  /** To be asked again from `at` on. */
  again(id: number, at: number): void {
    this.#db.write('quick', () => this.#again.run({ id, at }));
  }

  /** When the next one is due; null when none is left. */
  nextAt(): number | null {
    return this.#db.read(() => row(nextRow, this.#next.get()).at);
  }

  /** Writes down what came of it; it is not asked about any more. */
  end(id: number, confirmation: Confirmation): void {
    this.#db.write('synced', () => {
      this.#set.run({ id, confirmation: JSON.stringify(confirmation) });
      this.#end.run(id);
    });
  }
}
