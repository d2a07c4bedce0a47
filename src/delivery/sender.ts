import type { EndpointAnswer, Verdict } from '../channels/channel.ts';
import type { CanonicalRequest } from '../channels/request.ts';
import { messageOf } from '../failure/messageOf.ts';
import { targetKey, type WaitingTarget } from '../store/outbox.ts';
import type { AttemptResult } from './attempt.ts';
import type { Delivery, DeliveryTarget } from './delivery.ts';
import type { HttpClient } from './httpClient.ts';
import { type Claim, type Outbox, type Report, toDelivery } from './outbox.ts';

/** Whether a target's key is at hand in this window. */
export type KeyResolution =
  | {
      readonly outcome: 'resolved';
      /** The address that the key is for. */
      readonly url: string;
      /** The headers that go to the socket, the key among them. Throws when the request is for another target. */
      readonly authorize: (request: CanonicalRequest) => CanonicalRequest['headers'];
      /** Hides the key in words of the endpoint that repeat it. */
      readonly mask: (text: string) => string;
    }
  /** The rows are left alone; `reason` is shown with them. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** What the sender needs of others. */
export interface SenderPorts {
  readonly outbox: Outbox;
  /** The client of the moment; another one after the proxy settings changed. */
  client(): Pick<HttpClient, 'send'>;
  resolveKey(target: DeliveryTarget): Promise<KeyResolution>;
  /** The channel's reading of an answer. */
  verdict(answer: EndpointAnswer, now: number): Verdict;
  /** Until when the endpoint wants no more, whatever it answered (ms since 1970); null when it does not say. */
  holdUntil(answer: EndpointAnswer, now: number): number | null;
  /** Deliveries whose state changed. */
  changed(deliveries: readonly Delivery[]): void;
  /** A fault of the state or of a port; sending goes on. */
  fault(error: unknown): void;
  /** ms since 1970. */
  now(): number;
  /** A clock for durations, in ms. */
  elapsed(): number;
  /** In [0, 1). */
  random(): number;
}

/** Requests under way to one target; to one that fails at the moment, a single one tries whether it is back. */
const PARALLEL = 8;
/** ms between two looks at a target whose key is not at hand. */
const LOOK_AGAIN = 15_000;
/**
 * ms between two looks at the queue although nothing is known to be due: another window may have queued something, or
 * be gone and have left rows that it was sending.
 */
const IDLE_LOOK = 1_000;
/** ms after which rows that another window's inbox did not take go to this one's. */
const STRAY = 30_000;
/** ms that finding a key may take; an interface that does not answer must not hold the other targets. */
const KEY_WITHIN = 10_000;
/** ms that requests under way get to finish on stop. */
const GRACE = 3_000;

/**
 * Sends what is due in the outbox: several requests at once, each target for itself, so that nothing waits behind a
 * target that is slow, limited or gone. The rules stand in `attempt`, `retry` and the channel; here are only effects.
 */
export class Sender {
  readonly #ports: SenderPorts;
  /** Nothing begins any more. */
  readonly #halted = new AbortController();
  /** What is under way is broken off. */
  readonly #brokenOff = new AbortController();
  /** Requests under way, by target. */
  readonly #underWay = new Map<string, number>();
  readonly #failing = new Set<string>();
  readonly #serving = new Set<string>();
  readonly #notBefore = new Map<string, number>();
  readonly #work = new Set<Promise<void>>();
  readonly #reports: Report[] = [];
  #recorded: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  /** Looks at the queue now: something was queued, retried, or a DSN or setting changed. */
  wake(): void {
    this.#notBefore.clear();
    this.#schedule(0);
  }

