import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import { parseDsn } from '../../src/channels/sentry/dsn.ts';
import { envelopeTarget, keyOf } from '../../src/channels/sentry/envelope.ts';
import { rateLimitUntil } from '../../src/channels/sentry/rateLimit.ts';
import { verdictOf } from '../../src/channels/sentry/verdict.ts';
import type { Delivery, DeliveryState, DeliveryTarget } from '../../src/delivery/delivery.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import { type KeyResolution, Sender, type SenderPorts } from '../../src/delivery/sender.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import type { NewOutboxRow, StateStore } from '../../src/store/stateStore.ts';
import { alertFor, checkFailure, openIn, requestTo, tempFolder } from '../store/samples.ts';
import { type Endpoint, openEndpoint, until } from './endpoint.ts';

export const KEY = '0123456789abcdef0123456789abcdef';
export const DIRECT = { proxy: NO_PROXY_SET, env: {} };

export function dsnOf(port: number) {
  const parsed = parseDsn(`http://${KEY}@127.0.0.1:${port}/42`);
  return parsed.outcome === 'ok' ? parsed.dsn : assert.fail(parsed.message);
}

export const targetOf = (port: number): DeliveryTarget => ({
  kind: 'sentry',
  dsn: dsnOf(port).fingerprint,
  host: `127.0.0.1:${port}`,
  project: '42',
});

/** A sender on a state of its own, and endpoints for it on real sockets. Close it when done. */
export class Sending {
  readonly folder = tempFolder();
  /** How far a test has set the real clock ahead, in ms. */
  skew = 0;
  readonly now = (): number => Date.now() + this.skew;
  readonly store: StateStore = openIn(this.folder.path, { now: this.now, pass: () => undefined });
  readonly outbox = new Outbox(this.store, { now: this.now });
  readonly sendQueue = new SendQueue(this.store, { now: this.now });
  client = new HttpClient({ ...DIRECT, connectTimeout: 500, wholeTimeout: 600 });
  resolveKey: SenderPorts['resolveKey'] = async (target) => this.resolved(target);
  /** What the sender told of, in order. */
  readonly changes: Delivery[] = [];
  readonly faults: unknown[] = [];
  readonly endpoint: Endpoint;
  readonly #endpoints: Endpoint[];
  #sender: Sender | null = null;

  private constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
    this.#endpoints = [endpoint];
  }

  static async open(): Promise<Sending> {
    return new Sending(await openEndpoint());
  }

  async close(): Promise<void> {
    await this.#sender?.stop(0);
    this.client.close();
    await Promise.all(this.#endpoints.map((each) => each.close()));
    this.store.close();
    this.folder.remove();
  }

  /** The state's database, opened beside the product. Close it when done. */
  openState(): DatabaseSync {
    const file = readdirSync(this.folder.path).find((name) => name.endsWith('.db')) ?? assert.fail();
    return new DatabaseSync(path.join(this.folder.path, file));
  }

  /** One more endpoint. */
  async openOne(): Promise<Endpoint> {
    const opened = await openEndpoint();
    this.#endpoints.push(opened);
    return opened;
  }

  /** The key of the DSN that a target's port stands for. */
  resolved(target: DeliveryTarget): KeyResolution {
    const port = target.kind === 'sentry' ? Number(target.host.split(':')[1]) : this.endpoint.port;
    return { outcome: 'resolved', ...keyOf(dsnOf(port)) };
  }

  start(change: Partial<SenderPorts> = {}): Sender {
    this.#sender = new Sender({
      queue: this.sendQueue,
      client: () => this.client,
      resolveKey: (target) => this.resolveKey(target),
      verdict: verdictOf,
      holdUntil: rateLimitUntil,
      changed: (deliveries) => this.changes.push(...deliveries),
      fault: (error) => this.faults.push(error),
      now: this.now,
      elapsed: () => performance.now(),
      random: () => 0,
      ...change,
    });
    this.#sender.wake();
    return this.#sender;
  }

  /** Queues an alert of check failure `n` for an endpoint's port. */
  queue(n: number, port = this.endpoint.port, change: Partial<NewOutboxRow> = {}): Delivery {
    const request = requestTo(envelopeTarget(dsnOf(port)).url, `{"event_id":"${n}"}\n{"type":"event"}\n{"n":${n}}`);
    return this.outbox.enqueue(
      alertFor(checkFailure(n), { request, sha256: canonicalHash(request), target: targetOf(port), ...change }),
    );
  }

  stateOf({ id }: Delivery): DeliveryState | undefined {
    return this.outbox.get(id)?.state;
  }

  becomes(delivery: Delivery, kind: DeliveryState['kind']): Promise<void> {
    return until(`delivery ${delivery.id} is ${kind}`, () => this.stateOf(delivery)?.kind === kind);
  }

  reasonOf(delivery: Delivery): string {
    const state = this.stateOf(delivery);
    return state !== undefined && 'reason' in state ? (state.reason ?? '') : '';
  }

  /** Until the next try, in ms; 0 where none is set. */
  waitOf(delivery: Delivery): number {
    const state = this.stateOf(delivery);
    return state?.kind === 'waiting' ? (state.until ?? 0) - this.now() : 0;
  }

  /** The numbers of the alerts that the endpoint got, in order. */
  numbers(): number[] {
    return this.endpoint.received.map(({ body }) => Number(/"n":(\d+)/.exec(body.toString())?.[1]));
  }
}
