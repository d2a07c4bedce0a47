/** Failures; what makes one large stands in a table of its own. */
export const FAILURES = `
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
  create index failures_listed on failures (status, before_firedrill, kind, seq, test);
  create index failures_of_run on failures (run_id) where run_id is not null;
  create index failures_of_tick on failures (tick) where tick is not null;
  create index failures_not_passed on failures (check_name, asset_key, partition) where passed_since is null;
  create index failures_grouped on failures (grouping_key) where status = 'pending';

  create table failure_bodies (
    seq integer primary key references failures (seq) on delete cascade,
    brief text not null,
    whole text not null
  ) strict;
`;
