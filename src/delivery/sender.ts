import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../failure/messageOf.ts';
import { targetKey, type WaitingTarget } from '../store/outbox.ts';
import type { StoredFailure } from '../store/storedFailure.ts';
import type { Delivery, DeliveryTarget } from './delivery.ts';
import { toDelivery } from './deliveryOf.ts';
import { Lane } from './lane.ts';
import { type TargetKey, type Tried, type TryPorts, tryOnce } from './oneTry.ts';
import { Owed } from './owed.ts';
import { Receipts } from './receipts.ts';
import { pauseAfter } from './retry.ts';
import type { Claim, Report, SendQueue } from './sendQueue.ts';

/** Whether a target's key is at hand in this window. */
export type KeyResolution =
  | ({ readonly outcome: 'resolved' } & TargetKey)
  /** The rows are left alone; `reason` is shown with them. */
  | { readonly outcome: 'unavailable'; readonly reason: string };

/** What the sender needs of others. */
export interface SenderPorts extends TryPorts {
  readonly queue: SendQueue;
  resolveKey(target: DeliveryTarget): Promise<KeyResolution>;
  /** Deliveries whose state changed, and failures that became sent by it. */
  changed(deliveries: readonly Delivery[], failures: readonly StoredFailure[]): void;
  /** A fault of the state or of a port; sending goes on. */
  fault(error: unknown): void;
  /** A clock for durations, in ms. */
  elapsed(): number;
  /** In [0, 1). */
  random(): number;
}

/** ms between two looks at a target whose key is not at hand. */
const LOOK_AGAIN = 15_000;
/**
 * ms between two looks at the queue although nothing is known to be due: another window may have queued something, or
 * be gone and have left rows that it was sending.
 */
const IDLE_LOOK = 1_000;
/** ms between two looks for rows of windows that are gone. */
const LOST_LOOK = 500;
/** ms after which rows that another window's inbox did not take go to this one's. */
const STRAY = 30_000;
/** ms that finding a key may take; an interface that does not answer must not hold the other targets. */
const KEY_WITHIN = 10_000;
/** ms that requests under way get to finish on stop. */
const GRACE = 3_000;

/**
 * Sends what is due in the outbox: several requests at once, each target for itself, so that nothing waits behind a
 * target that is slow, limited or gone. The rules stand in `lane`, `afterTry`, `retry` and the channel; here are only
 * effects.
 */