  /**
   * Nothing begins after this; what is under way gets `grace` ms to finish, then it is broken off and its rows are
   * due again. Resolves when all is written down.
   */
  async stop(grace: number = GRACE): Promise<void> {
    this.#halted.abort();
    clearTimeout(this.#timer);
    const timer = setTimeout(() => this.#brokenOff.abort(), grace);
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
    clearTimeout(timer);
  }

  #schedule(delay: number): void {
    if (this.#halted.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#round(), Math.min(Math.max(delay, 0), IDLE_LOOK));
  }

  #round(): void {
    const { outbox, now } = this.#ports;
    let next = now() + IDLE_LOOK;
    try {
      if (outbox.nextClaimEnd() !== null) this.#tell(outbox.releaseLost());
      for (const target of outbox.waitingTargets()) {
        const due = Math.max(target.dueAt, this.#notBefore.get(target.key) ?? 0);
        if (due > now()) next = Math.min(next, due);
        else this.#begin(target);
      }
      next = Math.min(next, outbox.nextClaimEnd() ?? next);
    } catch (error) {
      this.#ports.fault(error);
    }
    this.#schedule(Math.max(next - now(), 20));
  }

  #begin(target: WaitingTarget): void {
    if (this.#serving.has(target.key) || this.#room(target.key) <= 0) return; // looked at again when one has ended
    this.#serving.add(target.key);
    this.#track(
      this.#serve(target)
        .catch((error) => {
          this.#notBefore.set(target.key, this.#ports.now() + IDLE_LOOK);
          this.#ports.fault(error);
        })
        .finally(() => this.#serving.delete(target.key)),
    );
  }

  async #serve({ key, target }: WaitingTarget): Promise<void> {
    const { outbox, now } = this.#ports;
    const resolution = await this.#keyInTime(target);
    if (this.#halted.signal.aborted) return;
    if (resolution.outcome === 'unavailable') {
      this.#notBefore.set(key, now() + LOOK_AGAIN);
      this.#tell(outbox.explain(key, resolution.reason));
      return;
    }
    if (target.kind === 'inbox' && key !== targetKey(target, resolution.url)) return this.#stray(key, resolution.url);
    const claims = outbox.claim(key, this.#room(key));
    this.#tell(claims.map(({ row }) => toDelivery(row)));
    for (const claim of claims) this.#track(this.#deliver(key, claim, resolution));
  }

  /** Rows for an inbox at another address: its own window sends them at once, if there is one. */
  #stray(key: string, url: string): void {
    const { outbox, now } = this.#ports;
    const moved = outbox.readdress(key, url, STRAY);
    this.#tell(moved.length > 0 ? moved : outbox.explain(key, 'It was made for the inbox of another window.'));
    this.#notBefore.set(key, now() + LOOK_AGAIN);
    if (moved.length > 0) this.#schedule(0);
  }

  async #keyInTime(target: DeliveryTarget): Promise<KeyResolution> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<KeyResolution>((resolve) => {
      const reason = 'The DSN could not be looked up in time; it is tried again.';
      const giveUp = (): void => resolve({ outcome: 'unavailable', reason });
      timer = setTimeout(giveUp, KEY_WITHIN);
      this.#halted.signal.addEventListener('abort', giveUp, { once: true });
    });
    try {
      return await Promise.race([this.#ports.resolveKey(target), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #deliver(key: string, claim: Claim, resolution: KeyResolution & { outcome: 'resolved' }): Promise<void> {
    const { outbox, now, elapsed, random } = this.#ports;
    if (!outbox.holds(claim)) return; // this process was stopped meanwhile: the row is given back with the next look
    this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
    const at = now();
    const began = elapsed();
    try {
      const result = await this.#send(key, claim, resolution);
      const timing = { at, durationMs: elapsed() - began, now: now(), random: random() };
      await this.#record({ claim, result, timing });
    } catch (error) {
      this.#ports.fault(error); // without a receipt the claim ends by itself, and the row goes again
    } finally {
      this.#underWay.set(key, (this.#underWay.get(key) ?? 1) - 1);
      this.#schedule(0);
    }
  }

  async #send(key: string, { request }: Claim, key_: KeyResolution & { outcome: 'resolved' }): Promise<AttemptResult> {
    const { client, verdict, holdUntil, now, outbox } = this.#ports;
    let headers: CanonicalRequest['headers'];
    try {
      headers = key_.authorize(request);
    } catch (error) {
      return { kind: 'impossible', words: messageOf(error) };
    }
    const sent = await client().send({ ...request, headers }, this.#brokenOff.signal);
    switch (sent.outcome) {
      case 'aborted':
        return { kind: 'stopped', mayHaveArrived: sent.mayHaveArrived };
      case 'no-answer':
        this.#failing.add(key);
        return { kind: 'no-answer', words: sent.words, mayHaveArrived: sent.mayHaveArrived };
      case 'answered': {
        const answer = { ...sent.answer, body: key_.mask(sent.answer.body) };
        const meaning = verdict(answer, now());
        const later = meaning.kind === 'later';
        if (later) this.#failing.add(key);
        else this.#failing.delete(key);
        const until = Math.max(holdUntil(answer, now()) ?? 0, (later ? meaning.notBefore : null) ?? 0);
        if (until > now()) outbox.hold(key, until, later ? meaning.reason : 'The endpoint asked for a pause.');
        return { kind: 'answered', status: answer.status, verdict: meaning };
      }
    }
  }

  /** Writes reports that come in one turn together: some ms of waiting for the disk instead of that for each. */
  #record(report: Report): Promise<void> {
    this.#reports.push(report);
    this.#recorded ??= new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        const reports = this.#reports.splice(0);
        this.#recorded = null;
        try {
          this.#tell(this.#ports.outbox.settle(reports));
          resolve();
        } catch (error) {
          reject(error);
        }
      });
    });
    return this.#recorded;
  }

  #room(key: string): number {
    return (this.#failing.has(key) ? 1 : PARALLEL) - (this.#underWay.get(key) ?? 0);
  }

  #tell(deliveries: readonly Delivery[]): void {
    if (deliveries.length > 0) this.#ports.changed(deliveries);
  }

  #track(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }
}
