import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Dsn, parseDsn } from '../../src/channels/sentry/dsn.ts';
import { envelopeTarget } from '../../src/channels/sentry/envelope.ts';
import { renderRequest } from '../../src/channels/sentry/render.ts';
import type { RenderSettings } from '../../src/channels/sentry/settings.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import type { EngineSettings } from '../../src/engine/api.ts';
import { Book } from '../../src/engine/book.ts';
import { Dsns } from '../../src/engine/dsns.ts';
import { Targets } from '../../src/engine/targets.ts';
import { outboxRow } from '../../src/engine/tickPage.ts';
import type { Failure, FailureKind } from '../../src/failure/failure.ts';
import { type NewOutboxRow, openStateStore } from '../../src/store/stateStore.ts';
import { checkFailure, cursorText, found, INSTANCE, runFailure, tickPage } from '../store/samples.ts';
import { Sink } from './sink.ts';

export interface BacklogOptions {
  readonly kind: FailureKind;
  readonly failures: number;
  /** ms that the endpoint takes for each request. */
  readonly delay: number;
}

export interface Drained {
  /** ms to render all failures and store them with their outbox rows, in ticks of 100. */
  readonly storedMs: number;
  /** ms from opening that state until the last receipt was on disk. */
  readonly drainedMs: number;
  /** ms of processor time that this process took for it. */
  readonly drainedCpuMs: number;
  readonly requests: number;
  /** Different events that arrived. */
  readonly events: number;
}

const RENDER: RenderSettings = {
  version: '0.0.0',
  oemPattern: /^ai_(.+)$/u,
  environment: null,
  testEnvironment: 'test',
};
/** Failures that one tick stores. */
const PAGE = 100;

/** A failure as the specification's checks make them: a check with ten records, or a failed step. */
export const backlogFailure = (kind: FailureKind, n: number): Failure =>
  kind === 'run'
    ? runFailure(n)
    : checkFailure(n, {
        metadata: [
          { name: 'count', type: 'int', value: 10 },
          {
            name: 'records',
            type: 'json',
            value: Array.from({ length: 10 }, (_, i) => ({
              model: `A${i} Sportback`,
              trim: 'S line',
              price_a: 41_250.5 + n,
              price_b: 39_990 + i,
              difference: 1_260.5,
              valid_from: '2026-05-01',
              source: 'configurator',
            })),
          },
        ],
      });

/** Renders and stores a backlog in a state of its own, and sends it through book, outbox and sender to a sink. */
export async function drainBacklog(options: BacklogOptions): Promise<Drained> {
  const folder = mkdtempSync(path.join(tmpdir(), 'firedrill-speed-'));
  const sink = await Sink.start(options.delay);
  try {
    const text = `http://0123456789abcdef0123456789abcdef@127.0.0.1:${sink.port}/42`;
    const storedMs = store(folder, text, options);
    const began = performance.now();
    const cpu = process.cpuUsage();
    const book = await drain(folder, text, options.failures);
    const drainedMs = performance.now() - began;
    const { user, system } = process.cpuUsage(cpu);
    await book.close();
    return { storedMs, drainedMs, drainedCpuMs: (user + system) / 1000, ...(await sink.counted()) };
  } finally {
    await sink.stop();
    rmSync(folder, { recursive: true });
  }
}

function store(folder: string, dsnText: string, { kind, failures }: BacklogOptions): number {
  const all = Array.from({ length: failures }, (_, n) => backlogFailure(kind, n));
  const dsn = parsed(dsnText);
  const began = performance.now();
  const { store } = openStateStore({ folder, instance: INSTANCE, now: Date.now });
  for (let from = 0; from < all.length; from += PAGE) {
    const page = all.slice(from, from + PAGE);
    const committed = store.commitTick(
      tickPage({
        sensor: kind === 'check' ? 'asset_check_sentry_sensor' : 'run_failure_sentry_sensor',
        startedAt: Date.now(),
        rowsRead: page.length,
        cursorBefore: from === 0 ? null : cursorText(String(from)),
        cursorAfter: cursorText(String(from + page.length)),
        found: page.map((failure) => found(failure)),
        outbox: page.map((failure) => rowOf(failure, dsn)),
      }),
    );
    if (committed.outcome !== 'committed') throw new Error(`a page was not stored: ${committed.outcome}`);
  }
  store.close();
  return performance.now() - began;
}

function rowOf(failure: Failure, dsn: Dsn): NewOutboxRow {
  const target = envelopeTarget(dsn);
  const alert = renderRequest({ failure, target, settings: RENDER, resend: 0 });
  const row = { kind: 'sentry', dsn: dsn.fingerprint, host: new URL(target.url).host, project: dsn.projectId } as const;
  return outboxRow(failure, alert, { row, closes: true }, 'automatic');
}

/** Resolves when every row is accepted with its receipt on disk. */
function drain(folder: string, dsnText: string, failures: number): Promise<Book> {
  return new Promise((resolve, reject) => {
    let accepted = 0;
    const dsns = new Dsns({
      places: () => ({
        workspaceFolders: [],
        workingDirectory: () => null,
        secretDsn: async () => null,
        environmentDsn: dsnText,
      }),
      knownLocations: async () => [null],
      isApproved: () => true,
    });
    const settings = { proxy: NO_PROXY_SET } as EngineSettings; // all that a book reads of them
    const book = new Book(INSTANCE, settings, {
      onOutdated: () => {},
      folder,
      env: {},
      targets: new Targets(dsns, () => ({ state: 'off', message: 'no inbox here' })),
      isApproved: () => true,
      authToken: async () => null,
      onDeliveries: (deliveries) => {
        for (const { state } of deliveries) {
          if (state.kind === 'failed' || (state.kind === 'waiting' && state.reason !== null))
            reject(new Error(`not accepted: ${state.reason}`));
          if (state.kind === 'accepted') accepted += 1;
        }
        if (accepted === failures) resolve(book);
      },
      onFailures: () => undefined,
      onNews: () => undefined,
      notify: () => undefined,
      warn: (message) => reject(new Error(message)),
    });
  });
}

function parsed(text: string): Dsn {
  const result = parseDsn(text);
  if (result.outcome === 'malformed') throw new Error(result.message);
  return result.dsn;
}

if (import.meta.main) {
  const [kind = 'check', failures = '5000', delay = '0', times = '1'] = process.argv.slice(2);
  for (let time = 0; time < Number(times); time += 1) {
    const drained = await drainBacklog({
      kind: kind === 'run' ? 'run' : 'check',
      failures: Number(failures),
      delay: Number(delay),
    });
    const rate = (ms: number): number => Math.round((Number(failures) * 1000) / ms);
    process.stdout.write(
      `stored ${rate(drained.storedMs)}/s, drained ${rate(drained.drainedMs)}/s (${Math.round(drained.drainedCpuMs)} ms of processor), ${drained.requests} requests, ${drained.events} events\n`,
    );
  }
}
