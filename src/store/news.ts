import * as v from 'valibot';
import { type FailureId, failureId } from '../failure/ids.ts';
import type { Database, OwnWrites } from './database.ts';
import { row, rows } from './rows.ts';

/** What other windows wrote since the last look. Each id stands once. */
export type News =
  | {
      readonly kind: 'some';
      readonly added: readonly FailureId[];
      readonly changed: readonly FailureId[];
      readonly ticks: readonly number[];
      readonly deliveries: readonly number[];
    }
  /** Too much, too long ago, or something that concerns many rows: everything shown has to be read anew. */
  | { readonly kind: 'all' };

/** More than this many rows are read anew as a whole. */
const READ_AT_MOST = 2_000;
/** News kept for windows that look seldom. */
const KEPT = 10_000;

const KINDS = ['failure added', 'failure changed', 'tick', 'delivery', 'hold'] as const;
const newsRow = v.object({ rev: v.number(), kind: v.picklist(KINDS), id: v.union([v.string(), v.number()]) });
const latestRow = v.object({ rev: v.number() });

/**
 * The state's log of what changed, written by triggers. Each window reads on from where it was and leaves out what it
 * wrote itself: its own calls have told that.
 */
export class NewsReader implements OwnWrites {
  readonly #db: Database;
  readonly #latest;
  readonly #after;
  readonly #prune;
  #position: number;
  /** What this window wrote behind the position, as ranges (from, to]. */
  #own: { readonly from: number; to: number }[] = [];

  constructor(db: Database) {
    this.#db = db;
    this.#latest = db.prepare('select coalesce(max(rev), 0) as rev from news');
    this.#after = db.prepare('select rev, kind, id from news where rev > ? order by rev limit ?');
    this.#prune = db.prepare('delete from news where rev <= ?');
    this.#position = this.latest();
    db.tellWrites(this);
  }

  latest(): number {
    return row(latestRow, this.#latest.get()).rev;
  }

  wrote(from: number, to: number): void {
    const last = this.#own.at(-1);
    if (from === to) return;
    if (from === this.#position) this.#position = to;
    else if (last?.to === from) last.to = to;
    else this.#own.push({ from, to });
  }

  /** What other windows wrote since the last look. */
  read(): News {
    const from = this.#position;
    const found = this.#db.read(() => rows(newsRow, this.#after.all(from, READ_AT_MOST + 1)));
    const isWhole = found.length <= READ_AT_MOST && (found[0]?.rev ?? from + 1) === from + 1;
    const theirs = found.filter(({ rev }) => !this.#own.some((own) => own.from < rev && rev <= own.to));
    this.#position = isWhole ? (found.at(-1)?.rev ?? from) : this.latest();
    this.#own = this.#own.filter(({ to }) => to > this.#position);
    if (!isWhole || theirs.some(({ kind }) => kind === 'hold')) return { kind: 'all' };
    const of = (kind: (typeof KINDS)[number]) => [
      ...new Set(theirs.filter((each) => each.kind === kind).map(({ id }) => id)),
    ];
    const added = of('failure added');
    return {
      kind: 'some',
      added: added.map((id) => failureId(String(id))),
      changed: of('failure changed')
        .filter((id) => !added.includes(id))
        .map((id) => failureId(String(id))),
      ticks: of('tick').map(Number),
      deliveries: of('delivery').map(Number),
    };
  }

  /** Forgets all but the newest 10,000. To be called now and then. */
  prune(): void {
    this.#db.write('quick', () => this.#prune.run(this.latest() - KEPT));
  }
}
