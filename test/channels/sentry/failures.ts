import type { RenderSettings } from '../../../src/channels/sentry/settings.ts';
import { DEFAULTS } from '../../../src/defaults.ts';
import type { CheckFailure, DagsterError, RunFailure } from '../../../src/failure/failure.ts';
import { failureId, runId, storageId } from '../../../src/failure/ids.ts';
import type { JsonValue } from '../../../src/failure/json.ts';
import type { MetadataEntry, MetadataType } from '../../../src/failure/metadata.ts';

/** 2026-05-01T06:30:15.123456Z, as the event log would have it. */
export const LOGGED_AT = 1_777_617_015.123456;
/** A minute later, in ms. */
export const NOW = (LOGGED_AT + 60) * 1000;

export const RUN = runId('9e94b908-5cb0-46e2-9e84-a50914e90fc0');

export const settings: RenderSettings = {
  version: '1.2.3',
  oemPattern: new RegExp(DEFAULTS.oemPattern, 'u'),
  environment: null,
  testEnvironment: 'firedrill-test',
};

export const target = { url: 'https://o4507.ingest.us.sentry.io/api/450812/envelope/' };

export const metadata = (name: string, value: JsonValue, type: MetadataType = 'json'): MetadataEntry => ({
  name,
  type,
  value,
});

export function checkFailure(change: Partial<CheckFailure> = {}): CheckFailure {
  return {
    kind: 'check',
    id: failureId('instance/check/350'),
    origin: { kind: 'recorded', storageId: storageId(350) },
    timestamp: LOGGED_AT,
    codeLocation: 'ai_audi',
    partition: null,
    assetKey: ['audi', '2024', 'prices'],
    checkName: 'discrepancies',
    severity: 'WARN',
    runId: RUN,
    description: 'Prices differ',
    blocking: false,
    metadata: [],
    ...change,
  };
}

export function runFailure(change: Partial<RunFailure> = {}): RunFailure {
  return {
    kind: 'run',
    id: failureId('instance/run/351'),
    origin: { kind: 'recorded', storageId: storageId(351) },
    timestamp: LOGGED_AT,
    codeLocation: 'ai_audi',
    partition: null,
    runId: RUN,
    jobName: 'daily',
    failureReason: 'STEP_FAILURE',
    step: null,
    error: null,
    message: 'Execution of run for "daily" failed.',
    willRetry: false,
    causedByCheck: false,
    assetKey: null,
    ...change,
  };
}

export const dagsterError = (
  className: string | null,
  message: string,
  cause: DagsterError | null = null,
): DagsterError => ({
  className,
  message,
  stack: [],
  cause,
});

/** The specified parts of an event: what the specification's tables name. */
export interface SpecifiedParts {
  readonly level: string;
  readonly message: string;
  readonly tags: Record<string, string>;
  readonly extra: Record<string, JsonValue>;
}
