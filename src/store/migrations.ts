import type { DatabaseSync } from 'node:sqlite';
import { SQLITE, StateStoreError } from './stateStoreError.ts';

/**
 * Brings a database to the newest schema: each text is one step, `user_version` counts the steps done, and all that
 * are missing run in one transaction. A database of a newer Firedrill is left alone: StateStoreError.
 */
export function migrate(db: DatabaseSync, steps: readonly string[], file: string): void {
  if (version(db) === steps.length) return;
  db.exec('begin immediate');
  try {
    const done = version(db); // another window may have been faster
    if (done > steps.length) {
      throw new StateStoreError(
        file,
        `The state file ${file} was written by a newer Firedrill (schema ${done}; this one knows ${steps.length}). Update the extension; the file is left as it is.`,
      );
    }
    if (done === 0 && tables(db) > 0) {
      // A SQLite file that is not ours stands in our place: treated as a damaged one, set aside.
      throw Object.assign(new Error('it holds tables that are not of Firedrill'), { errcode: SQLITE.notADatabase });
    }
    for (const step of steps.slice(done)) db.exec(step);
    db.exec(`pragma user_version = ${steps.length}`);
    db.exec('commit');
  } catch (error) {
    if (db.isTransaction) db.exec('rollback');
    throw error;
  }
}

const version = (db: DatabaseSync): number => Number(db.prepare('pragma user_version').get()?.user_version);
const tables = (db: DatabaseSync): number => Number(db.prepare('select count(*) as n from sqlite_schema').get()?.n);

/** The state of one instance. Times are ms since 1970, a failure's `timestamp` seconds, as its event log has it. */
export const STATE_MIGRATIONS: readonly string[] = [
  `
  create table instance (
    only integer primary key check (only = 1),
    id text not null,
    met_at real not null,
    history_listed integer not null default 0
  ) strict;

  create table sensors (
    name text primary key,
    cursor text,
    running integer not null default 1
  ) strict;

  create table ticks (
    id integer primary key autoincrement,
    sensor text not null,
    "trigger" text not null,
    started_at real not null,
    last_started_at real not null,
    count integer not null,
    duration_ms real not null,
    end_kind text not null,
    end_text text not null,
    rows_read integer not null,
    failures_found integer not null,
    unreadable integer not null,
    notes text not null,
    cursor_before text,
    cursor_after text
  ) strict;
  create index ticks_of_sensor on ticks (sensor, id);

  create table failures (
    seq integer primary key autoincrement,
    id text not null unique,
    kind text not null,
    status text not null,
    test integer not null,
    before_firedrill integer not null,
    timestamp real not null,
    found_at real not null,
    tick integer,
    severity text not null,
    check_name text,
    asset_key text,
    place text not null,
    asset text,
    partition text,
    run_id text,
    storage_id integer,
    grouping_key text not null,
    passed_since real,
    searched text not null
  ) strict;
  create index failures_listed on failures (status, before_firedrill, kind, seq);
  create index failures_of_run on failures (run_id) where run_id is not null;
  create index failures_of_tick on failures (tick) where tick is not null;
  create index failures_not_passed on failures (check_name, asset_key, partition) where passed_since is null;
  create index failures_grouped on failures (grouping_key) where status = 'pending';

  create table failure_bodies (
    seq integer primary key references failures (seq) on delete cascade,
    brief text not null,
    whole text not null
  ) strict;

  create table outbox (
    id integer primary key autoincrement,
    failure_id text not null,
    failure_kind text not null,
    severity text,
    title text not null,
    event_id text not null,
    target_kind text not null,
    target_key text not null,
    host text not null,
    project text not null,
    sent_by text not null,
    closes integer not null,
    queued_at real not null,
    sha256 text not null,
    state text not null,
    not_before real,
    reason text,
    tries integer not null default 0,
    claim_owner text,
    claim_epoch integer not null default 0,
    claimed_at real,
    claim_until real,
    unknown_since real,
    settled_at real,
    status integer,
    duration_ms real,
    may_repeat integer not null default 0,
    confirmation text
  ) strict;
  create index outbox_of_failure on outbox (failure_id);
  create index outbox_waiting on outbox (target_key, (sent_by = 'automatic'), id, not_before) where state = 'waiting';
  create index outbox_settled on outbox (state, id) where settled_at is not null;
  create index outbox_of_event on outbox (event_id);
  create index outbox_sending on outbox (claim_until) where state = 'sending';
  create unique index outbox_once on outbox (event_id, target_key) where state in ('waiting', 'sending');

  create table requests (
    outbox_id integer primary key references outbox (id) on delete cascade,
    method text not null,
    url text not null,
    headers text not null,
    body blob not null
  ) strict;

  create table tries (
    outbox_id integer not null references outbox (id) on delete cascade,
    claim_epoch integer not null,
    at real not null,
    duration_ms real not null,
    outcome text not null,
    status integer,
    words text not null,
    primary key (outbox_id, claim_epoch)
  ) strict, without rowid;

  create table to_confirm (
    outbox_id integer primary key references outbox (id) on delete cascade,
    next_at real not null,
    tries integer not null
  ) strict;
  create index to_confirm_next on to_confirm (next_at);

  create table holds (
    target_key text primary key,
    until real not null,
    reason text not null,
    why text not null
  ) strict;

  create table lease (
    only integer primary key check (only = 1),
    owner text,
    epoch integer not null,
    rank integer not null,
    tick_interval real not null
  ) strict;
  insert into lease (only, epoch, rank, tick_interval) values (1, 0, 0, 0);

  create table tick_wishes (
    sensor text primary key,
    wanted integer not null,
    answered integer not null,
    tick integer
  ) strict;

  create table news (
    rev integer primary key,
    kind text not null,
    id any not null
  ) strict;
  create trigger failure_added after insert on failures
    begin insert into news (kind, id) values ('failure added', new.id); end;
  create trigger failure_changed after update on failures
    begin insert into news (kind, id) values ('failure changed', new.id); end;
  create trigger tick_added after insert on ticks
    begin insert into news (kind, id) values ('tick', new.id); end;
  create trigger tick_changed after update on ticks
    begin insert into news (kind, id) values ('tick', new.id); end;
  create trigger delivery_added after insert on outbox
    begin insert into news (kind, id) values ('delivery', new.id); end;
  create trigger delivery_changed after update of state, not_before, reason, target_key, confirmation on outbox
    begin insert into news (kind, id) values ('delivery', new.id); end;
  create trigger hold_added after insert on holds
    begin insert into news (kind, id) values ('hold', new.target_key); end;
  create trigger hold_changed after update on holds
    begin insert into news (kind, id) values ('hold', new.target_key); end;
  create trigger hold_ended after delete on holds
    begin insert into news (kind, id) values ('hold', old.target_key); end;
  `,
];

/** The inbox, one for all instances. */
export const INBOX_MIGRATIONS: readonly string[] = [
  `
  create table endpoint (
    only integer primary key check (only = 1),
    key text not null,
    other_port integer
  ) strict;

  create table events (
    id integer primary key autoincrement,
    received_at real not null,
    event_id text,
    title text not null,
    level text not null,
    sender text not null,
    run_id text,
    grouping_key text not null,
    bytes integer not null,
    sha256 text not null,
    url text not null,
    headers text not null,
    content_bytes integer not null,
    envelope text not null,
    size integer not null,
    event text not null
  ) strict;

  create table items (
    type text primary key,
    count integer not null
  ) strict;
  `,
];
