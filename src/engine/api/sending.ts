import type { Delivery } from '../../delivery/delivery.ts';
import type { DsnFingerprint } from '../../failure/ids.ts';

/** A DSN as people may see it. */
export type DsnStatus =
  | { readonly state: 'found'; readonly target: SentryTarget }
  | { readonly state: 'malformed'; readonly source: string; readonly message: string }
  | { readonly state: 'none' };

/** The engine's words on a DSN that somebody typed. */
export type DsnCheck =
  | { readonly ok: true; readonly host: string; readonly project: string }
  | { readonly ok: false; readonly message: string };

/** Sentry as a target. `source` says where the DSN was found, e.g. `projects/ai_audi/.env`. */
export interface SentryTarget {
  readonly kind: 'sentry';
  readonly dsn: DsnFingerprint;
  readonly host: string;
  readonly project: string;
  readonly source: string;
  readonly approved: boolean;
  /** The name of the auth token that may look its events up; null where it must not be sent (no https). */
  readonly tokenHost: string | null;
}
export interface InboxTarget {
  readonly kind: 'inbox';
  readonly host: string;
  readonly port: number;
}

/** Where a send goes: the failure's own DSN when it has one, or always the inbox. */
export type TargetChoice = 'default' | 'sentry' | 'inbox';

export type SendResult =
  | { readonly outcome: 'queued'; readonly delivery: Delivery }
  /** Nothing was queued: the user has not agreed to this DSN yet. Ask, add it to approvedDsns, send again. */
  | { readonly outcome: 'needs-approval'; readonly target: SentryTarget; readonly title: string }
  /** Already accepted there: sending again makes a second event. Call again with `again: true` when that is wanted. */
  | { readonly outcome: 'sent-before'; readonly title: string }
  | { readonly outcome: 'refused'; readonly message: string };
