import type { CheckSeverity, FailureKind } from '../../failure/failure.ts';
import type { FailureId } from '../../failure/ids.ts';
import type { FailureStatus } from '../../store/failureQuery.ts';

/** A failure as a row: what a tree shows without fetching the whole. */
export interface FailureRow {
  readonly id: FailureId;
  /** Rises with every failure that Firedrill stored; the order of pages. */
  readonly seq: number;
  readonly kind: FailureKind;
  readonly test: boolean;
  /** Recorded before Firedrill met the instance: listed, never sent by itself. */
  readonly beforeFiredrill: boolean;
  readonly status: FailureStatus;
  /** Check name; or the failed step's asset path, else the job. */
  readonly label: string;
  /** What failed; of a run that was started for no asset, what its failed step is called after; null for none. */
  readonly asset: string | null;
  /** Asset of a check failure; error class of a run failure. */
  readonly detail: string;
  readonly severity: CheckSeverity;
  readonly partition: string | null;
  readonly codeLocation: string | null;
  readonly oem: string;
  readonly runId: string | null;
  readonly storageId: number | null;
  /** Seconds since 1970, as the event log has it. */
  readonly timestamp: number;
  readonly willRetry: boolean;
  /** When a later evaluation of the same check passed, seconds since 1970; null while none has. */
  readonly passedSince: number | null;
  /** Where its newest delivery stands that has not arrived; null where there is none such. */
  readonly delivery: 'waiting' | 'failed' | null;
  /** For a run failed by a blocking check: that check's name, when its failure is known. */
  readonly sameCauseAs: string | null;
  /** What the alert is called in Sentry. */
  readonly title: string;
}

/**
 * A group of the Failures tree. By kind the keys are `check` and `run`; each grouping has `before`, which holds what was
 * recorded before Firedrill met the instance; other keys only mean something within their grouping.
 */
export interface FailureGroup {
  readonly key: string;
  readonly total: number;
  /** The failure that names the group. */
  readonly newest: FailureRow;
  /** What Sentry's issue of that failure is called, e.g. `discrepancies on audi/…/prices (WARN)`. */
  readonly issue: string;
}

export interface FailureGroups {
  /** In an order that arrivals do not change. */
  readonly groups: readonly FailureGroup[];
  /** Groups beyond the limit. */
  readonly hidden: number;
  /** Of the failures asked for those that belong to the selection, each with its group. */
  readonly rows: readonly { readonly key: string; readonly row: FailureRow }[];
}

/** The issue in Sentry that a failure would join or make. */
export interface FailureIssue {
  readonly title: string;
  /** Other pending failures of the same issue. */
  readonly otherPending: number;
}

export interface FailingLine {
  /** Path of the real file. */
  readonly file: string;
  /** The first line is 1. */
  readonly line: number;
}

export interface FailurePage {
  /** Newest first. */
  readonly rows: readonly FailureRow[];
  readonly total: number;
}

/**
 * The failures that an event in the inbox tells of, newest first, and how that is known: Firedrill made the event, or
 * it names their run, or it names no run and has their message. One where it is certain.
 */
export interface EventMatch {
  readonly by: 'event' | 'run' | 'message' | 'none';
  readonly rows: readonly FailureRow[];
}
