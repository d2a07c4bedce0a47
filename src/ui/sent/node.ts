import type { Delivery, DeliveryGroup, InboxEvent } from '../../engine/api.ts';
import type { Issue, Sender } from './inboxGroups.ts';

/** A row of the Sent view. */
export type SentNode =
  | { readonly kind: 'group'; readonly group: DeliveryGroup }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'more'; readonly group: DeliveryGroup }
  | { readonly kind: 'inbox' }
  | { readonly kind: 'sender'; readonly sender: Sender }
  | { readonly kind: 'issue'; readonly issue: Issue }
  /** `issue`: the one it is listed under; null where it is alone in its own. */
  | { readonly kind: 'inboxEvent'; readonly event: InboxEvent; readonly issue: Issue | null };
