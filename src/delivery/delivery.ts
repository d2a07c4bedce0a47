import type { CheckSeverity, FailureKind } from '../failure/failure.ts';
import type { DsnFingerprint, EventId, FailureId } from '../failure/ids.ts';

declare const deliveryBrand: unique symbol;
/** Names one outbox row: one alert for one target. */
export type DeliveryId = number & { readonly [deliveryBrand]: true };
export const deliveryId = (value: number): DeliveryId => value as DeliveryId;

/** Where an alert goes. Host and project are for people; the key is not in it. */
export type DeliveryTarget =
  | { readonly kind: 'sentry'; readonly dsn: DsnFingerprint; readonly host: string; readonly project: string }
  | { readonly kind: 'inbox' };

/** What tells one target from another. */
type TargetKey = { readonly kind: 'sentry'; readonly dsn: DsnFingerprint } | { readonly kind: 'inbox' };

export const sameTarget = (a: TargetKey, b: TargetKey): boolean =>
  a.kind === 'sentry' ? b.kind === 'sentry' && a.dsn === b.dsn : b.kind === 'inbox';

/** Who decided that it is sent. */
export type SentBy = 'hand' | 'automatic' | 'test';

/** Where a delivery stands. Times are ms since 1970. */
export type DeliveryState =
  /** In the queue; `until` and `reason` are set while a pause or rate limit holds it, null when it is about to go. */
  | { readonly kind: 'waiting'; readonly until: number | null; readonly reason: string | null }
  | { readonly kind: 'sending' }
  /** A 200. `durationMs` is the last try's. `mayRepeat`: an earlier try's outcome is unknown and over an hour old. */
  | {
      readonly kind: 'accepted';
      readonly at: number;
      readonly status: number;
      readonly durationMs: number;
      readonly mayRepeat: boolean;
      /** Only where there is an auth token for the target: what Sentry's API said of it, once it is known. */
      readonly confirmation?: Confirmation;
    }
  /** Kept; `reason` holds the endpoint's own words, or what else stopped it. */
  | { readonly kind: 'failed'; readonly at: number; readonly status: number | null; readonly reason: string };

/** What Sentry's API says of an accepted event. Times are ms since 1970. */
export type Confirmation =
  /** It is there. `issueUrl` leads to it in its issue; null where the API does not say. */
  | { readonly kind: 'confirmed'; readonly at: number; readonly issueUrl: string | null }
  /** Not seen for an hour, or nobody could look: `words` say why, with what Sentry dropped meanwhile where it tells. */
  | { readonly kind: 'unseen'; readonly at: number; readonly words: string };

/** One outbox row as people see it. */
export interface Delivery {
  readonly id: DeliveryId;
  readonly failureId: FailureId;
  readonly failureKind: FailureKind;
  /** null for a run failure. */
  readonly severity: CheckSeverity | null;
  readonly title: string;
  readonly partition: string | null;
  readonly eventId: EventId;
  readonly target: DeliveryTarget;
  readonly sentBy: SentBy;
  readonly queuedAt: number;
  readonly tries: number;
  readonly state: DeliveryState;
  readonly sha256: string;
}

/** Where a delivery is listed: `waiting` holds what is being sent too, `accepted` what Sentry was seen to have. */
export const DELIVERY_GROUPS = ['waiting', 'failed', 'accepted'] as const;
export type DeliveryGroup = (typeof DELIVERY_GROUPS)[number];

export function deliveryGroup(delivery: Delivery): DeliveryGroup {
  switch (delivery.state.kind) {
    case 'waiting':
    case 'sending':
      return 'waiting';
    case 'failed':
      return 'failed';
    case 'accepted':
      return 'accepted';
  }
}

/** Deliveries of one group, newest first, and how many the group has. */
export interface DeliveryPage {
  readonly rows: readonly Delivery[];
  readonly total: number;
}

/** One event that the inbox received. */
export interface InboxEvent {
  readonly id: number;
  /** ms since 1970. */
  readonly receivedAt: number;
  /** The event's `event_id` as sent; null where it had none. */
  readonly eventId: string | null;
  readonly title: string;
  /** Sentry's level word; `error` where the event has none. */
  readonly level: string;
  /** SDK name and version, or the user agent; `unknown sender` where neither is given. */
  readonly sender: string;
  /** extra.run_id where the event has one: links it to the failure it tells of. */
  readonly runId: string | null;
  /** partition_date of extra or tags, where the event has one. */
  readonly partition: string | null;
  /** Equal for events that Sentry would put into one issue, as far as can be predicted. */
  readonly groupingKey: string;
  /** Size of the request body as received, in bytes. */
  readonly bytes: number;
}
