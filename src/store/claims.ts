import * as v from 'valibot';
import type { SentBy } from '../delivery/delivery.ts';
import type { Database } from './database.ts';
import type { OutboxTable } from './outbox.ts';
import { CLAIMED_COLUMNS, type LiveOutboxRow, liveRow } from './outboxRow.ts';
import { row, rows } from './rows.ts';
import type { Tries } from './tries.ts';

/** A claim from further ahead than this was made before the machine's clock was set back (ms). */
const CLOCK_SET_BACK = 60_000;

const idRow = v.object({ id: v.number() });
const ownerRow = v.object({ owner: v.string() });
const untilRow = v.object({ until: v.nullable(v.number()) });

/** Which window is sending which rows of the outbox. */
export class Claims {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #outbox: OutboxTable;
  readonly #tries: Tries;
  readonly #claim;
  readonly #giveBack;
  readonly #claimants;
  readonly #lost;
  readonly #nextEnd;

  constructor(db: Database, now: () => number, outbox: OutboxTable, tries: Tries) {
    this.#db = db;
    this.#now = now;
    this.#outbox = outbox;
    this.#tries = tries;
    this.#claim = db.prepare(`
      update outbox set state = 'sending', claim_owner = $owner, claim_epoch = claim_epoch + 1, claimed_at = $now,
        claim_until = $until, tries = tries + 1
      where state = 'waiting' and id in (
        select id from outbox where state = 'waiting' and target_key = $target and coalesce(not_before, 0) <= $now
        order by sent_by = 'automatic', id limit $limit)
      returning ${CLAIMED_COLUMNS}`);
    this.#giveBack = db.prepare(`
      update outbox set state = 'waiting', tries = tries - 1, claim_owner = null, claim_until = null
      where id = $id and state = 'sending' and claim_epoch = $epoch`);
    this.#claimants = db.prepare("select distinct claim_owner as owner from outbox where state = 'sending'");
    this.#lost = db.prepare(`
      update outbox set state = 'waiting', not_before = null, reason = $reason,
        unknown_since = coalesce(unknown_since, claimed_at)
      where state = 'sending' and (claim_until <= $now or claimed_at > $now + ${CLOCK_SET_BACK}
        or claim_owner in (select value from json_each($gone))) returning id`);
    this.#nextEnd = db.prepare("select min(claim_until) as until from outbox where state = 'sending'");
  }

  /**
   * Claims due rows of one target for `owner` until `until`: atomic, no two senders get the same row. What a person
   * sent goes before what was sent by itself, then the oldest.
   */
  claim(claim: {
    readonly target: string;
    readonly owner: string;
    readonly until: number;
    readonly limit: number;
  }): LiveOutboxRow[] {
    const claimed = this.#db.write('quick', () => rows(liveRow, this.#claim.all({ ...claim, now: this.#now() })));
    return claimed.sort((a, b) => rank(a.sentBy) - rank(b.sentBy) || a.id - b.id);
  }

  /** When the earliest claim ends (ms since 1970); null when nothing is being sent. */
  nextEnd(): number | null {
    return this.#db.read(() => row(untilRow, this.#nextEnd.get()).until);
  }

  /** Makes claimed rows wait again as they did before, where the claim still holds; answers these. */
  giveBack(claimed: readonly LiveOutboxRow[]): LiveOutboxRow[] {
    return this.#db.write('quick', () => {
      const given = claimed.filter(({ id, claimEpoch }) => this.#giveBack.run({ id, epoch: claimEpoch }).changes > 0);
      return this.#outbox.all(given.map(({ id }) => id));
    });
  }

  /** The windows that rows are claimed by, by their names in `Presence`. */
  claimants(): string[] {
    return this.#db.read(() => rows(ownerRow, this.#claimants.all()).map(({ owner }) => owner));
  }

  /**
   * Gives back rows whose sender is among the `gone` or did not report in time; each gets a try of unknown
   * outcome.
   */
  releaseLost(gone: readonly string[], words: string): LiveOutboxRow[] {
    const now = this.#now();
    return this.#db.write('quick', () => {
      const lost = this.#lost.all({ now, reason: words, gone: JSON.stringify(gone) });
      const released = this.#outbox.all(rows(idRow, lost).map(({ id }) => id));
      for (const { id, claimEpoch, claimedAt } of released) {
        const at = claimedAt ?? now;
        const durationMs = Math.max(0, now - at);
        this.#tries.add(id, claimEpoch, { at, durationMs, outcome: 'unknown', status: null, words });
      }
      return released;
    });
  }
}

const rank = (by: SentBy): number => (by === 'automatic' ? 1 : 0);
