import { randomBytes } from 'node:crypto';
import path from 'node:path';
import * as v from 'valibot';
import type { InboxEvent } from '../delivery/delivery.ts';
import { type Database, openDatabase } from './database.ts';
import { COLUMNS, eventJson, eventRow, type NewInboxEvent, type ReceivedEvent, wholeRow } from './inboxRow.ts';
import { row, rows } from './rows.ts';
import { INBOX_MIGRATIONS } from './schema.ts';

export type { EnvelopeLine, NewInboxEvent, ReceivedEvent } from './inboxRow.ts';

/** The newest events are kept, at most this many and together no larger than this (characters). */
export const KEPT = 1_000;
const KEPT_SIZE = 200_000_000;

const endpointRow = v.object({ key: v.string(), other_port: v.nullable(v.number()) });
const sizeRow = v.object({ n: v.number() });

/** What the inbox keeps over a restart: its key, its port, the events. One file for all instances and windows. */
export class InboxStore {
  readonly #db: Database;
  readonly #insert;
  readonly #list;
  readonly #row;
  readonly #whole;
  readonly #size;
  readonly #issue;
  readonly #clear;
  readonly #prune;
  readonly #endpoint;
  readonly #setPort;

  constructor(db: Database) {
    this.#db = db;
    this.#insert = db.prepare(`
      insert into events (received_at, event_id, title, level, sender, run_id, partition, grouping_key, bytes, sha256, url, headers,
        content_bytes, envelope, size, event)
      values ($receivedAt, $eventId, $title, $level, $sender, $runId, $partition, $groupingKey, $bytes, $sha256, $url, $headers,
        $contentBytes, $envelope, $size, $event)`);
    this.#list = db.prepare(`select ${COLUMNS} from events where id > ? order by id desc limit ?`);
    this.#row = db.prepare(`select ${COLUMNS} from events where id = ?`);
    this.#whole = db.prepare('select event, url, headers, content_bytes, envelope, sha256 from events where id = ?');
    this.#size = db.prepare('select count(*) as n from events');
    this.#issue = db.prepare('select count(*) as n from events where grouping_key = ?');
    this.#clear = db.prepare('delete from events');
    this.#prune = db.prepare(`
      delete from events where id in (
        select id from (select id, row_number() over newest as place, sum(size) over newest as total
          from events window newest as (order by id desc))
        where place > ${KEPT} or total > ${KEPT_SIZE})`);
    this.#endpoint = db.prepare('select key, other_port from endpoint');
    this.#setPort = db.prepare('update endpoint set other_port = ?');
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
    const { sha256, url, headers, contentBytes, envelope, json: text, ...shown } = event;
    return this.#db.write('quick', () => {
      const lines = JSON.stringify(envelope);
      const columns = {
        sha256,
        url,
        headers: JSON.stringify(headers),
        contentBytes,
        envelope: lines,
        size: text.length + lines.length,
        event: text,
      };
      const { lastInsertRowid } = this.#insert.run({ ...shown, ...columns });
      this.#prune.run();
      return { ...shown, id: Number(lastInsertRowid) };
    });
  }

  /** Newest first; `after`: only those with a larger id. */
  list(limit: number, after = 0): InboxEvent[] {
    return this.#db.read(() => rows(eventRow, this.#list.all(after, limit)));
  }

  /** How many events there are. */
  size(): number {
    return this.#db.read(() => row(sizeRow, this.#size.get()).n);
  }

  /** How many events would be in this issue. */
  inIssue(groupingKey: string): number {
    return this.#db.read(() => row(sizeRow, this.#issue.get(groupingKey)).n);
  }

  /** Changes when another window has written to it, never by own writes. */
  dataVersion(): number {
    return this.#db.dataVersion();
  }

  get(id: number): ReceivedEvent | null {
    return this.#db.read(() => {
      const found = this.#row.get(id);
      if (found === undefined) return null;
      const { event, content_bytes, envelope, ...rest } = row(wholeRow, this.#whole.get(id));
      return {
        ...rest,
        row: row(eventRow, found),
        event: v.parse(eventJson, event),
        contentBytes: content_bytes,
        envelope: envelope.map((line) => (line.type === 'event' ? { ...line, text: event } : line)),
      };
    });
  }

  clear(): void {
    this.#db.write('synced', () => this.#clear.run());
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
