import * as v from 'valibot';
import type { CanonicalRequest } from '../channels/request.ts';
import type { Database } from './database.ts';
import { json, row } from './rows.ts';

const requestRow: v.GenericSchema<unknown, CanonicalRequest> = v.object({
  method: v.literal('POST'),
  url: v.string(),
  headers: v.pipe(json, v.array(v.tuple([v.string(), v.string()]))),
  body: v.instance(Uint8Array),
});

/** Accepted rows whose request is kept to look at. */
const KEPT = 1_000;

/**
 * The requests of the outbox, beside its rows and not in them: a row is written several times on its way, and SQLite
 * writes all of it each time.
 */
export class Requests {
  readonly #insert;
  readonly #get;
  readonly #setUrl;
  readonly #prune;

  constructor(db: Database) {
    this.#insert = db.prepare('insert into requests (outbox_id, method, url, headers, body) values (?, ?, ?, ?, ?)');
    this.#get = db.prepare('select method, url, headers, body from requests where outbox_id = ?');
    this.#setUrl = db.prepare('update requests set url = $url where outbox_id = $id');
    this.#prune = db.prepare(`
      delete from requests where outbox_id in (
        select id from outbox where state = 'cancelled' or (state = 'accepted' and id <=
          (select id from outbox where state = 'accepted' order by id desc limit 1 offset ${KEPT})))`);
  }

  insert(id: number, { method, url, headers, body }: CanonicalRequest): void {
    this.#insert.run(id, method, url, JSON.stringify(headers), body);
  }

  /** null once it is no longer kept. */
  get(id: number): CanonicalRequest | null {
    const found = this.#get.get(id);
    return found === undefined ? null : row(requestRow, found);
  }

  /** Gives a request another address. */
  setUrl(id: number, url: string): void {
    this.#setUrl.run({ id, url });
  }

  /** Drops those of rows that are not to be sent any more, but for the newest accepted ones. */
  prune(): void {
    this.#prune.run();
  }
}
