import * as v from 'valibot';
import { type FailureId, failureId } from '../failure/ids.ts';
import type { Database } from './database.ts';
import { conditionOf, type FailureSelection, groupKey, groupOrder } from './failureQuery.ts';
import { SQL } from './failureSql.ts';
import { row, rows } from './rows.ts';
import { STORED, type StoredFailure, storedRow } from './storedFailure.ts';

export interface FailureQuery extends FailureSelection {
  /** One group of the grouping; null: all of them. */
  readonly group: string | null;
  readonly limit: number;
  /** Only rows with a smaller seq; null: from the newest. */
  readonly before: number | null;
}

export interface StoredGroup {
  readonly key: string;
  readonly total: number;
  readonly newest: StoredFailure;
}

const countRow = v.object({ n: v.number() });
const groupRow = v.object({ group_key: v.string(), total: v.number(), newest: v.number() });
const memberRow = v.object({ group_key: v.string(), id: v.pipe(v.string(), v.transform(failureId)) });

/** The failures as lists show them: selected, divided into groups, by the page. */
export class FailureLists {
  readonly #db: Database;
  readonly #one;
  readonly #bySeq;

  constructor(db: Database) {
    this.#db = db;
    this.#one = db.prepare(SQL.one);
    this.#bySeq = db.prepare(SQL.bySeq);
  }

  /** Newest first by seq. `total` counts all of the selection and group. */
  page(query: FailureQuery): { readonly rows: StoredFailure[]; readonly total: number } {
    const { sql, values } = conditionOf(query, query.group);
    return this.#db.read(() => {
      const found = this.#db
        .prepare(
          // The page is chosen first: sorting all that match with their texts took ten times as long.
          `${STORED} where seq in (select seq from failures where ${sql} and seq < $before order by seq desc limit $limit)
           order by seq desc`,
        )
        .all({ ...values, before: query.before ?? Number.MAX_SAFE_INTEGER, limit: query.limit });
      const total = this.#db.prepare(`select count(*) as n from failures where ${sql}`).get(values);
      return { rows: rows(storedRow, found), total: row(countRow, total).n };
    });
  }

  /** The groups of a selection in their order, at most `limit`; `hidden` counts the groups beyond. */
  groups(selection: FailureSelection, limit: number): { readonly groups: StoredGroup[]; readonly hidden: number } {
    const { sql, values } = conditionOf(selection);
    const grouping = selection.grouping ?? 'kind';
    return this.#db.read(() => {
      const found = this.#db
        .prepare(
          `select ${groupKey(grouping)} as group_key, count(*) as total, max(seq) as newest
           from failures where ${sql} group by group_key order by ${groupOrder(grouping)}`,
        )
        .all(values);
      const groups = rows(groupRow, found.slice(0, limit)).map(({ group_key, total, newest }) => ({
        key: group_key,
        total,
        newest: row(storedRow, this.#bySeq.get(newest)),
      }));
      return { groups, hidden: found.length - groups.length };
    });
  }

  /** Those of `ids` that belong to the selection, with their group. */
  members(
    selection: FailureSelection,
    ids: readonly FailureId[],
  ): { readonly key: string; readonly stored: StoredFailure }[] {
    if (ids.length === 0) return [];
    const { sql, values } = conditionOf(selection);
    return this.#db.read(() =>
      rows(
        memberRow,
        this.#db
          .prepare(
            `select id, ${groupKey(selection.grouping ?? 'kind')} as group_key from failures
             where id in (select value from json_each($ids)) and ${sql}`,
          )
          .all({ ...values, ids: JSON.stringify(ids) }),
      ).map(({ group_key, id }) => ({ key: group_key, stored: row(storedRow, this.#one.get(id)) })),
    );
  }
}
