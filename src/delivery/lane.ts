import type { TargetKey } from './oneTry.ts';
import type { Claim } from './sendQueue.ts';

/** Requests under way to one target; to one that fails at the moment, a single one tries whether it is back. */
export const PARALLEL = 16;
/** Rows claimed together at most. */
const LARGEST_BATCH = 200;
/** ms of sending that one claim is to last: what a person sends waits no longer than this behind what is claimed. */
const BATCH_LASTS = 250;
/** ms after which a claimed row that has not begun is given back: the target became slow. */
const BEGINS_WITHIN = 1_000;

interface Ready {
  readonly claim: Claim;
  readonly key: TargetKey;
}

/** What a sender has in hand for one target: rows that it claimed, requests under way, and how the target does. */
export class Lane {
  readonly key: string;
  /** Claims that have not begun, what a person sent first. */
  #ready: Ready[] = [];
  #underWay = 0;
  /** Requests that may be under way: falls to one when the target fails, and grows by one with each that works. */
  #width = PARALLEL;
  /** How many single tries in a row found the target failing. */
  #failures = 0;
  #batch = PARALLEL;
  #takenAt = 0;
  #heldUntil = 0;

  constructor(key: string) {
    this.key = key;
  }

  /** How many rows to claim now; 0 while there are enough in hand. */
  wants(): number {
    if (this.#width < PARALLEL) return Math.max(0, this.#width - this.#underWay - this.#ready.length);
    return this.#ready.length < Math.max(PARALLEL, this.#batch / 4) ? this.#batch : 0;
  }

  /** Takes claims over with the key they go with. Batches grow while the target takes them quickly; `now` in ms. */
  take(claims: readonly Claim[], key: TargetKey, now: number): void {
    const lasted = Math.max(1, now - this.#takenAt);
    const fitting = Math.round(this.#batch * Math.min(4, BATCH_LASTS / lasted));
    this.#batch = Math.min(LARGEST_BATCH, Math.max(PARALLEL, fitting));
    this.#takenAt = now;
    this.#ready.push(...claims.map((claim) => ({ claim, key })));
    if (claims.some(byPerson)) this.#ready.sort((a, b) => Number(byPerson(b.claim)) - Number(byPerson(a.claim)));
  }

  /** The target asked for a pause until then (ms since 1970): nothing begins before. */
  hold(until: number): void {
    this.#heldUntil = until;
  }

  /** The next row to begin with; null when there is none, enough are under way, or the target wants a pause. */
  next(now: number): Ready | null {
    if (now < this.#heldUntil) return null;
    return this.#underWay < this.#width ? (this.#ready.shift() ?? null) : null;
  }

  /** A request begins; answers whether it is the single one that tries whether the target is back. */
  begin(): boolean {
    this.#underWay += 1;
    return this.#width === 1;
  }

  end(): void {
    this.#underWay -= 1;
  }

  /** The target took or refused a row: either way it works. */
  works(): void {
    this.#failures = 0;
    this.#width = Math.min(PARALLEL, this.#width + 1);
  }

  /** The target gave no answer or wants a row later. Answers how many single tries in a row have failed by now. */
  fails(single: boolean): number {
    this.#failures = single ? this.#failures + 1 : 0;
    this.#width = 1;
    this.#batch = PARALLEL;
    return this.#failures;
  }

  /** Takes out the claims that should not wait any longer: all while the target fails, else those that waited long. */
  overdue(now: number): Claim[] {
    return this.#width > 1 && now - this.#takenAt < BEGINS_WITHIN ? [] : this.unbegun();
  }

  /** Takes out all claims that have not begun. */
  unbegun(): Claim[] {
    return this.#ready.splice(0).map(({ claim }) => claim);
  }
}

const byPerson = ({ row }: Claim): boolean => row.sentBy !== 'automatic';
