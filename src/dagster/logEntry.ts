import type { CheckFailure, DagsterError, RunFailure } from '../failure/failure.ts';
import { failureIdentity } from '../failure/identity.ts';
import { runId, type StorageId } from '../failure/ids.ts';
import type { LogEntry } from './eventLog.ts';
import type { RawRow } from './eventRows.ts';
import type { DagsterInstance } from './instance.ts';
import type { RunRecord } from './runRecords.ts';
import type { StepFailure, StoredEvaluation, StoredRunFailure } from './serdes.ts';

/** A decoded evaluation and what the run storage knows of its run, as an entry of the log. */
export function evaluationEntry(
  instance: Pick<DagsterInstance, 'madeAt'>,
  storageId: StorageId | null,
  evaluation: StoredEvaluation,
  run: RunRecord | undefined,
  codeLocation: string | null,
): LogEntry {
  const { timestamp, assetKey, checkName } = evaluation;
  const partition = evaluation.partition ?? run?.partition ?? null;
  if (evaluation.passed) return { outcome: 'passed', storageId, timestamp, assetKey, checkName, partition };
  const failure: CheckFailure = {
    kind: 'check',
    id: failureIdentity(instance.madeAt, { ...evaluation, kind: 'check' }),
    origin: { kind: 'recorded', storageId },
    timestamp,
    codeLocation,
    partition,
    assetKey,
    checkName,
    severity: evaluation.severity,
    runId: evaluation.runId === '' ? null : runId(evaluation.runId),
    description: evaluation.description,
    blocking: evaluation.blocking,
    metadata: evaluation.metadata(),
  };
  return { outcome: 'failure', failure };
}

/** A decoded run failure with its first failed step and what the run storage knows of it, as an entry of the log. */
export function runFailureEntry(
  instance: Pick<DagsterInstance, 'madeAt'>,
  storageId: StorageId | null,
  stored: StoredRunFailure,
  step: StepFailure | null,
  run: RunRecord | undefined,
): LogEntry {
  const failure: RunFailure = {
    kind: 'run',
    id: failureIdentity(instance.madeAt, { kind: 'run', runId: stored.runId, timestamp: stored.timestamp }),
    origin: { kind: 'recorded', storageId },
    timestamp: stored.timestamp,
    codeLocation: run?.codeLocation ?? null,
    partition: run?.partition ?? null,
    runId: runId(stored.runId),
    jobName: run?.jobName ?? stored.jobName ?? '',
    assetKey: assetOf(step, run?.assets ?? []),
    failureReason: stored.failureReason,
    step,
    error: stored.error,
    message: stored.message,
    willRetry: run?.willRetry ?? false,
    causedByCheck: isCheckFailed(step?.error ?? null) || isCheckFailed(stored.error),
  };
  return { outcome: 'failure', failure };
}

/** The selected asset whose step failed (Dagster joins its parts by two underscores), else the first selected. */
const assetOf = (step: StepFailure | null, assets: RunRecord['assets']): readonly string[] | null =>
  assets.find((asset) => asset.join('__') === step?.key) ?? assets[0] ?? null;

export function unreadable(row: RawRow, reason: string): LogEntry {
  return { outcome: 'unreadable', storageId: row.storageId, runId: row.runId ? runId(row.runId) : null, reason };
}

/** What a failing blocking check raises in its step. */
const isCheckFailed = (error: DagsterError | null): boolean =>
  error !== null && (error.className === 'DagsterAssetCheckFailedError' || isCheckFailed(error.cause));
