import { failedRun } from './failedRun.ts';
import type { CheckFailure, RunFailure } from './failure.ts';
import type { FailureId, RunId } from './ids.ts';
import type { JsonObject } from './json.ts';

/** What makes one test failure different from the next; clock and randomness come from the caller. */
export interface TestFailureInput {
  readonly id: FailureId;
  /** Stands for the Dagster run that a recorded failure would name; a UUID. */
  readonly runId: RunId;
  /** ms since 1970. */
  readonly now: number;
  /** The code location it is sent for, which decides the tag `oem`; null for none. */
  readonly codeLocation: string | null;
}

/** No real asset: the test's issue in Sentry is its own, never one of a real failure. */
const TEST_ASSET = ['firedrill', 'test', 'prices'];

const TEST_RECORDS: readonly JsonObject[] = [
  { model: 'TEST-A1', field: 'price', price_a: 41_900, price_b: 42_400, source: 'Firedrill test' },
  { model: 'TEST-A3', field: 'price', price_a: 35_650, price_b: 35_560, source: 'Firedrill test' },
  { model: 'TEST-Q5', field: 'currency', price_a: 'EUR', price_b: 'CHF', source: 'Firedrill test' },
];

const partitionOf = (now: number): string => new Date(now).toISOString().slice(0, 10);

/** A check failure as `discrepancies` makes it, with sample records and the day as its partition. */
export function testCheckFailure({ id, runId, now, codeLocation }: TestFailureInput): CheckFailure {
  return {
    kind: 'check',
    id,
    origin: { kind: 'test' },
    timestamp: now / 1000,
    codeLocation,
    partition: partitionOf(now),
    assetKey: TEST_ASSET,
    checkName: 'discrepancies',
    severity: 'WARN',
    runId,
    description: 'A test failure made with Firedrill. No check has failed.',
    blocking: false,
    metadata: [{ name: 'records', type: 'json', value: TEST_RECORDS }],
  };
}

/** A run failure whose step raised, wrapped as Dagster wraps it. */
export function testRunFailure({ id, runId, now, codeLocation }: TestFailureInput): RunFailure {
  return {
    kind: 'run',
    id,
    origin: { kind: 'test' },
    timestamp: now / 1000,
    codeLocation,
    partition: partitionOf(now),
    runId,
    ...failedRun({
      jobName: 'firedrill_test',
      stepKey: TEST_ASSET.join('__'),
      errorClass: 'FiredrillTestError',
      errorText: 'A test failure made with Firedrill. No run has failed.',
    }),
    willRetry: false,
    causedByCheck: false,
  };
}
