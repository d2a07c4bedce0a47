import { DELIVERY_GROUPS, deliveryGroup } from '../../delivery/delivery.ts';
import type { Delivery, DeliveryGroup, DeliveryId, DeliveryPage } from '../../engine/api.ts';

/** Rows a page. */
export const PAGE = 500;

interface Group {
  readonly rows: Map<DeliveryId, Delivery>;
  /** How many the engine has. */
  total: number;
  /** How many may be loaded: a page more with each "Show more". */
  limit: number;
}

const newestFirst = (a: Delivery, b: Delivery): number => b.id - a.id;

/**
 * The deliveries that the view has loaded, by group. It never holds more rows than were asked for, however many the
 * engine tells of.
 */
export class SentList {
  readonly #groups: Readonly<Record<DeliveryGroup, Group>> = { waiting: empty(), failed: empty(), accepted: empty() };

  /** Newest first. */
  rows(group: DeliveryGroup): readonly Delivery[] {
    return [...this.#groups[group].rows.values()].sort(newestFirst);
  }

  total(group: DeliveryGroup): number {
    return this.#groups[group].total;
  }

  limit(group: DeliveryGroup): number {
    return this.#groups[group].limit;
  }

  /** How many of a group are not loaded. */
  hidden(group: DeliveryGroup): number {
    const { rows, total } = this.#groups[group];
    return Math.max(0, total - rows.size);
  }

  /** The id behind which the next page goes on. */
  last(group: DeliveryGroup): DeliveryId | null {
    return this.rows(group).at(-1)?.id ?? null;
  }

  /** Replaces what is loaded of a group. */
  replace(group: DeliveryGroup, page: DeliveryPage): void {
    this.#groups[group].rows.clear();
    this.#add(group, page);
  }

  /** Adds the next page. */
  append(group: DeliveryGroup, page: DeliveryPage): void {
    this.#groups[group].limit += PAGE;
    this.#add(group, page);
  }

  clear(): void {
    for (const group of Object.values(this.#groups)) Object.assign(group, empty());
  }

  /**
   * Applies what the engine told. `touched`: groups whose rows or count changed; `short`: those that show fewer rows
   * than they could, to be loaded again.
   */
  apply(
    changes: readonly Delivery[],
    totals: Readonly<Record<DeliveryGroup, number>>,
  ): { readonly touched: ReadonlySet<DeliveryGroup>; readonly short: ReadonlySet<DeliveryGroup> } {
    const touched = new Set<DeliveryGroup>();
    const oldest = { waiting: this.last('waiting'), failed: this.last('failed'), accepted: this.last('accepted') };
    for (const delivery of changes) {
      const now = deliveryGroup(delivery);
      for (const name of DELIVERY_GROUPS) {
        if (name !== now && this.#groups[name].rows.delete(delivery.id)) touched.add(name);
      }
      // An older one than those loaded waits behind "Show more".
      if (this.hidden(now) > 0 && delivery.id < (oldest[now] ?? 0)) continue;
      this.#groups[now].rows.set(delivery.id, delivery);
      touched.add(now);
    }
    const short = new Set<DeliveryGroup>();
    for (const name of DELIVERY_GROUPS) {
      const group = this.#groups[name];
      if (group.total !== totals[name]) touched.add(name);
      group.total = totals[name];
      this.#trim(name);
      if (group.rows.size < Math.min(group.limit, group.total)) short.add(name);
    }
    return { touched, short };
  }

  #add(name: DeliveryGroup, page: DeliveryPage): void {
    const group = this.#groups[name];
    for (const delivery of page.rows) group.rows.set(delivery.id, delivery);
    group.total = Math.max(page.total, group.rows.size);
  }

  /** The oldest go. */
  #trim(name: DeliveryGroup): void {
    const group = this.#groups[name];
    const kept = Math.min(group.limit, group.total);
    if (group.rows.size <= kept) return;
    for (const { id } of this.rows(name).slice(kept)) group.rows.delete(id);
  }
}

const empty = (): Group => ({ rows: new Map(), total: 0, limit: PAGE });
