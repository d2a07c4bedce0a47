import { assetPathOfStep } from '../channels/sentry/assetPath.ts';
import { errorType } from '../channels/sentry/errorType.ts';
import { oemOf } from '../channels/sentry/oem.ts';
import { assetKeyText, type Failure } from '../failure/failure.ts';
import type { FailureRow } from './api.ts';

/** What a row tells that follows from the failure alone; the rest (status, links) is the state's. */
export type FailureFacts = Omit<
  FailureRow,
  'seq' | 'status' | 'beforeFiredrill' | 'passedSince' | 'delivery' | 'sameCauseAs'
>;

/** @param title what the alert is called in Sentry. */
export function factsOf(failure: Failure, title: string, oemPattern: RegExp): FailureFacts {
  const oem = oemOf(failure, oemPattern);
  return {
    id: failure.id,
    kind: failure.kind,
    test: failure.origin.kind === 'test',
    asset: assetOf(failure),
    partition: failure.partition,
    codeLocation: failure.codeLocation,
    oem,
    runId: failure.runId,
    storageId: failure.origin.kind === 'recorded' ? failure.origin.storageId : null,
    timestamp: failure.timestamp,
    title,
    ...(failure.kind === 'check'
      ? {
          label: failure.checkName,
          detail: assetKeyText(failure.assetKey),
          severity: failure.severity,
          willRetry: false,
        }
      : {
          label:
            failure.step === null
              ? `${failure.codeLocation || oem}/${failure.jobName}`
              : assetPathOfStep(failure.step.key),
          detail: errorType(failure),
          severity: 'ERROR' as const,
          willRetry: failure.willRetry,
        }),
  };
}

/** The asset that failed: of a run that was started for none, what its first failed step is called after. */
function assetOf(failure: Failure): string | null {
  if (failure.kind === 'check') return assetKeyText(failure.assetKey);
  if (failure.assetKey !== null) return assetKeyText(failure.assetKey);
  return failure.step === null ? null : assetPathOfStep(failure.step.key);
}
