import { type Delivery, type DeliveryState, deliveryId } from '../../src/delivery/delivery.ts';
import type { FailureRow, InboxEvent, InstanceStatus, Overview, SensorStatus } from '../../src/engine/api.ts';
import { dsnFingerprint, eventId, failureId } from '../../src/failure/ids.ts';
import type { Tick } from '../../src/sensors/tick.ts';

/** 2026-05-05 19:12:30.220 local time, ms since 1970. */
export const AT = new Date(2026, 4, 5, 19, 12, 30, 220).getTime();

let seq = 0;
/** A check failure as the engine lists it; each call has a new id unless one is given. */
export function row(changes: Partial<FailureRow> = {}): FailureRow {
  seq += 1;
  return {
    id: failureId(`failure-${seq}`),
    seq,
    kind: 'check',
    test: false,
    beforeFiredrill: false,
    status: 'pending',
    label: 'discrepancies',
    asset: 'audi/2024/prices',
    detail: 'audi/2024/prices',
    severity: 'WARN',
    partition: '2026-05-05',
    codeLocation: 'ai_audi',
    oem: 'audi',
    runId: '5d1f0c22-5cb0-46e2-9e84-a50914e90fc0',
    storageId: 378,
    timestamp: AT / 1000,
    willRetry: false,
    passedSince: null,
    delivery: null,
    sameCauseAs: null,
    title: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
    ...changes,
  };
}

export const runRow = (changes: Partial<FailureRow> = {}): FailureRow =>
  row({
    kind: 'run',
    label: 'audi/2024/options',
    asset: 'audi/2024/options',
    detail: 'ValueError',
    severity: 'ERROR',
    title: 'Dagster run failure: audi/2024/options (ValueError)',
    ...changes,
  });

export function tick(changes: Partial<Tick> = {}): Tick {
  return {
    id: 1,
    sensor: 'asset_check_sentry_sensor',
    trigger: 'interval',
    startedAt: AT,
    lastStartedAt: AT,
    count: 1,
    durationMs: 3.2,
    end: { kind: 'success' },
    rowsRead: 0,
    failuresFound: 0,
    firstFound: [],
    unreadable: 0,
    notes: [],
    cursorBefore: '370',
    cursorAfter: '378',
    ...changes,
  };
}

export function sensor(changes: Partial<SensorStatus> = {}): SensorStatus {
  return {
    name: 'asset_check_sentry_sensor',
    running: true,
    elsewhere: false,
    ticking: false,
    lastTick: tick(),
    nextTickAt: AT + 60_000,
    cursor: '378',
    behind: { rows: 0, oldestUnread: null },
    ...changes,
  };
}

export const following: InstanceStatus = {
  state: 'following',
  home: '/home/ada/acme',
  name: 'acme',
  foundBy: 'dotenv',
  webserverUrl: 'http://127.0.0.1:3000',
  since: AT - 60_000,
  warnings: [],
};

export function overview(changes: Partial<Overview> = {}): Overview {
  return {
    instance: following,
    sensors: [sensor(), sensor({ name: 'run_failure_sentry_sensor' })],
    deliveryMode: 'hold',
    codeLocations: [],
    inbox: { state: 'listening', port: 8969, dsn: 'http://key@127.0.0.1:8969/1', note: null },
    pending: { check: 11, run: 5 },
    deliveries: { waiting: 0, failed: 0, accepted: 0 },
    ...changes,
  };
}

export function delivery(state: DeliveryState, changes: Partial<Delivery> = {}): Delivery {
  return {
    id: deliveryId(7),
    failureId: failureId('failure-1'),
    failureKind: 'check',
    severity: 'WARN',
    title: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
    partition: '2026-05-05',
    eventId: eventId('04ca1f238da2b000d80c04cb081079c4'),
    target: { kind: 'sentry', dsn: dsnFingerprint('f'), host: 'o4507.ingest.us.sentry.io', project: '450812' },
    sentBy: 'hand',
    queuedAt: AT,
    tries: 1,
    state,
    sha256: 'ab'.repeat(32),
    ...changes,
  };
}

/** What the inbox received. */
export const inboxEvent = (changes: Partial<InboxEvent>): InboxEvent => ({
  id: 1,
  receivedAt: AT,
  eventId: '04ca1f238da2b000d80c04cb081079c4',
  title: 'Dagster run failure: audi/2024/options (ValueError)',
  level: 'error',
  sender: 'sentry.python 2.75.0',
  runId: null,
  partition: null,
  groupingKey: 'a',
  bytes: 1234,
  ...changes,
});
