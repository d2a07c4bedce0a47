import { OUTBOX_COLUMNS } from './outboxRow.ts';

/** Settled rows that are kept. */
const KEPT_ROWS = 10_000;

const FROM = 'from outbox o left join holds h on h.target_key = o.target_key';

/**
 * The newest delivery of a failure that says how its sending stands. An acceptance that does not close it, a look at
 * the inbox, says nothing of the DSN's.
 * @param failure its id as an expression.
 */
const newestOf = (failure: string): string =>
  `o.failure_id = ${failure} and (o.state in ('waiting', 'sending', 'failed') or o.state = 'accepted' and o.closes = 1)
   order by o.id desc limit 1`;

/** The same of a row of `failures`, as a subquery for one word; null where none waits and the newest did not fail. */
export const DELIVERY_OF_FAILURE = `
  select case o.state when 'failed' then 'failed' when 'accepted' then null else 'waiting' end
  from outbox o where ${newestOf('failures.id')}`;

const page = (where: string): string =>
  `select ${OUTBOX_COLUMNS} ${FROM} where ${where} and o.id < $before order by o.id desc limit $limit`;

/** The statements of the outbox. Those on waiting and sending rows name the state so that a partial index serves. */
export const SQL = {
  insert: `
      insert into outbox (failure_id, failure_kind, severity, title, partition, event_id, target_kind, target_key, host, project,
        sent_by, closes, queued_at, sha256, state)
      values ($failureId, $failureKind, $severity, $title, $partition, $eventId, $targetKind, $targetKey, $host, $project,
        $sentBy, $closes, $queuedAt, $sha256, 'waiting')
      on conflict do nothing`,
  open: "select id from outbox where event_id = ? and target_key = ? and state in ('waiting', 'sending')",
  /** By group; the conditions are those of the partial indexes. */
  pages: {
    waiting: page(
      "o.id in (select id from outbox where state = 'waiting' union all select id from outbox where state = 'sending')",
    ),
    failed: page("o.state = 'failed' and o.settled_at is not null"),
    accepted: page("o.state = 'accepted' and o.settled_at is not null"),
    all: page("o.state <> 'cancelled'"),
  },
  counts: `
      select (select count(*) from outbox where state = 'waiting') + (select count(*) from outbox where state = 'sending')
          as waiting,
        (select count(*) from outbox where state = 'failed' and settled_at is not null) as failed,
        (select count(*) from outbox where state = 'accepted' and settled_at is not null) as accepted`,
  ofEvent: 'select failure_id from outbox where event_id = ? order by id desc limit 1',
  one: `select ${OUTBOX_COLUMNS} ${FROM} where o.id = ?`,
  ofFailure: `select ${OUTBOX_COLUMNS} ${FROM} where o.failure_id = ? and o.state <> 'cancelled' order by o.id desc`,
  newestOf: `select ${OUTBOX_COLUMNS} ${FROM} where ${newestOf('?')}`,
  targets: `
      select o.target_kind, o.target_key, o.host, o.project, max(w.due, coalesce(h.until, 0)) as due
      from (select target_key, max(id) as id, min(coalesce(not_before, 0)) as due
          from outbox where state = 'waiting' group by target_key) w
        join outbox o on o.id = w.id left join holds h on h.target_key = w.target_key`,
  change: `
      update outbox set state = $state, not_before = $notBefore, reason = $reason, settled_at = $settledAt,
        status = $status, duration_ms = $durationMs, may_repeat = $mayRepeat, unknown_since = $unknownSince,
        claim_owner = null, claim_until = null
      where id = $id and ($epoch is null or (state = 'sending' and claim_epoch = $epoch))`,
  explain: `
      update outbox set reason = $reason where state = 'waiting' and target_key = $target and reason is not $reason
      returning id`,
  dropRows: `
      delete from outbox where state in ('accepted', 'cancelled') and id <=
        (select id from outbox order by id desc limit 1 offset ${KEPT_ROWS})`,
  ofTarget: "select id, queued_at from outbox where state = 'waiting' and target_key = ?",
  readdress: 'update or ignore outbox set target_key = $target, sha256 = $sha256 where id = $id',
} as const;
