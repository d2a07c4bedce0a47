import type { LiveOutboxRow } from '../store/outbox.ts';
import { type Delivery, type DeliveryState, deliveryId } from './delivery.ts';

/** An outbox row as people see it. */
export function toDelivery(row: LiveOutboxRow): Delivery {
  const { failureId, failureKind, severity, title, partition, eventId, target, sentBy, queuedAt, tries, sha256 } = row;
  const alert = { id: deliveryId(row.id), failureId, failureKind, severity, title, partition, eventId };
  return { ...alert, target, sentBy, queuedAt, tries, state: stateOf(row), sha256 };
}

function stateOf(row: LiveOutboxRow): DeliveryState {
  switch (row.state) {
    case 'waiting':
      return { kind: 'waiting', until: row.notBefore, reason: row.reason };
    case 'sending':
      return { kind: 'sending' };
    case 'accepted': {
      const { settledAt, status, durationMs, mayRepeat, confirmation } = row;
      const accepted = { at: settledAt ?? 0, status: status ?? 200, durationMs: durationMs ?? 0, mayRepeat };
      return { kind: 'accepted', ...accepted, ...(confirmation === null ? {} : { confirmation }) };
    }
    case 'failed':
      return { kind: 'failed', at: row.settledAt ?? 0, status: row.status, reason: row.reason ?? '' };
  }
}
