import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import type { CanonicalRequest } from '../../src/channels/request.ts';
import type { EventLogCursor } from '../../src/dagster/eventLog.ts';
import type { DeliveryTarget } from '../../src/delivery/delivery.ts';
import type { CheckFailure, DagsterError, RunFailure } from '../../src/failure/failure.ts';
import { dsnFingerprint, eventId, failureId, instanceId, runId, storageId } from '../../src/failure/ids.ts';
import type { NewOutboxRow } from '../../src/store/outbox.ts';
import { type NewFailure, openStateStore, type StateStore, type TickCommit } from '../../src/store/stateStore.ts';

export const INSTANCE = instanceId('3f2b8c1e-5a77-4d0e-9b57-0d1a2b3c4d5e');
export const START = Date.UTC(2026, 4, 1, 8);

/** A clock that stands still until it is moved. */
export interface Clock {
  now: () => number;
  pass(ms: number): void;
}
export function clockAt(start = START): Clock {
  let time = start;
  return {
    now: () => time,
    pass: (ms) => {
      time += ms;
    },
  };
}

/** A folder of its own for one test; `remove` deletes it. */
export function tempFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), 'firedrill-store-'));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function openIn(folder: string, clock: Clock = clockAt()): StateStore {
  return openStateStore({ folder, instance: INSTANCE, now: clock.now }).store;
}

/** The event log's cursor is opaque text; the store must only keep it. */
export const cursorText = (text: string): EventLogCursor => text as EventLogCursor;

export function checkFailure(n: number, change: Partial<CheckFailure> = {}): CheckFailure {
  return {
    kind: 'check',
    id: failureId(`check-${n}`),
    origin: { kind: 'recorded', storageId: storageId(n) },
    timestamp: 1_777_600_000.123456 + n,
    codeLocation: 'ai_audi',
    partition: '2026-05-01',
    assetKey: ['audi', '2024', 'prices'],
    checkName: 'discrepancies',
    severity: 'WARN',
    runId: runId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
    description: 'Two sources disagree.',
    blocking: false,
    metadata: [
      { name: 'count', type: 'int', value: 3 },
      { name: 'records', type: 'json', value: [{ model: 'A3 "Sportback" 🚗', price_a: 1.5, price_b: null }] },
    ],
    ...change,
  };
}

const error: DagsterError = {
  className: 'DagsterExecutionStepExecutionError',
  message: 'dagster._core.errors.DagsterExecutionStepExecutionError: Error occurred\n',
  stack: ['  File "a.py", line 1, in a\n'],
  cause: {
    className: 'ValueError',
    message: 'ValueError: no prices\n',
    stack: ['  File "b.py", line 2\n'],
    cause: null,
  },
};

export function runFailure(n: number, change: Partial<RunFailure> = {}): RunFailure {
  return {
    kind: 'run',
    id: failureId(`run-${n}`),
    origin: { kind: 'recorded', storageId: storageId(n) },
    timestamp: 1_777_600_000.5 + n,
    codeLocation: 'ai_audi',
    partition: null,
    runId: runId(`00000000-0000-4000-8000-${String(n).padStart(12, '0')}`),
    jobName: 'prices_job',
    failureReason: 'STEP_FAILURE',
    step: { key: 'audi__2024__prices', error },
    error: null,
    message: 'Execution of run failed. Steps failed: audi__2024__prices.',
    willRetry: false,
    causedByCheck: false,
    assetKey: null,
    ...change,
  };
}

export const found = (failure: NewFailure['failure'], change: Partial<NewFailure> = {}): NewFailure => ({
  failure,
  name: { kind: failure.kind, label: failure.id, detail: 'prices' },
  beforeFiredrill: false,
  groupingKey: `${failure.kind} on prices`,
  place: failure.codeLocation ?? 'unknown',
  asset: failure.assetKey?.join('/') ?? null,
  searched: `${failure.id} on prices`,
  ...change,
});

export const SENTRY: DeliveryTarget = {
  kind: 'sentry',
  dsn: dsnFingerprint('f'.repeat(64)),
  host: 'o1.ingest.sentry.io',
  project: '42',
};

export function requestTo(url: string, body = '{"event_id":"1"}\n{"type":"event"}\n{}'): CanonicalRequest {
  return {
    method: 'POST',
    url,
    headers: [
      ['content-type', 'application/x-sentry-envelope'],
      ['user-agent', 'firedrill/0.1.0'],
    ],
    body: new TextEncoder().encode(body),
  };
}

/** An alert for a failure; its event id is derived from the failure's id, as the real one is. */
export function alertFor(failure: NewFailure['failure'], change: Partial<NewOutboxRow> = {}): NewOutboxRow {
  const id = createHash('sha256').update(failure.id).digest('hex').slice(0, 32);
  const request = change.request ?? requestTo('https://o1.ingest.sentry.io/api/42/envelope/', `{"event_id":"${id}"}\n`);
  return {
    failureId: failure.id,
    failureKind: failure.kind,
    severity: failure.kind === 'check' ? failure.severity : null,
    title: `Dagster failure ${failure.id}`,
    partition: failure.partition,
    eventId: eventId(id),
    target: SENTRY,
    sentBy: 'hand',
    closes: true,
    request,
    sha256: canonicalHash(request),
    ...change,
  };
}

/** A tick's page of the check sensor that read one row and found nothing. */
export const tickPage = (change: Partial<TickCommit> = {}): TickCommit => ({
  sensor: 'asset_check_sentry_sensor',
  trigger: 'peek',
  startedAt: START,
  durationMs: 1.5,
  end: { kind: 'success' },
  rowsRead: 1,
  unreadable: 0,
  notes: [],
  cursorBefore: null,
  cursorAfter: cursorText('1'),
  cursorTexts: { before: null, after: '1' },
  epoch: 0,
  continues: null,
  more: false,
  found: [],
  passed: [],
  outbox: [],
  ...change,
});
