/** What is followed and how far: the instance, its sensors and their ticks, and which window ticks them. */
export const WATCHING = `
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
`;

/** The first failures that a tick found, by name. */
export const NAMED_TICKS = `
  alter table ticks add column first_found text not null default '[]';
`;
