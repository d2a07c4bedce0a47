import type { ReceivedEvent } from '../../../src/engine/api.ts';
import { receivedPreview } from '../../../src/engine/receivedPreview.ts';
import { records } from './samples.ts';

/** What the inbox received from the project's own sensor, gzipped by its SDK. */
export const received = (over: Partial<ReceivedEvent> = {}): ReceivedEvent => {
  const event = {
    message: 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)',
    level: 'warning',
    event_id: '8c1f0e2d3b4a59687786950403020100',
    timestamp: '2026-11-20T18:12:40.071234Z',
    tags: { oem: 'audi', check_name: 'discrepancies', severity: 'WARN', partition_date: '2026-05-01' },
    extra: {
      asset_key: 'audi/2024/prices',
      run_id: '9e94b908-5cb0-46e2-9e84-a50914e90fc0',
      partition_date: '2026-05-01',
      metadata: { count: 64, records: records.slice(0, 10) },
      'sys.argv': ['/workspace/.venv/bin/dagster-daemon', 'run'],
    },
    contexts: { runtime: { name: 'CPython', version: '3.11.14', build: '3.11.14 (main, Oct 9 2025, 16:16:55)' } },
    modules: Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`module_${index}`, `1.${index}.0`])),
    server_name: 'workstation',
    environment: 'production',
    sdk: { name: 'sentry.python', version: '2.75.0', integrations: ['argv', 'atexit', 'logging'] },
    platform: 'python',
    _meta: { extra: { metadata: { records: { '': { len: 64 } } } } },
  };
  const text = JSON.stringify(event);
  const header = '{"event_id":"8c1f0e2d3b4a59687786950403020100","sent_at":"2026-11-20T18:12:40.080000Z"}';
  const item = `{"type":"event","content_type":"application/json","length":${text.length}}`;
  return {
    row: {
      id: 12,
      receivedAt: Date.parse('2026-11-20T18:12:40.101Z'),
      eventId: event.event_id,
      title: event.message,
      level: event.level,
      sender: 'sentry.python 2.75.0',
      runId: event.extra.run_id,
      partition: null,
      groupingKey: `message ${event.message}`,
      bytes: 1322,
    },
    event,
    url: 'http://127.0.0.1:8969/api/1/envelope/',
    headers: [
      ['content-type', 'application/x-sentry-envelope'],
      ['content-encoding', 'gzip'],
      ['user-agent', 'sentry.python/2.75.0'],
      ['x-sentry-auth', 'Sentry sentry_key=••••••••, sentry_version=7, sentry_client=sentry.python/2.75.0'],
    ],
    contentBytes: header.length + item.length + text.length + 2,
    envelope: [
      { kind: 'header', type: null, text: header, bytes: header.length },
      { kind: 'item header', type: null, text: item, bytes: item.length },
      { kind: 'payload', type: 'event', text, bytes: text.length },
      { kind: 'item header', type: null, text: '{"type":"attachment","length":70000}', bytes: 36 },
      { kind: 'payload', type: 'attachment', text: null, bytes: 70_000 },
    ],
    sha256: '6062e838258137359374d0416596c5deb5ac629b25dc90cee09f9adaf67e3b9d',
    ...over,
  };
};

export const receivedMessage = {
  type: 'received',
  received: receivedPreview(received(), { received: () => 4, pending: () => 1 }),
  tellsOf: {
    words: 'Tells of discrepancies on audi/2024/prices · partition 2026-05-01 · pending: the same run.',
    failures: 1,
  },
  subject: { kind: 'inbox', id: 12 },
} as const;

/** What a program that uses the SDK for Node sent: an exception with a fingerprint, and what it put in deep places. */
const jsEvent = {
  event_id: '77f0d6d1c2a54a0cb0a1f0a1b2c3d4e5',
  level: 'error',
  timestamp: 1795198360.071,
  environment: 'production',
  release: 'prices@2.4.1',
  fingerprint: ['{{ default }}', 'prices'],
  exception: {
    values: [
      {
        type: 'TypeError',
        value: "Cannot read properties of undefined (reading 'price')",
        stacktrace: { frames: [{ function: 'loadPrices', filename: 'app:///prices.js', lineno: 12, in_app: true }] },
      },
    ],
  },
  tags: { oem: 'audi', note: 'x'.repeat(240) },
  extra: { batch: { model: 'A1', source: { feed: '[Object]', rows: '[Array]' } } },
  sdk: { name: 'sentry.javascript.node', version: '11.11.0' },
  platform: 'node',
};

export const receivedFromJs = {
  type: 'received',
  received: receivedPreview(
    received({
      row: {
        ...received().row,
        id: 13,
        eventId: jsEvent.event_id,
        title: "TypeError: Cannot read properties of undefined (reading 'price')",
        level: 'error',
        sender: 'sentry.javascript.node 11.11.0',
        runId: null,
      },
      event: jsEvent,
    }),
    { received: () => 1, pending: () => 0 },
  ),
  tellsOf: { words: 'It names no run, and no failure here has its message.', failures: 0 },
  subject: { kind: 'inbox', id: 13 },
} as const;
