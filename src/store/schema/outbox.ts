/** Deliveries with their requests, tries and confirmations, and which targets are held. */
export const OUTBOX = `
  create table outbox (
    id integer primary key autoincrement,
    failure_id text not null,
    failure_kind text not null,
    severity text,
    title text not null,
    partition text,
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
`;
