import { storedTick } from './scheduleRows.ts';
import type { TickRead } from './scheduleStorage.ts';

/** Dagster's schedule storage has the same tables, `instigators` and `job_ticks`, in every database. */
export const SENSORS = "select selector_id, status, instigator_body from instigators where instigator_type = 'SENSOR'";

export const TICK_COLUMNS = 'id, selector_id, status, tick_body';

/** Ticks of schedules and of the asset daemon stand in the same table. */
export const OF_SENSORS = "type = 'SENSOR' and selector_id is not null";

/** Rows of `job_ticks` in the order they were read in; their ids are numbers. */
export function tickRead(rows: readonly unknown[]): TickRead {
  const [first, last] = [idOf(rows[0]), idOf(rows.at(-1))];
  return {
    ticks: rows.flatMap((row) => storedTick(row) ?? []),
    ids: first === null || last === null ? null : { first, last },
  };
}

function idOf(row: unknown): number | null {
  if (typeof row !== 'object' || row === null || !('id' in row)) return null;
  return typeof row.id === 'number' ? row.id : null;
}
