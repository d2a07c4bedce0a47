import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import type { EventLogCursor } from '../dagster/eventLog.ts';
import type { InstanceId } from '../failure/ids.ts';
import { NAMED_OF_TICK, type SensorName } from '../sensors/tick.ts';
import { adopt } from './adopt.ts';
import { Claims } from './claims.ts';
import { Confirmations } from './confirmations.ts';
import { Cursors, type SensorState } from './cursors.ts';
import { type Database, openDatabase } from './database.ts';
import { FailureLists } from './failureLists.ts';
import { Failures } from './failures.ts';
import { Holds } from './holds.ts';
import { Lease } from './lease.ts';
import { NewsReader } from './news.ts';
import { OutboxTable } from './outbox.ts';
import { Presence } from './presence.ts';
import { Retention } from './retention.ts';
import { flag, row } from './rows.ts';
import { STATE_MIGRATIONS } from './schema.ts';
import type { TickCommit, TickCommitted } from './tickCommit.ts';
import { Ticks } from './ticks.ts';
import { TickWishes } from './tickWishes.ts';
import { Tries } from './tries.ts';

export type { FailureQuery } from './failureLists.ts';
export type { FailureFilter, FailureGrouping, FailureSelection, FailureStatus } from './failureQuery.ts';
export type { NewOutboxRow } from './outbox.ts';
export { StateStoreError } from './stateStoreError.ts';
export type { NewFailure, StoredFailure } from './storedFailure.ts';
export type { TickCommit, TickCommitted } from './tickCommit.ts';

/** ms between two prunings of a store that is open for long. */
const PRUNE_EVERY = 3_600_000;

const historyRow = v.object({ history_listed: flag });
const instanceRow = v.object({ id: v.string(), met_at: v.number() });

/** The state of one instance: one SQLite file, shared by all windows that follow the instance. */
export class StateStore {
  readonly failures: Failures;
  readonly failureLists: FailureLists;
  readonly ticks: Ticks;
  readonly outbox: OutboxTable;
  readonly claims: Claims;
  readonly tries: Tries;
  readonly holds: Holds;
  readonly confirmations: Confirmations;
  readonly presence: Presence;
  readonly lease: Lease;
  readonly tickWishes: TickWishes;
  readonly news: NewsReader;
  readonly #cursors: Cursors;
  readonly #retention: Retention;
  readonly #db: Database;
  readonly #now: () => number;
  readonly #metAt: number;
  #prunedAt = 0;

  constructor(db: Database, instance: InstanceId, now: () => number) {
    this.#db = db;
    this.#now = now;
    this.failures = new Failures(db, now);
    this.failureLists = new FailureLists(db);
    this.ticks = new Ticks(db);
    this.outbox = new OutboxTable(db, now);
    this.tries = new Tries(db);
    this.claims = new Claims(db, now, this.outbox, this.tries);
    this.holds = new Holds(db);
    this.confirmations = new Confirmations(db);
    this.presence = new Presence(db.file, now);
    this.lease = new Lease(db, this.presence);
    this.#cursors = new Cursors(db);
    this.#retention = new Retention(db);
    this.tickWishes = new TickWishes(db);
    this.#metAt = meet(db, instance, now());
    this.news = new NewsReader(db);
  }

  get file(): string {
    return this.#db.file;
  }

  /** When Firedrill first met this instance, ms since 1970. */
  since(): number {
    return this.#metAt;
  }

  cursor(sensor: SensorName): SensorState {
    return this.#cursors.get(sensor);
  }

  /** First contact: sets the cursor of a sensor that has none yet. */
  beginAt(sensor: SensorName, cursor: EventLogCursor): void {
    this.#cursors.begin(sensor, cursor);
  }

  /** Sets the cursor whatever it was, as a person wishes. */
  setCursor(sensor: SensorName, cursor: EventLogCursor): void {
    this.#cursors.set(sensor, cursor);
  }

  /** Whether what the instance recorded before Firedrill met it is listed, all of it. */
  isHistoryListed(): boolean {
    return this.#db.read(() => row(historyRow, this.#db.prepare('select history_listed from instance').get()))
      .history_listed;
  }

  historyListed(): void {
    this.#db.write('quick', () => this.#db.prepare('update instance set history_listed = 1').run());
  }

  setRunning(sensor: SensorName, running: boolean): void {
    this.#cursors.setRunning(sensor, running);
  }

