import path from 'node:path';
import { type EventLog, EventLogError } from '../dagster/eventLog.ts';
import type { DagsterInstance, Discovery } from '../dagster/instance.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { InstanceStatus } from './api.ts';

/** ms between looks for an instance while none is followed. */
const SEARCH_EVERY = 2_000;
/** ms between looks whether a followed instance's webserver and code locations are still the same. */
const REFRESH_EVERY = 30_000;

export interface FollowerPorts {
  discover(signal: AbortSignal): Promise<Discovery>;
  open(instance: DagsterInstance): Promise<EventLog>;
  /** An instance is followed from now on; answers when Firedrill first met it (ms since 1970). `signal`: not wanted any more. */
  attach(instance: DagsterInstance, log: EventLog, signal: AbortSignal): Promise<number>;
  /** The followed instance cannot be read any more; the follower closes its log afterwards. */
  detach(): Promise<void>;
  /** The followed instance was found again by a later look, perhaps with another webserver. */
  refreshed(instance: DagsterInstance): Promise<void>;
  onStatus(): void;
  warn(message: string): void;
}

/** Finds the instance, follows it, notices its loss and finds it again. One look runs at a time. */
export class InstanceFollower {
  readonly #ports: FollowerPorts;
  #status: InstanceStatus = { state: 'searching' };
  #followed: { readonly instance: DagsterInstance; readonly log: EventLog } | null = null;
  /** What keeps the followed instance's log from being read, or what it tells from being stored, now. */
  #hindrances: readonly string[] = [];
  /** The end of what is under way or queued. */
  #turn: Promise<void> = Promise.resolve();
  /** A look that has not begun yet. */
  #queuedLook: Promise<void> | null = null;
  #timer: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();

  constructor(ports: FollowerPorts) {
    this.#ports = ports;
  }

  get status(): InstanceStatus {
    return this.#status;
  }

  /** Looks in its turn, and resolves when that look has ended. Calls before it begins share it. */
  search(): Promise<void> {
    this.#queuedLook ??= this.#inTurn(async () => {
      this.#queuedLook = null;
      clearTimeout(this.#timer);
      await this.#look();
      if (this.#stopping.signal.aborted) return;
      this.#timer = setTimeout(() => void this.search(), this.#followed ? REFRESH_EVERY : SEARCH_EVERY);
    });
    return this.#queuedLook;
  }

  /** The event log failed: an instance that is gone, replaced or no database any more is given up and looked for again. */
  async onFault(error: unknown): Promise<void> {
    const followed = this.#followed;
    if (!followed || !(error instanceof EventLogError)) return;
    await this.#inTurn(async () => {
      if (this.#followed?.log !== followed.log) return; // given up already
      await this.#lose(followed.instance.home, error.message);
    });
    await this.search();
  }

  /** What keeps its sensors from their work now: stands before its warnings until it is none. */
  onHindered(messages: readonly string[]): void {
    this.#hindrances = messages;
    if (this.#followed) this.#showWarnings(this.#followed.instance);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#inTurn(() => this.#giveUp(), true);
  }

  /** One thing at a time: two looks side by side would attach an instance twice. After `stop` only its own is done. */
  #inTurn(work: () => Promise<void>, last = false): Promise<void> {
    const turn = this.#turn.then(() => (last || !this.#stopping.signal.aborted ? work() : undefined));
    this.#turn = turn.catch(() => undefined); // the caller is told; the next turn comes all the same
    return turn;
  }

  async #look(): Promise<void> {
    let found: Discovery;
    try {
      found = await this.#ports.discover(this.#stopping.signal);
    } catch (error) {
      if (!this.#stopping.signal.aborted)
        this.#ports.warn(`Looking for a Dagster instance failed: ${messageOf(error)}`);
      return;
    }
    if (this.#stopping.signal.aborted) return;
    switch (found.state) {
      case 'found':
        return this.#follow(found.instance);
      case 'unconfirmed':
        await this.#giveUp();
        return this.#setStatus(found);
      case 'unusable':
        if (this.#followed?.instance.home === found.home) return this.#lose(found.home, found.message);
        await this.#giveUp();
        // A followed home that went away stays lost until it is back: it is the same place, and its failures stay listed.
        if (this.#status.state === 'lost' && this.#status.home === found.home) return;
        return this.#setStatus({ state: 'unusable', home: found.home, message: found.message });
      case 'none':
        if (this.#followed) await this.#giveUp();
        if (this.#status.state !== 'lost') this.#setStatus({ state: 'none', looked: found.looked });
        return;
    }
  }

  async #follow(instance: DagsterInstance): Promise<void> {
    const followed = this.#followed;
    if (followed && followed.instance.id === instance.id && followed.instance.home === instance.home) {
      this.#followed = { ...followed, instance };
      await this.#ports.refreshed(instance); // before it is told: who hears of a webserver asks what it has told
      if (this.#status.state === 'following') {
        this.#setStatus({ ...this.#status, webserverUrl: instance.webserverUrl, foundBy: instance.foundBy });
        this.#showWarnings(instance);
      }
      return;
    }
    await this.#giveUp();
    let log: EventLog | undefined;
    try {
      log = await this.#ports.open(instance);
      const since = await this.#ports.attach(instance, log, this.#stopping.signal);
      this.#followed = { instance, log };
      this.#setStatus({
        state: 'following',
        home: instance.home,
        name: instanceName(instance.home),
        foundBy: instance.foundBy,
        webserverUrl: instance.webserverUrl,
        since,
        warnings: instance.warnings,
      });
    } catch (error) {
      log?.close();
      if (this.#status.state !== 'lost') {
        this.#setStatus({ state: 'unusable', home: instance.home, message: messageOf(error) });
      }
    }
  }

  /** What was followed cannot be read any more; `message` says why. */
  async #lose(home: string, message: string): Promise<void> {
    await this.#giveUp();
    this.#setStatus({ state: 'lost', home, name: instanceName(home), message, since: Date.now() });
  }

  async #giveUp(): Promise<void> {
    const followed = this.#followed;
    if (!followed) return;
    this.#followed = null;
    this.#hindrances = [];
    await this.#ports.detach();
    followed.log.close();
  }

  #showWarnings({ warnings }: DagsterInstance): void {
    if (this.#status.state !== 'following') return;
    this.#setStatus({ ...this.#status, warnings: [...this.#hindrances, ...warnings] });
  }

  #setStatus(status: InstanceStatus): void {
    const before = JSON.stringify(this.#status);
    this.#status = status;
    if (JSON.stringify(status) !== before) this.#ports.onStatus();
  }
}

/** The last part of the path that tells one home from another: `acme` for `acme/.dagster_home` or `acme/dagster_home`. */
export function instanceName(home: string): string {
  const base = path.basename(home);
  return /^\.?(dagster|dagster[_-]home|home)$/i.test(base) || base.startsWith('.tmp_dagster_home_')
    ? path.basename(path.dirname(home)) || base
    : base || home;
}
