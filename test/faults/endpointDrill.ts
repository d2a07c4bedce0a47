import assert from 'node:assert/strict';
import { canonicalHash } from '../../src/channels/canonicalHash.ts';
import { type Dsn, parseDsn } from '../../src/channels/sentry/dsn.ts';
import { envelopeTarget, keyOf } from '../../src/channels/sentry/envelope.ts';
import { rateLimitUntil } from '../../src/channels/sentry/rateLimit.ts';
import { verdictOf } from '../../src/channels/sentry/verdict.ts';
import type { Delivery, DeliveryState } from '../../src/delivery/delivery.ts';
import { HttpClient } from '../../src/delivery/httpClient.ts';
import { Outbox } from '../../src/delivery/outbox.ts';
import { NO_PROXY_SET, type ProxySettings } from '../../src/delivery/proxy.ts';
import { Sender } from '../../src/delivery/sender.ts';
import { SendQueue } from '../../src/delivery/sendQueue.ts';
import type { NewOutboxRow, StateStore } from '../../src/store/stateStore.ts';
import { type Endpoint, openEndpoint, until } from '../delivery/endpoint.ts';
import { alertFor, checkFailure, found, openIn, requestTo, tempFolder } from '../store/samples.ts';

const KEY = '0123456789abcdef0123456789abcdef';

/** The real outbox, sender and HTTP client on a state of their own, with endpoints on real sockets. */
export class EndpointDrill {
  /** The endpoint that is faulty. */
  readonly endpoint: Endpoint;
  /** One that works: what it gets must not wait for the other. */
  readonly healthy: Endpoint;
  readonly store: StateStore;
  readonly outbox: Outbox;
  readonly faults: unknown[] = [];
  /** ms that the clock is ahead. */
  skew = 0;
  readonly #folder = tempFolder();
  readonly #dsns = new Map<string, Dsn>();
  readonly #client: HttpClient;
  readonly #sender: Sender;

  private constructor(endpoint: Endpoint, healthy: Endpoint, proxy: ProxySettings) {
    this.endpoint = endpoint;
    this.healthy = healthy;
    const now = (): number => this.now();
    this.store = openIn(this.#folder.path, { now, pass: () => undefined });
    this.outbox = new Outbox(this.store, { now });
    this.#client = new HttpClient({ proxy, env: {}, connectTimeout: 500, wholeTimeout: 600 });
    this.#sender = new Sender({
      queue: new SendQueue(this.store, { now }),
      client: () => this.#client,
      resolveKey: async (target) => {
        const dsn = this.#dsns.get(target.kind === 'sentry' ? target.dsn : '') ?? assert.fail('another target');
        return {
          outcome: 'resolved',
          ...keyOf(dsn),
        };
      },
      verdict: verdictOf,
      holdUntil: rateLimitUntil,
      changed: () => undefined,
      fault: (error) => this.faults.push(error),
      now,
      elapsed: () => performance.now(),
      random: Math.random,
    });
  }

  static async open(proxy: Partial<ProxySettings> = {}): Promise<EndpointDrill> {
    return new EndpointDrill(await openEndpoint(), await openEndpoint(), { ...NO_PROXY_SET, ...proxy });
  }

  async close(): Promise<void> {
    await this.#sender.stop(0);
    this.#client.close();
    await Promise.all([this.endpoint.close(), this.healthy.close()]);
    this.store.close();
    this.#folder.remove();
    assert.deepEqual(this.faults, []);
  }

  readonly now = (): number => Date.now() + this.skew;

  /** Queues the alert of check failure `n`, by default for the faulty endpoint, and looks at the queue. */
  send(n: number, origin = `http://127.0.0.1:${this.endpoint.port}`, change: Partial<NewOutboxRow> = {}): Delivery {
    const parsed = parseDsn(origin.replace('://', `://${KEY}@`).concat('/42'));
    const dsn = parsed.outcome === 'ok' ? parsed.dsn : assert.fail(parsed.message);
    this.#dsns.set(dsn.fingerprint, dsn);
    if (this.store.failures.find(checkFailure(n).id) === null) this.store.failures.add([found(checkFailure(n))]);
    const target = { kind: 'sentry', dsn: dsn.fingerprint, host: dsn.host, project: '42' } as const;
    const request = requestTo(envelopeTarget(dsn).url, `{"event_id":"${n}"}\n{"type":"event"}\n{"n":${n}}`);
    const alert = alertFor(checkFailure(n), { request, sha256: canonicalHash(request), target, ...change });
    const delivery = this.outbox.enqueue(alert);
    this.wake();
    return delivery;
  }

  sendHealthy(n: number): Delivery {
    return this.send(n, `http://127.0.0.1:${this.healthy.port}`);
  }

  wake(): void {
    this.#sender.wake();
  }

  stateOf({ id }: Delivery): DeliveryState {
    return this.outbox.get(id)?.state ?? assert.fail(`delivery ${id} is gone`);
  }

  becomes(delivery: Delivery, kind: DeliveryState['kind']): Promise<void> {
    return until(`delivery ${delivery.id} is ${kind}`, () => this.stateOf(delivery).kind === kind);
  }

  /** Waits for a try that did not succeed; answers ms from now until the next and the words shown. */
  async held(delivery: Delivery): Promise<{ readonly wait: number; readonly words: string }> {
    const state = (): DeliveryState => this.stateOf(delivery);
    await until(`delivery ${delivery.id} waits`, () => {
      const now = state();
      return now.kind === 'waiting' && now.reason !== null && (now.until ?? 0) > this.now();
    });
    const now = state();
    return now.kind === 'waiting' ? { wait: (now.until ?? 0) - this.now(), words: now.reason ?? '' } : assert.fail();
  }

  statusOf(n: number): string | undefined {
    return this.store.failures.find(checkFailure(n).id)?.status;
  }
}
