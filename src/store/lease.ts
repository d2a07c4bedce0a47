import * as v from 'valibot';
import type { Database } from './database.ts';
import type { Presence } from './presence.ts';
import { row } from './rows.ts';

/** What a window brings that wants to tick the sensors. */
export interface LeaseWish {
  /** Who delivers by itself goes before who only lists: a higher rank takes the lease from a lower one. */
  readonly rank: number;
  /** ms between its interval ticks: what the other windows count down. */
  readonly tickInterval: number;
}

/** Who ticks the sensors of the instance. */
export interface LeaseHolder extends LeaseWish {
  /** The window's name in `Presence`; null when nobody holds it. */
  readonly owner: string | null;
  /** Rises with every change of the holder. What was begun under an earlier one is not stored any more. */
  readonly epoch: number;
}

const holderRow = v.pipe(
  v.object({ owner: v.nullable(v.string()), epoch: v.number(), rank: v.number(), tick_interval: v.number() }),
  v.transform(({ tick_interval, ...rest }): LeaseHolder => ({ ...rest, tickInterval: tick_interval })),
);

/**
 * The lease on detecting: one window ticks the sensors of an instance. It is held as long as its holder shows signs of
 * life, and fenced by an epoch: a holder that was stopped and wakes up cannot store anything under the old one.
 */
export class Lease {
  readonly #db: Database;
  readonly #presence: Presence;
  readonly #get;
  readonly #set;
  readonly #release;

  constructor(db: Database, presence: Presence) {
    this.#db = db;
    this.#presence = presence;
    this.#get = db.prepare('select owner, epoch, rank, tick_interval from lease');
    this.#set = db.prepare(
      'update lease set owner = $owner, epoch = $epoch, rank = $rank, tick_interval = $tickInterval',
    );
    this.#release = db.prepare('update lease set owner = null where owner = ? and epoch = ?');
  }

  holder(): LeaseHolder {
    return this.#db.read(() => row(holderRow, this.#get.get()));
  }

  /**
   * Takes the lease where it is free, its holder is gone or of a lower rank. Answers the epoch under which this window
   * holds it, or null while another one does.
   */
  take(wish: LeaseWish): number | null {
    const seen = this.holder(); // the usual case needs no write lock
    if (!this.#isOpen(seen, wish)) return null;
    if (this.#isMine(seen) && isSame(seen, wish)) return seen.epoch;
    return this.#db.write('quick', () => {
      const holder = this.holder();
      if (!this.#isOpen(holder, wish)) return null;
      const epoch = this.#isMine(holder) ? holder.epoch : holder.epoch + 1;
      this.#set.run({ owner: this.#presence.id(), epoch, rank: wish.rank, tickInterval: wish.tickInterval });
      return epoch;
    });
  }

  /** Lets another window take it at once. */
  release(epoch: number): void {
    this.#db.write('quick', () => this.#release.run(this.#presence.id(), epoch));
  }

  #isOpen({ owner, rank }: LeaseHolder, wish: LeaseWish): boolean {
    return owner === null || owner === this.#presence.id() || rank < wish.rank || this.#presence.isGone(owner);
  }

  #isMine(holder: LeaseHolder): boolean {
    return holder.owner === this.#presence.id();
  }
}

const isSame = (holder: LeaseWish, wish: LeaseWish): boolean =>
  holder.rank === wish.rank && holder.tickInterval === wish.tickInterval;
