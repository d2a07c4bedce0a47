import { setImmediate } from 'node:timers/promises';
import type { EventLog } from '../dagster/eventLog.ts';
import { untilAborted } from '../dagster/untilAborted.ts';
import type { Failure } from '../failure/failure.ts';
import { readPatiently, unreadableNotes } from '../sensors/runTick.ts';
import { SENSOR_KIND, SENSOR_NAMES } from '../sensors/tick.ts';
import type { NewFailure, StateStore, StoredFailure } from '../store/stateStore.ts';

/** What one page of looking back changed in the state. */
export interface LookedBack {
  /** New ones, in log order of each kind. */
  readonly added: readonly StoredFailure[];
  /** Those whose check is now known to have passed since. */
  readonly passed: readonly StoredFailure[];
}

const HOUR = 3_600_000;
/** How far back failures are listed when Firedrill meets an instance. */
export const FIRST_LOOK_HOURS = 24;

/**
 * First contact: the cursors start at the end of the log, and the failures of the last 24 hours are listed, marked as
 * before Firedrill and never sent by themselves. The cursors come first: what is recorded from then on is left to the
 * sensors, as new, however long the list takes and even when it is broken off (it throws the signal's reason) or its
 * process is killed. It is made anew then, and goes on with what is not listed yet. Does nothing where all is done.
 */
export async function firstContact(
  log: EventLog,
  store: StateStore,
  toStore: (failure: Failure) => NewFailure,
  warn: (note: string) => void,
  signal: AbortSignal,
): Promise<readonly StoredFailure[]> {
  const fresh = SENSOR_NAMES.filter((sensor) => store.cursor(sensor).cursor === null);
  const ends = await untilAborted(
    Promise.all(fresh.map(async (sensor) => ({ sensor, end: await log.end(SENSOR_KIND[sensor]) }))),
    signal,
  );
  for (const { sensor, end } of ends) store.beginAt(sensor, end);
  if (store.isHistoryListed()) return [];
  const time = { from: store.since() - FIRST_LOOK_HOURS * HOUR, to: Date.now() };
  const added: StoredFailure[] = [];
  for await (const page of lookBack(log, store, toStore, time, warn, signal)) added.push(...page.added);
  store.historyListed();
  return added;
}

/**
 * Lists the failures recorded in a time (ms since 1970) that are not known yet, marked as before Firedrill; the cursors
 * stay where they are, and one that a sensor comes to later is news to it all the same. Yields each page once it is
 * stored. `warn` is told of rows that cannot be decoded. Throws the signal's reason when it is broken off.
 */
export async function* lookBack(
  log: EventLog,
  store: StateStore,
  toStore: (failure: Failure) => NewFailure,
  time: { readonly from: number; readonly to: number },
  warn: (note: string) => void,
  signal: AbortSignal,
): AsyncGenerator<LookedBack> {
  for (const sensor of SENSOR_NAMES) {
    const kind = SENSOR_KIND[sensor];
    let cursor = await untilAborted(log.at(kind, time.from / 1000), signal);
    for (let more = true; more; ) {
      signal.throwIfAborted();
      const page = await readPatiently(log, kind, cursor, signal);
      for (const note of [...page.notes, ...unreadableNotes(page.entries)]) warn(note);
      const found = page.entries.flatMap((entry): NewFailure[] =>
        entry.outcome === 'failure' && entry.failure.timestamp * 1000 < time.to ? [toStore(entry.failure)] : [],
      );
      yield {
        added: found.length > 0 ? store.failures.add(found) : [],
        passed: store.failures.markPassed(page.entries.filter((entry) => entry.outcome === 'passed')),
      };
      cursor = page.cursor;
      more = page.hasMore;
      await setImmediate(); // between pages the engine does what else is due
    }
  }
}