export class Sender {
  readonly #ports: SenderPorts;
  /** Nothing begins any more. */
  readonly #halted = new AbortController();
  /** What is under way is broken off. */
  readonly #brokenOff = new AbortController();
  readonly #lanes = new Map<string, Lane>();
  readonly #serving = new Set<string>();
  readonly #notBefore = new Map<string, number>();
  readonly #work = new Set<Promise<void>>();
  readonly #receipts: Receipts;
  /** While something is owed to the state, nothing begins: its receipt might be lost too. */
  readonly #owed: Owed;
  #underWay = 0;
  #lostLookAt = 0;
  #lastFault: string | null = null;
  /** When the next round is due, by the clock for durations. */
  #roundAt = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
    this.#receipts = new Receipts((reports) => this.#settle(reports));
    this.#owed = new Owed({ fault: (error) => this.#fault(error), paid: () => this.#goOn() });
  }

  /** Looks at the queue now: something was queued, retried, or a DSN or setting changed. */
  wake(): void {
    this.#notBefore.clear();
    this.#lostLookAt = 0;
    this.#schedule(0);
  }

  /**
   * Nothing begins after this; what is under way gets `grace` ms to finish, then it is broken off and its rows are
   * due again. Resolves when all is written down.
   */
  async stop(grace: number = GRACE): Promise<void> {
    this.#halted.abort();
    clearTimeout(this.#timer);
    this.#giveBack((lane) => lane.unbegun());
    const timer = setTimeout(() => this.#brokenOff.abort(), grace);
    while (this.#work.size > 0) await Promise.allSettled(this.#work);
    clearTimeout(timer);
    this.#receipts.flush();
    for (const end = this.#ports.elapsed() + grace; this.#owed.any && this.#ports.elapsed() < end; ) await pause(100);
    this.#owed.close();
  }

  #schedule(delay: number): void {
    if (this.#halted.signal.aborted) return;
    const within = Math.min(Math.max(delay, 0), IDLE_LOOK);
    const at = this.#ports.elapsed() + within;
    if (at >= this.#roundAt) return; // else each request that ends would put off the round that claims the next rows
    clearTimeout(this.#timer);
    this.#roundAt = at;
    this.#timer = setTimeout(() => this.#round(), within);
  }

  #round(): void {
    const { queue, now } = this.#ports;
    this.#roundAt = Number.POSITIVE_INFINITY;
    let next = now() + IDLE_LOOK;
    if (this.#owed.any) return; // its end begins a round
    this.#giveBack((lane) => lane.overdue(now()));
    this.#guard(() => {
      this.#releaseLost();
      for (const target of queue.waitingTargets()) {
        const due = Math.max(target.dueAt, this.#notBefore.get(target.key) ?? 0);
        if (due > now()) next = Math.min(next, due);
        else this.#begin(target);
      }
      next = Math.min(next, queue.nextClaimEnd() ?? next);
    });
    this.#schedule(Math.max(next - now(), 20));
  }

  #releaseLost(): void {
    const { queue, now } = this.#ports;
    if (queue.nextClaimEnd() === null || Math.abs(now() - this.#lostLookAt) < LOST_LOOK) return;
    this.#lostLookAt = now();
    this.#tell(queue.releaseLost());
  }

  #giveBack(which: (lane: Lane) => readonly Claim[]): void {
    const claims = [...this.#lanes.values()].flatMap(which);
    if (claims.length > 0) this.#owed.write(() => this.#tell(this.#ports.queue.giveBack(claims)));
  }

  #begin(target: WaitingTarget): void {
    if (this.#serving.has(target.key) || this.#lane(target.key).wants() === 0) return; // looked at when one has ended
    this.#serving.add(target.key);
    this.#track(
      this.#serve(target)
        .catch((error) => {
          this.#notBefore.set(target.key, this.#ports.now() + IDLE_LOOK);
          this.#fault(error);
        })
        .finally(() => this.#serving.delete(target.key)),
    );
  }

  async #serve({ key, target }: WaitingTarget): Promise<void> {
    const { queue, now } = this.#ports;
    const resolution = await this.#keyInTime(target);
    if (this.#halted.signal.aborted) return;
    if (resolution.outcome === 'unavailable') {
      this.#notBefore.set(key, now() + LOOK_AGAIN);
      this.#tell(queue.explain(key, resolution.reason));
      return;
    }
    if (target.kind === 'inbox' && key !== targetKey(target, resolution.url)) return this.#stray(key, resolution.url);
    const lane = this.#lane(key);
    const claims = queue.claim(key, lane.wants());
    this.#tell(claims.map(({ row }) => toDelivery(row)));
    lane.take(claims, resolution, now());
    this.#fill(lane);
  }

  /** Rows for an inbox at another address: its own window sends them at once, if there is one. */
  #stray(key: string, url: string): void {
    const { queue, now } = this.#ports;
    const moved = queue.readdress(key, url, STRAY);
    this.#tell(moved.length > 0 ? moved : queue.explain(key, l10n.t('It was made for the inbox of another window.')));
    this.#notBefore.set(key, now() + LOOK_AGAIN);
    if (moved.length > 0) this.#schedule(0);
  }

  async #keyInTime(target: DeliveryTarget): Promise<KeyResolution> {
    const reason = l10n.t('The DSN could not be looked up in time; it is tried again.');
    const late: KeyResolution = { outcome: 'unavailable', reason };
    const found = new AbortController();
    const signal = AbortSignal.any([this.#halted.signal, found.signal]);
    try {
      return await Promise.race([
        this.#ports.resolveKey(target),
        pause(KEY_WITHIN, late, { signal }).catch(() => late),
      ]);
    } finally {
      found.abort(); // else the timer, and what listens for the halt, would stay
    }
  }

  /** Begins as many of the claimed rows as the target is to have at once. */
  #fill(lane: Lane): void {
    if (this.#halted.signal.aborted || this.#owed.any) return;
    const { now } = this.#ports;
    for (let next = lane.next(now()); next !== null; next = lane.next(now())) {
      // Else this process was stopped meanwhile: the row is given back with the next look.
      if (this.#ports.queue.holds(next.claim)) this.#track(this.#deliver(lane, next.claim, next.key));
    }
  }

  async #deliver(lane: Lane, claim: Claim, key: TargetKey): Promise<void> {
    const { now, elapsed, random } = this.#ports;
    const [at, began, single] = [now(), elapsed(), lane.begin()];
    this.#underWay += 1;
    const tried = await this.#try(claim, key);
    this.#underWay -= 1;
    lane.end();
    if (tried !== null) {
      this.#learn(lane, tried, single);
      const timing = { at, durationMs: elapsed() - began, now: now(), random: random() };
      this.#receipts.add({ claim, result: tried.result, timing }, this.#underWay > 0);
    }
    this.#fill(lane);
    if (lane.wants() > 0) this.#schedule(0);
  }

  /** null after a fault of the state or a port: without a receipt the claim ends by itself, and the row goes again. */
  async #try(claim: Claim, key: TargetKey): Promise<Tried | null> {
    try {
      const request = this.#ports.queue.requestOf(claim);
      if (request !== null) return await tryOnce(request, key, this.#ports, this.#brokenOff.signal);
      const words = l10n.t('Its request is not kept any more; send the failure anew.');
      return { result: { kind: 'impossible', words }, target: { kind: 'unknown' }, hold: null };
    } catch (error) {
      this.#fault(error);
      return null;
    }
  }

  /** What a try says of its target, for the rows that come next. */
  #learn(lane: Lane, { target, hold }: Tried, single: boolean): void {
    const { queue, now, random } = this.#ports;
    if (hold !== null) {
      lane.hold(hold.until);
      this.#owed.write(() => queue.hold(lane.key, hold.until, hold.reason));
    }
    if (target.kind === 'works') lane.works();
    if (target.kind !== 'fails') return;
    const failures = lane.fails(single);
    if (failures === 0) return;
    const until = now() + pauseAfter(failures, random());
    this.#owed.write(() => queue.pause(lane.key, until, target.words));
  }

  #settle(reports: readonly Report[]): void {
    this.#owed.write(() => {
      const { deliveries, failures } = this.#ports.queue.settle(reports);
      this.#lastFault = null;
      this.#tell(deliveries, failures);
    });
    this.#schedule(0);
  }

  /** What was owed is written. */
  #goOn(): void {
    for (const lane of this.#lanes.values()) this.#fill(lane);
    this.#schedule(0);
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key) ?? new Lane(key);
    this.#lanes.set(key, known);
    return known;
  }

  #tell(deliveries: readonly Delivery[], failures: readonly StoredFailure[] = []): void {
    if (deliveries.length > 0) this.#ports.changed(deliveries, failures);
  }

  /** Tells of a fault, but not again of the one that lasts: a locked state is met with every look. */
  #fault(error: unknown): void {
    const words = messageOf(error);
    if (words !== this.#lastFault) this.#ports.fault(error);
    this.#lastFault = words;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fault(error);
    }
  }

  #track(work: Promise<void>): void {
    this.#work.add(work);
    void work.finally(() => this.#work.delete(work));
  }
}
