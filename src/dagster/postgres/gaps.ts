import type { Gap } from '../cursor.ts';

/** Ids from the first to the last. */
export type IdRange = readonly [number, number];

/**
 * Seconds after which a gap is one for ever: of a run that was deleted, an insert that failed, or ids that the server
 * skipped when it started. Dagster's insert is one statement; a synchronous replica may hold its commit up.
 */
const LIFE = 300;

/** How many ids before the log's end may still be waiting for their commit. */
export const REACH = 5_000;

/** Gaps that are remembered, the newest; a cursor must not grow with every deleted run. */
const MOST = 200;

/**
 * The gaps to remember behind a page.
 * @param before those remembered so far, in order.
 * @param filled ids in them that have a row now and were read, in order.
 * @param missing ids without a row among those that the page passed over, in order.
 */
export function gapsNow(
  before: readonly Gap[],
  filled: readonly number[],
  missing: readonly IdRange[],
  now: number,
): Gap[] {
  const left = before.flatMap((gap) => without(gap, filled));
  return [...left, ...missing.map(([first, last]): Gap => [first, last, now])]
    .filter((gap) => now - gap[2] < LIFE)
    .slice(-MOST);
}

function without([first, last, since]: Gap, filled: readonly number[]): Gap[] {
  const parts: Gap[] = [];
  let from = first;
  for (const id of filled) {
    if (id < from || id > last) continue;
    if (id > from) parts.push([from, id - 1, since]);
    from = id + 1;
  }
  if (from <= last) parts.push([from, last, since]);
  return parts;
}
