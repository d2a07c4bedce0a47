import type { FailureId, FailureRow } from '../../engine/api.ts';

/** A group of the Failures tree as it stands. */
export interface Place {
  readonly key: string;
  readonly open: boolean;
  /** In the order of the view. */
  readonly rows: readonly FailureRow[];
}

/** A row of the tree: a failure's, or a group's by its key. */
export type Successor =
  | { readonly kind: 'failure'; readonly row: FailureRow }
  | { readonly kind: 'group'; readonly key: string };

/**
 * The row to go on with when `done` are done with: the failure in sight below the last of them, else the one above, also
 * in another group; none that is about to leave. Where no failure is in sight, a group that is closed; null for none.
 */
export function successor(
  places: readonly Place[],
  done: readonly FailureId[],
  leaves: (row: FailureRow) => boolean,
): Successor | null {
  const isDone = ({ id }: FailureRow): boolean => done.includes(id);
  const stays = (row: FailureRow): boolean => !isDone(row) && !leaves(row);
  const inSight = places.filter(({ open }) => open).flatMap(({ rows }) => rows);
  const last = inSight.findLastIndex(isDone);
  const row = inSight.slice(last + 1).find(stays) ?? inSight.slice(0, last + 1).findLast(stays);
  if (row) return { kind: 'failure', row };
  const at = places.findLastIndex(({ rows }) => rows.some(isDone));
  const closed = places.map(({ open }, index) => (open ? -1 : index)).filter((index) => index >= 0);
  const group = places[closed.find((index) => index > at) ?? closed.at(-1) ?? -1];
  return group ? { kind: 'group', key: group.key } : null;
}
