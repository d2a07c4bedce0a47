import type {
  FailureRow,
  InstanceStatus,
  OwnSensor,
  OwnTick,
  SensorName,
  SensorStatus,
  Tick,
} from '../../../src/engine/api.ts';
import { failureId } from '../../../src/failure/ids.ts';
import type { LaneTick, ToTicks } from '../../../src/webview/protocol.ts';

const CHECK: SensorName = 'asset_check_sentry_sensor';
const RUN: SensorName = 'run_failure_sentry_sensor';

const names = ['zoo_check', 'many_keys', `x${'x'.repeat(60)}`, 'unicode_md', 'big_text'];

const MINUTE = 60_000;

/** One tick; `ago` in seconds before `now`. */
export const tick = (now: number, id: number, sensor: SensorName, ago: number, over: Partial<Tick> = {}): Tick => ({
  id,
  sensor,
  trigger: 'peek',
  startedAt: now - ago * 1000,
  lastStartedAt: now - ago * 1000,
  count: 1,
  durationMs: 9,
  end: { kind: 'success' },
  rowsRead: 0,
  failuresFound: 0,
  firstFound: [],
  unreadable: 0,
  notes: [],
  cursorBefore: String(340 + id),
  cursorAfter: String(340 + id),
  ...over,
});

/** One tick of one of the project's own sensors. */
export const ownTick = (
  now: number,
  id: number,
  sensor: string,
  ago: number,
  over: Partial<OwnTick> = {},
): OwnTick => ({
  id: -id,
  sensor,
  trigger: 'daemon',
  startedAt: now - ago * 1000,
  lastStartedAt: now - ago * 1000,
  count: 1,
  durationMs: 200,
  end: { kind: 'success' },
  runsRequested: [],
  runsReported: [],
  cursorBefore: null,
  cursorAfter: null,
  ...over,
});

/** One of the project's own sensors. */
export const ownSensor = (now: number, id: string, over: Partial<OwnSensor> = {}): OwnSensor => ({
  id,
  name: id,
  codeLocation: 'ai_audi',
  running: true,
  ticking: false,
  lastTick: null,
  nextTickAt: now + 13_000,
  cursor: null,
  ...over,
});

const found = (now: number, id: number, sensor: SensorName, ago: number, failures: number): Tick =>
  tick(now, id, sensor, ago, {
    failuresFound: failures,
    firstFound: Array.from({ length: Math.min(failures, 3) }, (_, index) =>
      sensor === CHECK
        ? { kind: 'check' as const, label: names[index] ?? '', detail: 'audi/zoo' }
        : { kind: 'run' as const, label: `ai_bmw/job_${index}`, detail: 'ValueError' },
    ),
    rowsRead: failures + 1,
    durationMs: 8 + failures * 2,
    cursorBefore: String(300 + id),
    cursorAfter: String(301 + id),
  });

/** A stretch of eight minutes with every kind of mark. */
export const ticks = (now: number): readonly Tick[] => {
  let id = 1;
  const next = () => id++;
  return [
    tick(now, next(), CHECK, 432, { trigger: 'interval', startedAt: now - 552_000, count: 3, durationMs: 1.4 }),
    found(now, next(), CHECK, 380, 1),
    ...[350, 346, 344, 341].map((ago) => found(now, next(), CHECK, ago, 1)),
    found(now, next(), CHECK, 290, 2),
    found(now, next(), CHECK, 230, 1),
    found(now, next(), CHECK, 220, 2),
    ...[160, 158, 150, 141, 134].map((ago) => found(now, next(), CHECK, ago, 2)),
    found(now, next(), CHECK, 97, 5),
    tick(now, next(), CHECK, 37, { trigger: 'interval', durationMs: 2 }),
    tick(now, next(), RUN, 420, {
      end: { kind: 'skipped', reason: 'No code location has a SENTRY_DSN.' },
      startedAt: now - 480_000,
      count: 2,
    }),
    tick(now, next(), RUN, 360, {
      durationMs: 310,
      end: {
        kind: 'failure',
        error: 'EventLogError: the database is locked\n  another process holds it for longer than 3 s',
      },
    }),
    ...[330, 322, 313, 300].map((ago) => found(now, next(), RUN, ago, 3)),
    found(now, next(), RUN, 240, 1),
    tick(now, next(), RUN, 200, { rowsRead: 4, durationMs: 12_000 }),
    found(now, next(), RUN, 110, 1),
    found(now, next(), RUN, 92, 1),
    found(now, next(), RUN, 75, 1),
    tick(now, next(), RUN, 32, {
      unreadable: 2,
      rowsRead: 3,
      notes: ['Row 362: its JSON is broken.', 'Row 363: unknown class Foo.'],
    }),
  ];
};

