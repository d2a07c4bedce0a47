import type { FailureGroup, FailureGroups, FailureId, FailurePage, FailureRow } from '../../engine/api.ts';

/** Rows a page, and groups at most. */
export const PAGE = 500;

interface Loaded {
  readonly rows: Map<FailureId, FailureRow>;
  /** How many rows are to be shown; grows by a page with "Show more". */
  limit: number;
}

/**
 * What the view knows: all groups with their counts, and the rows of the groups that were opened, at most as many as are
 * shown. Which failures belong where the engine tells; nothing is filtered or grouped here.
 */
export class FailureList {
  #groups: ReadonlyMap<string, FailureGroup> = new Map();
  #hiddenGroups = 0;
  readonly #loaded = new Map<string, Loaded>();

  get groups(): readonly FailureGroup[] {
    return [...this.#groups.values()];
  }

  /** Groups that are not listed. */
  get hiddenGroups(): number {
    return this.#hiddenGroups;
  }

  get empty(): boolean {
    return this.#groups.size === 0;
  }

  total(key: string): number {
    return this.#groups.get(key)?.total ?? 0;
  }

  isLoaded(key: string): boolean {
    return this.#loaded.has(key);
  }

  /** Keys of the groups whose rows are loaded. */
  get loadedKeys(): readonly string[] {
    return [...this.#loaded.keys()];
  }

  /** Newest first. */
  rows(key: string): readonly FailureRow[] {
    return [...(this.#loaded.get(key)?.rows.values() ?? [])].sort((a, b) => b.timestamp - a.timestamp || b.seq - a.seq);
  }

  /** How many rows of a group are not loaded. */
  hidden(key: string): number {
    return Math.max(0, this.total(key) - (this.#loaded.get(key)?.rows.size ?? 0));
  }

  /** Rows to ask for when a group is loaded anew. */
  limit(key: string): number {
    return this.#loaded.get(key)?.limit ?? PAGE;
  }

  find(id: FailureId): FailureRow | undefined {
    for (const { rows } of this.#loaded.values()) {
      const row = rows.get(id);
      if (row) return row;
    }
    return undefined;
  }

  /** Where a row that is loaded stands. */
  groupOf(id: FailureId): string | undefined {
    for (const [key, { rows }] of this.#loaded) if (rows.has(id)) return key;
    return undefined;
  }

  /** The lowest `seq` loaded: where the next page goes on. */
  last(key: string): number | null {
    return lowest(this.#loaded.get(key)?.rows.values() ?? []);
  }

  /** Replaces what is loaded of a group. */
  replace(key: string, page: FailurePage): void {
    this.#loaded.set(key, { rows: new Map(page.rows.map((row) => [row.id, row])), limit: this.limit(key) });
  }

  /** One more page of a group. */
  append(key: string, page: FailurePage): void {
    const loaded = this.#loaded.get(key);
    if (!loaded) return;
    loaded.limit += PAGE;
    for (const row of page.rows) loaded.rows.set(row.id, row);
  }

  /** Forgets the rows; the groups stay until others are set. */
  unload(): void {
    this.#loaded.clear();
  }

  clear(): void {
    this.#groups = new Map();
    this.#hiddenGroups = 0;
    this.unload();
  }

  /**
   * Takes over the groups as they are now, and of the failures `ids` where they belong now. Answers the groups whose
   * own row or loaded rows changed, or null when groups came or went.
   */
  apply(ids: readonly FailureId[], { groups, hidden, rows }: FailureGroups): ReadonlySet<string> | null {
    const before = this.#groups;
    this.#groups = new Map(groups.map((group) => [group.key, group]));
    this.#hiddenGroups = hidden;
    const touched = new Set(groups.filter(({ key, total }) => before.get(key)?.total !== total).map(({ key }) => key));
    this.#move(ids, rows, before, touched);
    for (const key of this.#loaded.keys()) if (!this.#groups.has(key)) this.#loaded.delete(key);
    return sameKeys(before, this.#groups) ? touched : null;
  }

  #move(
    ids: readonly FailureId[],
    rows: FailureGroups['rows'],
    before: ReadonlyMap<string, FailureGroup>,
    touched: Set<string>,
  ): void {
    const now = new Map(rows.map((each) => [each.row.id, each]));
    for (const [key, loaded] of this.#loaded) {
      // A group that is not loaded whole ends at its oldest row: what is older belongs behind "Show more".
      const whole = loaded.rows.size >= (before.get(key)?.total ?? 0);
      const oldest = whole ? null : lowest(loaded.rows.values());
      for (const id of ids) if (now.get(id)?.key !== key && loaded.rows.delete(id)) touched.add(key);
      for (const { row } of rows.filter((each) => each.key === key)) {
        if (oldest !== null && row.seq < oldest) continue;
        loaded.rows.set(row.id, row);
        touched.add(key);
      }
      trim(loaded);
      // Everything shown was taken away and more is there: the next look loads it.
      if (loaded.rows.size === 0 && this.total(key) > 0) this.#loaded.delete(key);
    }
  }
}

function lowest(rows: Iterable<FailureRow>): number | null {
  let last: number | null = null;
  for (const { seq } of rows) last = last === null ? seq : Math.min(last, seq);
  return last;
}

function trim({ rows, limit }: Loaded): void {
  if (rows.size <= limit) return;
  const bySeq = [...rows.values()].sort((a, b) => a.seq - b.seq);
  for (const { id } of bySeq.slice(0, rows.size - limit)) rows.delete(id);
}

const sameKeys = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean =>
  JSON.stringify([...one.keys()]) === JSON.stringify([...other.keys()]);
