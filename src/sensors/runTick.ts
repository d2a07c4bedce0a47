import { setTimeout as pause, setImmediate } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { type EventLog, type EventLogCursor, EventLogError, type LogEntry, type LogPage } from '../dagster/eventLog.ts';
import { untilAborted } from '../dagster/untilAborted.ts';
import type { Failure, FailureKind, PassedCheck } from '../failure/failure.ts';
import { messageOf } from '../failure/messageOf.ts';
import { SENSOR_KIND, type SensorName, type Tick, type TickEnd, type TickTrigger } from './tick.ts';

/** Evaluations or run failures a page: the specification's batch. */
export const PAGE_ROWS = 100;

/** ms between tries while Dagster holds a database locked: it writes for some ms at a time. */
const TRY_AGAIN = 50;
/** ms after which a lasting lock is the tick's error. */
const LOCK_PATIENCE = 15_000;

/** One page of a tick, to be stored together with the cursor behind it or not at all. */
export interface TickPage {
  readonly sensor: SensorName;
  readonly trigger: TickTrigger;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly end: TickEnd;
  readonly rowsRead: number;
  readonly unreadable: number;
  readonly notes: readonly string[];
  readonly cursorBefore: EventLogCursor;
  readonly cursorAfter: EventLogCursor;
  readonly cursorTexts: { readonly before: string; readonly after: string };
  readonly failures: readonly Failure[];
  /** Evaluations that passed: earlier failures of their checks are marked by them. */
  readonly passed: readonly PassedCheck[];
  /** The stored tick that this page goes on with; null for a tick's first page. */
  readonly continues: number | null;
  /** Further pages of this tick follow. */
  readonly more: boolean;
}

export type PageOutcome =
  | { readonly outcome: 'committed'; readonly tick: Tick }
  /** A person moved the cursor meanwhile; nothing was stored. */
  | { readonly outcome: 'cursor-moved' }
  /** Another window ticks the sensors by now; nothing was stored. */
  | { readonly outcome: 'fenced' };

/** What a tick needs of the engine. */
export interface TickPorts {
  readonly log: EventLog;
  /** The stored cursor; null before first contact with the instance. */
  cursor(sensor: SensorName): EventLogCursor | null;
  commit(page: TickPage): Promise<PageOutcome>;
  /** The reason to end as skipped although rows were read, or null. */
  skipReason(sensor: SensorName): Promise<string | null>;
  /** ms since 1970. */
  now(): number;
  /** A clock for durations, in ms. */
  elapsed(): number;
}

/**
 * One tick: reads the log from the sensor's cursor to its end, a page of 100 at a time, and stores each page with the
 * failures it found. Ends as success, skipped or failure, as a Dagster sensor's tick does; an error of the log becomes
 * the tick's error and leaves the cursor where it was.
 * @returns the stored tick, or null when another window was faster and nothing was left to read.
 */
export async function runTick(sensor: SensorName, trigger: TickTrigger, ports: TickPorts): Promise<Tick | null> {
  const startedAt = ports.now();
  const began = ports.elapsed();
  let cursor = ports.cursor(sensor) ?? (await ports.log.start(SENSOR_KIND[sensor]));
  let tick: Tick | null = null;
  try {
    const skip = await ports.skipReason(sensor);
    const end: TickEnd = skip === null ? { kind: 'success' } : { kind: 'skipped', reason: skip };
    for (;;) {
      const page = await readPatiently(ports.log, SENSOR_KIND[sensor], cursor);
      const stored = await ports.commit({
        sensor,
        trigger,
        startedAt,
        durationMs: ports.elapsed() - began,
        end,
        ...counted(page.entries),
        notes: [...page.notes, ...unreadableNotes(page.entries)],
        cursorBefore: cursor,
        cursorAfter: page.cursor,
        cursorTexts: { before: ports.log.describe(cursor), after: ports.log.describe(page.cursor) },
        continues: tick?.id ?? null,
        more: page.hasMore,
      });
      if (stored.outcome === 'fenced') return tick;
      if (stored.outcome === 'cursor-moved') {
        const moved = ports.cursor(sensor);
        if (moved === null || moved === cursor) return tick;
        cursor = moved;
        continue;
      }
      tick = stored.tick;
      cursor = page.cursor;
      if (!page.hasMore) return tick;
      await setImmediate(); // between pages the engine answers calls and sends what is due
    }
  } catch (error) {
    await ports
      .commit({
        sensor,
        trigger,
        startedAt,
        durationMs: ports.elapsed() - began,
        end: { kind: 'failure', error: messageOf(error) },
        rowsRead: 0,
        unreadable: 0,
        notes: [],
        cursorBefore: cursor,
        cursorAfter: cursor,
        cursorTexts: { before: ports.log.describe(cursor), after: ports.log.describe(cursor) },
        failures: [],
        passed: [],
        continues: tick?.id ?? null,
        more: false,
      })
      .catch((storing: unknown) => {
        throw new AggregateError(
          [error, storing],
          l10n.t('{0} The failed tick could not be stored: {1}', messageOf(error), messageOf(storing)),
        );
      });
    throw error;
  }
}

/**
 * Reads a page; a database that Dagster holds locked is tried again for up to 15 s, as a lock passes by itself.
 * @throws EventLogError, or what the signal's abort throws, at once
 */
export async function readPatiently(
  log: EventLog,
  kind: FailureKind,
  cursor: EventLogCursor,
  signal?: AbortSignal,
): Promise<LogPage> {
  const until = performance.now() + LOCK_PATIENCE;
  for (;;) {
    try {
      return await untilAborted(log.read(kind, cursor, PAGE_ROWS), signal);
    } catch (error) {
      const passes = error instanceof EventLogError && error.fault === 'locked';
      if (!passes || performance.now() > until) throw error;
      await pause(TRY_AGAIN, undefined, signal && { signal });
    }
  }
}

function counted(entries: readonly LogEntry[]): Pick<TickPage, 'rowsRead' | 'unreadable' | 'failures' | 'passed'> {
  const failures: Failure[] = [];
  const passed: PassedCheck[] = [];
  let unreadable = 0;
  for (const entry of entries) {
    switch (entry.outcome) {
      case 'failure':
        failures.push(entry.failure);
        break;
      case 'passed':
        passed.push(entry);
        break;
      case 'unreadable':
        unreadable += 1;
        break;
    }
  }
  return { rowsRead: entries.length, unreadable, failures, passed };
}

/** A sentence for each row that cannot be decoded: which row, of which run, and why. */
export function unreadableNotes(entries: readonly LogEntry[]): string[] {
  return entries.flatMap((entry) =>
    entry.outcome === 'unreadable'
      ? [l10n.t('Skipped row {0} of run {1}: {2}', entry.storageId ?? '?', entry.runId ?? '?', entry.reason)]
      : [],
  );
}
