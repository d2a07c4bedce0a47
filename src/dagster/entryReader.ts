import { setTimeout as delay } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import type { FailureKind } from '../failure/failure.ts';
import type { LogEntry } from './eventLog.ts';
import type { RawRow } from './eventRows.ts';
import type { DagsterInstance } from './instance.ts';
import { evaluationEntry, runFailureEntry, unreadable } from './logEntry.ts';
import type { RunFacts } from './runFacts.ts';
import type { RunRecord } from './runRecords.ts';
import {
  decodeEvaluation,
  decodeRunFailure,
  SerdesError,
  type StoredEvaluation,
  type StoredRunFailure,
} from './serdes.ts';
import { NO_STEP_FAILURE } from './stepFailures.ts';

export interface EntryOptions {
  /** The code location that defines the asset of a run-less evaluation; null where it cannot be told. Never rejects. */
  codeLocationOf(assetKey: readonly string[]): Promise<string | null>;
  /** ms since 1970. */
  now(): number;
}

/**
 * ms that Dagster is given to mark a run that just failed, after its event: status first, then `will_retry` (some
 * 300 ms later on a slow machine). Shorter than a second, so that a failure that is never marked still shows within one.
 */
const MARKING = 700;

/** ms that a page may spend asking which locations define its assets; what is not told by then stays untold. */
const ASKING = 1_000;

interface Entries {
  readonly entries: readonly LogEntry[];
  readonly notes: readonly string[];
}

/** Makes entries of the log's rows: decodes them and adds what the instance knows of their runs. */
export class EntryReader {
  readonly #instance: DagsterInstance;
  readonly #options: EntryOptions;
  readonly #runs: RunFacts;
  #closed = false;

  constructor(instance: DagsterInstance, runs: RunFacts, options: EntryOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#runs = runs;
  }

  /** Ends waiting for runs to be marked. */
  close(): void {
    this.#closed = true;
  }

  /** An entry for each row, with notes for people on what of it could not be read. */
  async entries(kind: FailureKind, rows: readonly RawRow[]): Promise<Entries> {
    switch (kind) {
      case 'check':
        return { entries: await this.#evaluations(rows), notes: [] };
      case 'run':
        return await this.#runFailures(rows);
    }
  }

  async #evaluations(rows: readonly RawRow[]): Promise<LogEntry[]> {
    const decoded = rows.map((row) => decodeRow(row, decodeEvaluation));
    const failed = decoded.flatMap((row) => (row.stored && !row.stored.passed ? row.stored.runId : []));
    const passed = decoded.flatMap((row) => (row.stored?.passed ? row.stored.runId : []));
    const runs = await this.#runs.records([...failed, ...passed]);
    const until = performance.now() + ASKING;
    const entries: LogEntry[] = [];
    for (const { row, stored, reason } of decoded) {
      if (stored === null) {
        entries.push(unreadable(row, reason));
        continue;
      }
      const run = runs.get(stored.runId);
      const location = stored.passed ? null : await this.#locationOf(stored, run, until);
      entries.push(evaluationEntry(this.#instance, row.storageId, stored, run, location));
    }
    return entries;
  }

  async #locationOf(evaluation: StoredEvaluation, run: RunRecord | undefined, until: number): Promise<string | null> {
    if (evaluation.runId !== '') return run?.codeLocation ?? null;
    if (performance.now() > until) return null;
    return this.#options.codeLocationOf(evaluation.assetKey);
  }

  async #runFailures(rows: readonly RawRow[]): Promise<Entries> {
    const decoded = rows.map((row) => decodeRow(row, decodeRunFailure));
    const failures = decoded.flatMap((row) => row.stored ?? []);
    const runs = await this.#markedRuns(failures);
    const steps = await this.#runs.firstStepFailures(failures.map((failure) => failure.runId));
    const notes: string[] = [];
    const entries = decoded.map(({ row, stored, reason }) => {
      if (stored === null) return unreadable(row, reason);
      const { step, note } = steps.get(stored.runId) ?? NO_STEP_FAILURE;
      if (note !== null) notes.push(note);
      const run = runs.get(stored.runId);
      return runFailureEntry(this.#instance, row.storageId, stored, step ?? stored.firstStep, run);
    });
    return { entries, notes };
  }

  /**
   * The runs of these failures. Dagster writes the event first, then the run's status, then (with run retries on) the
   * tag `dagster/will_retry`: a failure of this moment is given some time to be marked, by this machine's own clock, as
   * the event's may be ahead of it.
   */
  async #markedRuns(failures: readonly StoredRunFailure[]): Promise<ReadonlyMap<string, RunRecord>> {
    const ids = failures.map((failure) => failure.runId);
    const until = performance.now() + MARKING;
    for (;;) {
      const runs = await this.#runs.records(ids);
      const isUnmarked = ({ runId, timestamp }: StoredRunFailure): boolean => {
        const run = runs.get(runId);
        const isRecent = this.#options.now() - timestamp * 1000 < MARKING;
        return isRecent && run !== undefined && (!run.ended || (this.#instance.runRetries && run.willRetry === null));
      };
      if (this.#closed || performance.now() >= until || !failures.some(isUnmarked)) return runs;
      await delay(10);
    }
  }
}

interface Decoded<T> {
  readonly row: RawRow;
  readonly stored: T | null;
  /** Why nothing is stored. */
  readonly reason: string;
}

function decodeRow<T>(row: RawRow, decode: (text: string) => T): Decoded<T> {
  if (row.event === null) return { row, stored: null, reason: l10n.t('its event is no text') };
  try {
    return { row, stored: decode(row.event), reason: '' };
  } catch (error) {
    if (error instanceof SerdesError) return { row, stored: null, reason: error.message };
    // One row that nothing can walk must not stop the sensor at it.
    if (error instanceof RangeError) return { row, stored: null, reason: l10n.t('it is nested too deep') };
    throw error;
  }
}
