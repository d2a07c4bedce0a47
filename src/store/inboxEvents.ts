import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import type { InboxEvent } from '../delivery/delivery.ts';
import type { JsonObject } from '../failure/json.ts';
import { type Database, openDatabase } from './database.ts';
import { INBOX_MIGRATIONS } from './migrations.ts';
import { json, row, rows } from './rows.ts';

/** An event to be kept, as it came. */
export interface NewInboxEvent extends Omit<InboxEvent, 'id'> {
  /** SHA-256 of the request, see `canonicalHash`. */
  readonly sha256: string;
  /** Without the one that carries the key. */
  readonly headers: readonly (readonly [string, string])[];
  /** The event's JSON text as received. */
  readonly json: string;
}

/** A kept event with all that came. */
export interface ReceivedEvent {
  readonly event: JsonObject;
  readonly headers: readonly (readonly [string, string])[];
  readonly sha256: string;
}

/** The newest events are kept, this many and together no larger than this (characters). */
const KEPT = 1_000;
const KEPT_SIZE = 200_000_000;

const eventRow = v.pipe(
  v.object({
    id: v.number(),
    received_at: v.number(),
    event_id: v.nullable(v.string()),
    title: v.string(),
    level: v.string(),
    sender: v.string(),
    run_id: v.nullable(v.string()),
    bytes: v.number(),
  }),
  v.transform(
    ({ received_at, event_id, run_id, ...rest }): InboxEvent => ({
      ...rest,
      receivedAt: received_at,
      eventId: event_id,
      runId: run_id,
    }),
  ),
);
const wholeRow = v.object({
  // It was checked to be a JSON object when it came.
  event: v.pipe(
    json,
    v.custom<JsonObject>((value) => typeof value === 'object' && value !== null),
  ),
  headers: v.pipe(json, v.array(v.tuple([v.string(), v.string()]))),
  sha256: v.string(),
});
const endpointRow = v.object({ key: v.string(), other_port: v.nullable(v.number()) });
const itemRow = v.object({ type: v.string(), count: v.number() });

/** What the inbox keeps over a restart: its key, its port, the events. One file for all instances and windows. */
export class InboxStore {
  readonly #db: Database;
  readonly #insert;
  readonly #list;
  readonly #one;
  readonly #clear;
  readonly #prune;
  readonly #endpoint;
  readonly #setPort;
  readonly #count;
  readonly #counts;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(`
      insert into events (received_at, event_id, title, level, sender, run_id, bytes, sha256, headers, size, event)
      values ($receivedAt, $eventId, $title, $level, $sender, $runId, $bytes, $sha256, $headers, $size, $event)`);
    this.#list = db.prepare(
      'select id, received_at, event_id, title, level, sender, run_id, bytes from events order by id desc limit ?',
    );
    this.#one = db.prepare('select event, headers, sha256 from events where id = ?');
    this.#clear = db.prepare('delete from events');
    this.#prune = db.prepare(`
      delete from events where id in (
        select id from (select id, row_number() over newest as place, sum(size) over newest as total
          from events window newest as (order by id desc))
        where place > ${KEPT} or total > ${KEPT_SIZE})`);
    this.#endpoint = db.prepare('select key, other_port from endpoint');
    this.#setPort = db.prepare('update endpoint set other_port = ?');
    this.#count = db.prepare(
      'insert into items (type, count) values (?, ?) on conflict (type) do update set count = count + excluded.count',
    );
    this.#counts = db.prepare('select type, count from items order by type');
    db.write('synced', () =>
      db
        .prepare('insert into endpoint (only, key) values (1, ?) on conflict do nothing')
        .run(randomBytes(16).toString('hex')),
    );
  }

  /** The key, made once; and the port used instead of the configured one when that was taken, null when never. */
  endpoint(): { readonly key: string; readonly otherPort: number | null } {
    const { key, other_port } = this.#db.read(() => row(endpointRow, this.#endpoint.get()));
    return { key, otherPort: other_port };
  }

  keepOtherPort(port: number): void {
    this.#db.write('synced', () => this.#setPort.run(port));
  }

  /** Keeps an event; the oldest go when there are more than 1,000. */
  add(event: NewInboxEvent): InboxEvent {
    const { sha256, headers, json: text, ...shown } = event;
    return this.#db.write('quick', () => {
      const columns = { sha256, headers: JSON.stringify(headers), size: text.length, event: text };
      const { lastInsertRowid } = this.#insert.run({ ...shown, ...columns });
      this.#prune.run();
      return { ...shown, id: Number(lastInsertRowid) };
    });
  }

  /** Newest first. */
  list(limit: number): InboxEvent[] {
    return this.#db.read(() => rows(eventRow, this.#list.all(limit)));
  }

  get(id: number): ReceivedEvent | null {
    return this.#db.read(() => {
      const found = this.#one.get(id);
      return found === undefined ? null : row(wholeRow, found);
    });
  }

  clear(): void {
    this.#db.write('synced', () => this.#clear.run());
  }

  /** Counts items that are taken but not listed, by their type. */
  count(types: ReadonlyMap<string, number>): void {
    this.#db.write('quick', () => {
      for (const [type, count] of types) this.#count.run(type, count);
    });
  }

  counts(): ReadonlyMap<string, number> {
    return this.#db.read(() => new Map(rows(itemRow, this.#counts.all()).map(({ type, count }) => [type, count])));
  }

  close(): void {
    this.#db.close();
  }
}

/** Opens `inbox.db` in the state folder. Throws StateStoreError when it cannot be used. */
export function openInboxStore(options: { readonly folder: string; readonly now: () => number }): {
  readonly store: InboxStore;
  readonly notes: readonly string[];
} {
  const file = path.join(options.folder, 'inbox.db');
  const { database, notes } = openDatabase(file, INBOX_MIGRATIONS, options.now);
  try {
    return { store: new InboxStore(database), notes };
  } catch (error) {
    database.close();
    throw error;
  }
}