export const following: InstanceStatus & { readonly state: 'following' } = {
  state: 'following',
  home: '/workspace/.dagster_home',
  name: '.dagster_home',
  foundBy: 'setting',
  webserverUrl: null,
  since: 0,
  warnings: [],
};

export const sensors = (now: number, over: Partial<SensorStatus> = {}): readonly SensorStatus[] => [
  {
    name: CHECK,
    running: true,
    elsewhere: false,
    ticking: false,
    lastTick: null,
    nextTickAt: now + 24_000,
    cursor: '396',
    behind: { rows: 0, oldestUnread: null },
    ...over,
  },
  {
    name: RUN,
    running: true,
    elsewhere: false,
    ticking: false,
    lastTick: null,
    nextTickAt: now + 29_000,
    cursor: '364',
    behind: { rows: 38, oldestUnread: (now - 6 * MINUTE) / 1000 },
    ...over,
  },
];

export const snapshot = (now: number, over: Partial<Extract<ToTicks, { type: 'snapshot' }>> = {}): ToTicks => ({
  type: 'snapshot',
  instance: following,
  sensors: sensors(now),
  ownSensors: [],
  from: now - 60 * MINUTE,
  to: now,
  ticks: ticks(now),
  ...over,
});

/** What came since; without ticks, what the extension tells at once while it reads them. */
export const update = (now: number, news: readonly LaneTick[] = []): ToTicks => ({
  type: 'update',
  instance: following,
  sensors: sensors(now),
  ticks: news,
});

/** What the tick with five failures found. */
export const failures = (now: number): readonly FailureRow[] =>
  names.map((label, index) => ({
    id: failureId(`f${index}`),
    seq: index,
    kind: 'check',
    test: false,
    beforeFiredrill: false,
    status: 'pending',
    label,
    detail: 'audi/zoo',
    severity: index % 4 === 0 ? 'ERROR' : 'WARN',
    partition: null,
    codeLocation: 'ai_audi',
    oem: 'audi',
    runId: null,
    storageId: 392 + index,
    timestamp: now / 1000,
    willRetry: false,
    passedSince: null,
    delivery: null,
    asset: null,
    sameCauseAs: null,
    title: `Dagster asset check failure: ${label} on audi/zoo`,
  }));

/** A long time with many ticks. */
export const manyTicks = (now: number, count: number): readonly Tick[] =>
  Array.from({ length: count }, (_, index) => {
    const sensor = index % 2 === 0 ? CHECK : RUN;
    const ago = Math.round(((count - index) * 7 * 86_400) / count);
    if (index % 17 === 0) return found(now, index + 1, sensor, ago, (index % 5) + 1);
    return tick(now, index + 1, sensor, ago, index % 41 === 0 ? { end: { kind: 'failure', error: 'X: y' } } : {});
  });

/** The project's own sensors of the demo, as one of them fails and the other reports runs. */
export const ownPair = (
  now: number,
): { readonly ownSensors: readonly OwnSensor[]; readonly ticks: readonly LaneTick[] } => ({
  ownSensors: [
    ownSensor(now, 'own-check', { name: CHECK }),
    ownSensor(now, 'own-run', { name: RUN, nextTickAt: now + 18_000 }),
  ],
  ticks: [
    ...ticks(now),
    ...[410, 350, 290, 230, 170, 110, 50].map((ago, index) =>
      ownTick(now, 100 + index, 'own-check', ago, {
        end: {
          kind: 'failure',
          error: 'DagsterInvariantViolationError: a cursor that is not run-aware\n  in sensor.py',
        },
      }),
    ),
    ...[425, 395, 365].map((ago, index) =>
      ownTick(now, 200 + index, 'own-run', ago, { end: { kind: 'skipped', reason: 'No new failed runs' } }),
    ),
    ...[330, 300, 240, 180, 120, 75].map((ago, index) =>
      ownTick(now, 300 + index, 'own-run', ago, { durationMs: 5600, runsReported: ['5d1f0c22', '88484b3e'] }),
    ),
    ownTick(now, 310, 'own-run', 20, { end: { kind: 'unended' }, durationMs: 0 }),
  ],
});

/** More sensors than a panel has room for. */
export const manySensors = (
  now: number,
  count: number,
): Pick<Extract<ToTicks, { type: 'snapshot' }>, 'ownSensors' | 'ticks'> => {
  const ids = Array.from({ length: count }, (_, index) => `sensor_${String(index).padStart(2, '0')}`);
  return {
    ownSensors: ids.map((id, index) =>
      ownSensor(now, id, { running: index !== 3, nextTickAt: index === 4 ? now - 900_000 : now + 20_000 }),
    ),
    ticks: [
      ...ticks(now),
      ...ids.flatMap((id, index) =>
        [60, 130, 240].map((ago, at) => ownTick(now, 1000 + index * 10 + at, id, ago + index)),
      ),
    ],
  };
};
