import { createHash } from 'node:crypto';
import { type EventId, eventId, type FailureId } from '../../failure/ids.ts';

/**
 * The id of a failure's event: the same however often one delivery is tried, so that Sentry drops a repeat; another
 * for each deliberate resend. `resend` is 0 for the failure's own event, then 1, 2, …
 */
export function eventIdFor(failure: FailureId, resend: number): EventId {
  return eventId(
    createHash('sha256')
      .update(JSON.stringify([failure, resend]))
      .digest('hex')
      .slice(0, 32),
  );
}
