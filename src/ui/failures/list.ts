import type { FailureGroup, FailureGroups, FailureId, FailurePage, FailureRow } from '../../engine/api.ts';

/** Rows a page, and groups a page. */
export const PAGE = 500;

interface Loaded {
  readonly rows: Map<FailureId, FailureRow>;
  /** How many rows are to be shown; grows by a page with "Show more". */
  limit: number;
  /** The `seq` down to which all rows are here; null: all are. Older rows than that are only kept ones. */
  edge: number | null;
}

/**
 * What the view knows: all groups with their counts, and the rows of the groups that were opened, at most as many as are
 * shown. Which failures belong where the engine tells; nothing is filtered or grouped here.
 */
export class FailureList {
  #groups: ReadonlyMap<string, FailureGroup> = new Map();
  #hiddenGroups = 0;
  #groupLimit = PAGE;
  readonly #loaded = new Map<string, Loaded>();

  get groups(): readonly FailureGroup[] {
    return [...this.#groups.values()];
  }

  /** Groups that are not listed. */
  get hiddenGroups(): number {
    return this.#hiddenGroups;
  }

  /** Groups to ask for; grows by a page with "Show more". */
  get groupLimit(): number {
    return this.#groupLimit;
  }

  raiseGroupLimit(): void {
    this.#groupLimit += PAGE;
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

  /** Where the next page goes on: its rows have a lower `seq`. */
  edge(key: string): number | null {
    return this.#loaded.get(key)?.edge ?? null;
  }

  /** Replaces what is loaded of a group. */
  replace(key: string, page: FailurePage): void {
    const rows = new Map(page.rows.map((row) => [row.id, row]));
    const edge = page.total > rows.size ? lowest(page.rows) : null;
    this.#loaded.set(key, { rows, limit: this.limit(key), edge });
  }

  /** One more page of a group. */
  append(key: string, page: FailurePage): void {
    const loaded = this.#loaded.get(key);
    if (!loaded) return;
    loaded.limit += PAGE;
    loaded.edge = page.rows.length < PAGE ? null : lowest(page.rows);
    for (const row of page.rows) loaded.rows.set(row.id, row);
  }

  /** Forgets the rows; the groups stay until others are set. */
  unload(): void {
    this.#loaded.clear();
  }

  clear(): void {
    this.#groups = new Map();
    this.#hiddenGroups = 0;
    this.#groupLimit = PAGE;
    this.unload();
  }

  /**
   * Takes over the groups as they are now, and of the failures `ids` where they belong now; rows that are `kept` stay
   * also when newer ones fill the page. Answers the groups whose own row or loaded rows changed, or null when groups
   * came or went.
   */
  apply(
    ids: readonly FailureId[],
    { groups, hidden, rows }: FailureGroups,
    kept: ReadonlySet<FailureId> = new Set(),
  ): ReadonlySet<string> | null {
    const before = this.#groups;
    this.#groups = new Map(groups.map((group) => [group.key, group]));
    this.#hiddenGroups = hidden;
    const touched = new Set(groups.filter(({ key, total }) => before.get(key)?.total !== total).map(({ key }) => key));
    for (const [key, loaded] of this.#loaded) {
      const own = rows.filter((each) => each.key === key).map(({ row }) => row);
      if (move(loaded, ids, own)) touched.add(key);
      trim(loaded, kept);
      // Of a group that is gone nothing is kept; where all that was shown was taken away, the next look loads more.
      const isGone = !this.#groups.has(key);
      if (isGone || (loaded.rows.size === 0 && this.total(key) > 0)) this.#loaded.delete(key);
    }
    return sameKeys(before, this.#groups) ? touched : null;
  }
}

/** Of the failures `ids` exactly these rows belong here now; true when something changed. */
function move({ rows, edge }: Loaded, ids: readonly FailureId[], own: readonly FailureRow[]): boolean {
  const stay = new Set(own.map(({ id }) => id));
  let changed = false;
  for (const id of ids) if (!stay.has(id)) changed = rows.delete(id) || changed;
  for (const row of own) {
    // What is older than the page stands behind "Show more".
    const known = rows.get(row.id);
    if (edge !== null && row.seq < edge && known === undefined) continue;
    if (JSON.stringify(known) === JSON.stringify(row)) continue; // told of for a delivery that its row does not show
    rows.set(row.id, row);
    changed = true;
  }
  return changed;
}

function trim(loaded: Loaded, kept: ReadonlySet<FailureId>): void {
  const { rows, limit } = loaded;
  if (rows.size <= limit) return;
  const newestFirst = [...rows.values()].sort((a, b) => b.seq - a.seq);
  const edge = newestFirst[limit - 1]?.seq ?? 0;
  loaded.edge = Math.max(edge, loaded.edge ?? 0);
  for (const { id, seq } of newestFirst) if (seq < edge && !kept.has(id)) rows.delete(id);
}

const lowest = (rows: readonly FailureRow[]): number | null =>
  rows.length === 0 ? null : Math.min(...rows.map(({ seq }) => seq));

const sameKeys = (one: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>): boolean =>
  JSON.stringify([...one.keys()]) === JSON.stringify([...other.keys()]);
