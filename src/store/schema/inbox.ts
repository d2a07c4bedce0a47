/** What the inbox received; one for all instances. */
export const INBOX = `
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
    partition text,
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
`;
