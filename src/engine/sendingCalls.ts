import { renderRequest } from '../channels/sentry/render.ts';
import { sameTarget } from '../delivery/delivery.ts';
import type { FailureId } from '../failure/ids.ts';
import type { SendResult, TargetChoice } from './api.ts';
import type { FailureCalls } from './failureCalls.ts';
import type { EngineParts } from './parts.ts';
import { outboxRow } from './tickPage.ts';

/** Sends one failure by hand. */
export async function send(
  parts: EngineParts,
  failures: FailureCalls,
  id: FailureId,
  choice: TargetChoice,
  again: boolean,
): Promise<SendResult> {
  const stored = failures.get(id);
  const resolved = await parts.targets.resolve(stored.failure.codeLocation, choice, 'send');
  if (resolved.outcome === 'impossible') return { outcome: 'refused', message: resolved.message };
  const { shown, envelope } = resolved.target;
  // Only for a question: a row is read from the state.
  const title = (): string => parts.row(stored).title;
  if (shown.kind === 'sentry' && !shown.approved) return { outcome: 'needs-approval', target: shown, title: title() };

  const book = parts.book();
  const all = book.deliveriesOf(id);
  const earlier = all.filter((delivery) => sameTarget(delivery.target, resolved.target.row));
  const newest = earlier[0];
  if (newest && !again) {
    switch (newest.state.kind) {
      case 'accepted':
        return { outcome: 'sent-before', title: newest.title };
      case 'waiting':
      case 'failed':
        // The same alert once more, with the same event id: nothing is doubled should it have arrived.
        return { outcome: 'queued', delivery: book.retry(newest.id) };
      case 'sending':
        return { outcome: 'queued', delivery: newest };
    }
  }
  // Its receipts are forgotten earlier than that it was sent.
  const forgotten = stored.status === 'sent' && all.length === 0;
  if (forgotten && !again) return { outcome: 'sent-before', title: title() };
  const alert = renderRequest({
    failure: stored.failure,
    target: envelope,
    settings: parts.render(),
    resend: forgotten ? 1 : earlier.length,
  });
  const sentBy = stored.test ? 'test' : 'hand';
  return { outcome: 'queued', delivery: book.enqueue(outboxRow(stored.failure, alert, resolved.target, sentBy)) };
}
