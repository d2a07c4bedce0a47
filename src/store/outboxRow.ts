import * as v from 'valibot';
import type { CanonicalRequest } from '../channels/request.ts';
import type { Confirmation, DeliveryTarget, SentBy } from '../delivery/delivery.ts';
import type { CheckSeverity, FailureKind } from '../failure/failure.ts';
import { dsnFingerprint, type EventId, eventId, type FailureId, failureId } from '../failure/ids.ts';
import { flag, json } from './rows.ts';

/** An alert to be put into the outbox: everything but the key. */
export interface NewOutboxRow {
  readonly failureId: FailureId;
  readonly failureKind: FailureKind;
  readonly severity: CheckSeverity | null;
  readonly title: string;
  readonly partition: string | null;
  readonly eventId: EventId;
  readonly target: DeliveryTarget;
  readonly sentBy: SentBy;
  /**
   * Its acceptance makes the failure sent. False for a look at the inbox while the failure has a DSN: there it still
   * has to go.
   */
  readonly closes: boolean;
  readonly request: CanonicalRequest;
  readonly sha256: string;
}

/** One row of the outbox without its request. Times are ms since 1970. */
export interface OutboxRow {
  readonly id: number;
  readonly failureId: FailureId;
  readonly failureKind: FailureKind;
  readonly severity: CheckSeverity | null;
  readonly title: string;
  readonly partition: string | null;
  readonly eventId: EventId;
  readonly target: DeliveryTarget;
  readonly sentBy: SentBy;
  readonly closes: boolean;
  readonly queuedAt: number;
  readonly sha256: string;
  /** `cancelled` rows are kept for their receipts and are in no list. */
  readonly state: 'waiting' | 'sending' | 'accepted' | 'failed' | 'cancelled';
  /** Its own pause or its target's, the later one. */
  readonly notBefore: number | null;
  readonly reason: string | null;
  readonly tries: number;
  /** Rises with every claim; a receipt of an older claim is recognised by it. */
  readonly claimEpoch: number;
  readonly claimedAt: number | null;
  /** Since when nobody knows whether an earlier try arrived; null when every try had an answer or never left. */
  readonly unknownSince: number | null;
  readonly settledAt: number | null;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly mayRepeat: boolean;
  readonly confirmation: Confirmation | null;
}

/** A row that is in lists. */
export interface LiveOutboxRow extends OutboxRow {
  readonly state: Exclude<OutboxRow['state'], 'cancelled'>;
}

export const isLive = (row: OutboxRow): row is LiveOutboxRow => row.state !== 'cancelled';

const NAMES = [
  ...[
    'id',
    'failure_id',
    'failure_kind',
    'severity',
    'title',
    'partition',
    'event_id',
    'target_kind',
    'target_key',
    'host',
  ],
  ...['project', 'sent_by', 'closes', 'queued_at', 'sha256', 'state', 'not_before', 'reason', 'tries', 'claim_epoch'],
  ...['claimed_at', 'unknown_since', 'settled_at', 'status', 'duration_ms', 'may_repeat', 'confirmation'],
] as const;

/** The columns of an `OutboxRow`, of `outbox o left join holds h`. */
export const OUTBOX_COLUMNS = `${NAMES.map((name) => `o.${name}`).join(', ')},
  h.until as hold_until, h.reason as hold_reason`;

/** Those of a claimed row, of `outbox` alone: what is being sent is held by nothing. */
export const CLAIMED_COLUMNS = `${NAMES.join(', ')}, null as hold_until, null as hold_reason`;

const nullableNumber = v.nullable(v.number());

const confirmationSchema = v.variant('kind', [
  v.object({ kind: v.literal('confirmed'), at: v.number(), issueUrl: v.nullable(v.string()) }),
  v.object({ kind: v.literal('unseen'), at: v.number(), words: v.string() }),
]);

export const outboxRow = v.pipe(
  v.object({
    id: v.number(),
    failure_id: v.pipe(v.string(), v.transform(failureId)),
    failure_kind: v.picklist(['check', 'run']),
    severity: v.nullable(v.picklist(['WARN', 'ERROR'])),
    title: v.string(),
    partition: v.nullable(v.string()),
    event_id: v.pipe(v.string(), v.transform(eventId)),
    target_kind: v.picklist(['sentry', 'inbox']),
    target_key: v.string(),
    host: v.string(),
    project: v.string(),
    sent_by: v.picklist(['hand', 'automatic', 'test']),
    queued_at: v.number(),
    sha256: v.string(),
    state: v.picklist(['waiting', 'sending', 'accepted', 'failed', 'cancelled']),
    not_before: nullableNumber,
    reason: v.nullable(v.string()),
    tries: v.number(),
    claim_epoch: v.number(),
    claimed_at: nullableNumber,
    unknown_since: nullableNumber,
    settled_at: nullableNumber,
    status: nullableNumber,
    duration_ms: nullableNumber,
    may_repeat: flag,
    confirmation: v.nullable(v.pipe(json, confirmationSchema)),
    closes: flag,
    hold_until: nullableNumber,
    hold_reason: v.nullable(v.string()),
  }),
  v.transform((stored): OutboxRow => {
    const held = stored.state === 'waiting' && (stored.hold_until ?? 0) > (stored.not_before ?? 0);
    return {
      id: stored.id,
      failureId: stored.failure_id,
      failureKind: stored.failure_kind,
      severity: stored.severity,
      title: stored.title,
      partition: stored.partition,
      eventId: stored.event_id,
      target: targetOf(stored),
      sentBy: stored.sent_by,
      closes: stored.closes,
      queuedAt: stored.queued_at,
      sha256: stored.sha256,
      state: stored.state,
      notBefore: held ? stored.hold_until : stored.not_before,
      reason: held ? stored.hold_reason : stored.reason,
      tries: stored.tries,
      claimEpoch: stored.claim_epoch,
      claimedAt: stored.claimed_at,
      unknownSince: stored.unknown_since,
      settledAt: stored.settled_at,
      status: stored.status,
      durationMs: stored.duration_ms,
      mayRepeat: stored.may_repeat,
      confirmation: stored.confirmation,
    };
  }),
);

/** A row that a query took without the cancelled ones. */
export const liveRow = v.pipe(outboxRow, v.guard(isLive));

/**
 * One name for a target: the DSN's fingerprint, or `inbox` with its origin, because each window has an inbox of its own
 * and another window's cannot be reached by the same request.
 */
export const targetKey = (target: DeliveryTarget, url: string): string =>
  target.kind === 'inbox' ? `inbox ${new URL(url).origin}` : target.dsn;

export function targetOf(stored: {
  readonly target_kind: 'sentry' | 'inbox';
  readonly target_key: string;
  readonly host: string;
  readonly project: string;
}): DeliveryTarget {
  if (stored.target_kind === 'inbox') return { kind: 'inbox' };
  return { kind: 'sentry', dsn: dsnFingerprint(stored.target_key), host: stored.host, project: stored.project };
}

/** What a row becomes when a try has ended. */
export type RowChange =
  | {
      readonly state: 'waiting';
      readonly notBefore: number | null;
      readonly reason: string | null;
      readonly unknownSince: number | null;
    }
  | {
      readonly state: 'accepted';
      readonly at: number;
      readonly status: number;
      readonly durationMs: number;
      readonly mayRepeat: boolean;
    }
  | {
      readonly state: 'failed';
      readonly at: number;
      readonly status: number | null;
      readonly reason: string;
      readonly unknownSince: number | null;
    }
  | { readonly state: 'cancelled'; readonly at: number };
