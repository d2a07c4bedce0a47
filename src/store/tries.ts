import * as v from 'valibot';
import type { Database } from './database.ts';
import { rows } from './rows.ts';

/** One try to deliver a row, as it is written down. Times are ms since 1970. */
export interface Try {
  readonly at: number;
  readonly durationMs: number;
  /** `unknown`: the request may have arrived, but no answer did. */
  readonly outcome: 'accepted' | 'later' | 'refused' | 'unknown';
  readonly status: number | null;
  readonly words: string;
}

const tryRow = v.pipe(
  v.object({
    at: v.number(),
    duration_ms: v.number(),
    outcome: v.picklist(['accepted', 'later', 'refused', 'unknown']),
    status: v.nullable(v.number()),
    words: v.string(),
  }),
  v.transform(({ duration_ms, ...rest }): Try => ({ ...rest, durationMs: duration_ms })),
);

/** The tries to deliver the rows of the outbox. */
export class Tries {
  readonly #db: Database;
  readonly #of;
  readonly #add;

  constructor(db: Database) {
    this.#db = db;
    this.#of = db.prepare(
      'select at, duration_ms, outcome, status, words from tries where outbox_id = ? order by claim_epoch',
    );
    // The report of a sender that was given up replaces the guess that stands for it: one claim is one try.
    this.#add = db.prepare(`
      insert into tries (outbox_id, claim_epoch, at, duration_ms, outcome, status, words)
      values ($outbox, $epoch, $at, $durationMs, $outcome, $status, $words)
      on conflict (outbox_id, claim_epoch) do update set at = excluded.at, duration_ms = excluded.duration_ms,
        outcome = excluded.outcome, status = excluded.status, words = excluded.words`);
  }

  /** All tries of a row, oldest first. */
  of(id: number): Try[] {
    return this.#db.read(() => rows(tryRow, this.#of.all(id)));
  }

  /** Writes down what came of a claim; a claim has one try, the last word on it counts. */
  add(id: number, epoch: number, made: Try): void {
    this.#add.run({ outbox: id, epoch, ...made });
  }
}
