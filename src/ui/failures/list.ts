import type { FailureGroup, FailureId, FailurePage, FailureRow } from '../../engine/api.ts';

export const GROUPS: readonly FailureGroup[] = ['check', 'run', 'before'];

export const groupOf = (row: FailureRow): FailureGroup => (row.beforeFiredrill ? 'before' : row.kind);

interface Group {
  readonly rows: Map<FailureId, FailureRow>;
  total: number;
}

/**
 * The pending failures that the view has loaded, by group. A change is applied to the rows at once where a group is
 * loaded whole; where it is not, only the engine can tell the count, and the group is named as stale.
 */
export class FailureList {
  readonly #groups: Readonly<Record<FailureGroup, Group>> = {
    check: { rows: new Map(), total: 0 },
    run: { rows: new Map(), total: 0 },
    before: { rows: new Map(), total: 0 },
  };

  /** Newest first. */
  rows(group: FailureGroup): readonly FailureRow[] {
    return [...this.#groups[group].rows.values()].sort((a, b) => b.timestamp - a.timestamp || b.seq - a.seq);
  }

  total(group: FailureGroup): number {
    return this.#groups[group].total;
  }

  /** How many of a group are not loaded. */
  hidden(group: FailureGroup): number {
    const { rows, total } = this.#groups[group];
    return Math.max(0, total - rows.size);
  }

  get empty(): boolean {
    return GROUPS.every((group) => this.total(group) === 0);
  }

  find(id: FailureId): FailureRow | undefined {
    for (const group of GROUPS) {
      const row = this.#groups[group].rows.get(id);
      if (row) return row;
    }
    return undefined;
  }

  /** The lowest `seq` loaded: where the next page goes on. */
  last(group: FailureGroup): number | null {
    let last: number | null = null;
    for (const row of this.#groups[group].rows.values()) last = last === null ? row.seq : Math.min(last, row.seq);
    return last;
  }

  loaded(group: FailureGroup): number {
    return this.#groups[group].rows.size;
  }

  /** Replaces what is loaded of a group. */
  replace(group: FailureGroup, page: FailurePage): void {
    this.#groups[group].rows.clear();
    this.append(group, page);
  }

  append(group: FailureGroup, page: FailurePage): void {
    const target = this.#groups[group];
    for (const row of page.rows) if (groupOf(row) === group) target.rows.set(row.id, row);
    target.total = Math.max(page.total, target.rows.size);
  }

  clear(): void {
    for (const group of GROUPS) {
      this.#groups[group].rows.clear();
      this.#groups[group].total = 0;
    }
  }

  /** Applies what the engine told. `touched`: groups whose rows or count changed; `stale`: those to load again. */
  apply(changes: readonly FailureRow[]): {
    readonly touched: ReadonlySet<FailureGroup>;
    readonly stale: ReadonlySet<FailureGroup>;
  } {
    const touched = new Set<FailureGroup>();
    const stale = new Set<FailureGroup>();
    for (const row of changes) {
      const name = groupOf(row);
      const group = this.#groups[name];
      if (this.hidden(name) > 0 && !(row.status === 'pending' && group.rows.has(row.id))) {
        stale.add(name);
        continue;
      }
      const had = group.rows.has(row.id);
      if (row.status === 'pending') group.rows.set(row.id, row);
      else if (!group.rows.delete(row.id)) continue;
      if (had !== (row.status === 'pending')) group.total += had ? -1 : 1;
      touched.add(name);
    }
    return { touched, stale };
  }
}