  /**
   * Stores one page of a tick in one transaction: failures that are news to the sensor, their outbox rows, the cursor and
   * the tick, or nothing at all. The stored cursor must be the one the page was read from, else it was moved meanwhile
   * (before first contact, when none is stored, any will do), and the lease must be the one the tick began under.
   */
  commitTick(page: TickCommit): TickCommitted {
    return this.#db.write('quick', (): TickCommitted => {
      if (this.lease.holder().epoch !== page.epoch) return { outcome: 'fenced' };
      const { cursor } = this.#cursors.get(page.sensor);
      if (cursor !== null && cursor !== page.cursorBefore) return { outcome: 'cursor-moved' };
      const { epoch, cursorBefore, cursorAfter, found, passed, outbox, ...rest } = page;
      if (cursorAfter !== null && cursorAfter !== cursor) this.#cursors.move(page.sensor, cursorAfter);
      const isNew = found.filter((each) => this.failures.isNews(each));
      const names = new Map(isNew.map(({ failure, name }) => [failure.id, name]));
      const firstFound = [...names.values()].slice(0, NAMED_OF_TICK);
      const tick = this.ticks.store({ ...rest, failuresFound: names.size, firstFound });
      const added = this.failures.add(isNew, tick.id);
      const ids = new Set(added.map(({ id }) => id));
      const alerts = outbox.filter((alert) => ids.has(alert.failureId));
      const queued = alerts.map((alert) => this.outbox.insert(alert));
      const waiting = new Set(alerts.map(({ failureId }) => failureId));
      return {
        outcome: 'committed',
        tick,
        added: added.map((each) => (waiting.has(each.id) ? { ...each, delivery: 'waiting' } : each)),
        passed: this.failures.markPassed(passed),
        queued,
      };
    });
  }

  /** Takes over the test failures, deliveries and receipts of another state, whose store must be closed. */
  adopt(otherFile: string): void {
    adopt(this.#db, otherFile);
  }

  /** Runs several changes as one transaction that is on disk when it returns. */
  decide<T>(work: () => T): T {
    return this.#db.write('synced', work);
  }

  /** Changes when another window has written to this state, never by own writes. */
  dataVersion(): number {
    return this.#db.dataVersion();
  }

  close(): void {
    this.presence.close();
    this.#db.close();
  }

  /** Once an hour: forgets what is old, and keeps tables to their limits. Whether failures or deliveries went. */
  pruneNowAndThen(): boolean {
    const now = this.#now();
    if (now - this.#prunedAt < PRUNE_EVERY) return false;
    this.#prunedAt = now;
    this.ticks.prune(now);
    this.news.prune();
    const dropped = this.outbox.prune();
    return this.#retention.prune(now) || dropped;
  }
}

function meet(db: Database, instance: InstanceId, now: number): number {
  return db.write('synced', () => {
    db.prepare('insert into instance (only, id, met_at) values (1, ?, ?) on conflict do nothing').run(instance, now);
    return row(instanceRow, db.prepare('select id, met_at from instance').get()).met_at;
  });
}

/**
 * Opens the state of an instance in `folder`, which is made when missing. `notes` are for the user, e.g. that a
 * damaged file was set aside. Throws StateStoreError when the state cannot be used.
 */
export function openStateStore(options: {
  readonly folder: string;
  readonly instance: InstanceId;
  /** ms since 1970. */
  readonly now: () => number;
}): { readonly store: StateStore; readonly notes: readonly string[] } {
  const { folder, instance, now } = options;
  const { database, notes } = openDatabase(fileOf(folder, instance), STATE_MIGRATIONS, now);
  try {
    return { store: new StateStore(database, instance, now), notes };
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Whether there is state of this instance. */
export const hasState = (folder: string, instance: InstanceId): boolean => existsSync(fileOf(folder, instance));

const fileOf = (folder: string, instance: InstanceId): string => path.join(folder, `${fileName(instance)}.db`);

/** An instance's id comes from a database that Firedrill did not write: only a harmless one becomes a file's name. */
function fileName(instance: InstanceId): string {
  if (/^[0-9a-f][0-9a-f-]{7,63}$/.test(instance)) return `state-${instance}`;
  return `state-${createHash('sha256').update(instance).digest('hex').slice(0, 32)}`;
}
