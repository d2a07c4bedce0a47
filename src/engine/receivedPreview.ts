import { groupingOfEvent } from '../channels/sentry/eventGrouping.ts';
import { inspectEvent } from '../channels/sentry/limits.ts';
import { inspectedOf } from '../channels/sentry/receivedEvent.ts';
import { toldCuts } from '../channels/sentry/toldCuts.ts';
import type { ReceivedEvent } from '../delivery/inbox/inbox.ts';
import type { ReceivedPreview } from './api.ts';
import { SHOWN_TEXT, Showing } from './shown.ts';

/** What the preview shows of a received event: what its sender cut, what Sentry would, which issue it would join. */
export function receivedPreview(
  received: ReceivedEvent,
  /** How many received events, itself included, and pending failures would be in an issue, by its key. */
  inIssue: { received(key: string): number; pending(failureKey: string): number },
): ReceivedPreview {
  const { row, event, envelope } = received;
  const bytes = envelope.find(({ kind, type }) => kind === 'payload' && type === 'event')?.bytes ?? row.bytes;
  const { cuts, measures } = inspectEvent(inspectedOf(event), bytes, row.receivedAt);
  const { key, failureKey, ...grouping } = groupingOfEvent(event);
  const showing = new Showing();
  return {
    ...received,
    event: showing.event(event),
    shortened: showing.shortened,
    envelope: envelope.map((line) => ({ ...line, text: line.text?.slice(0, SHOWN_TEXT) ?? null })),
    cuts: [...toldCuts(event), ...cuts],
    measures,
    grouping: {
      ...grouping,
      otherReceived: Math.max(0, inIssue.received(key) - 1),
      pending: failureKey === null ? 0 : inIssue.pending(failureKey),
    },
  };
}
