import type { Delivery, FailureRow, InboxEvent, RelatedEvents } from '../engine/api.ts';
import { failureMarks } from './failures/rows.ts';
import type { L10n } from './l10n.ts';
import { eventName, eventOfDelivery, eventOfFailure, eventReceived, type NamedEvent } from './namedEvent.ts';
import { sentTo } from './sent/rows.ts';
import { dotted, inert } from './text.ts';
import { clock, shortTime } from './time.ts';

/** An event to compare with. */
export interface Offer {
  readonly label: string;
  readonly description: string;
  readonly other: NamedEvent;
}

export interface Offers {
  /** What they have in common. */
  readonly label: string;
  readonly list: readonly Offer[];
}

/** What there is to compare with, each newest first. */
export interface Comparable {
  /** The failures that the event is, or tells of, with what has to do with them. */
  readonly own: readonly FailureRow[];
  readonly related: RelatedEvents;
  readonly deliveries: readonly Delivery[];
  readonly failures: readonly FailureRow[];
  readonly received: readonly InboxEvent[];
}

/** What an event can be compared with: first what has to do with it, then all else by what it is; each once. */
export function offersFor(event: NamedEvent, among: Comparable, now: number, l10n: L10n): readonly Offers[] {
  const offer = (other: NamedEvent, ...facts: readonly (string | null)[]): Offer => ({
    label: inert(eventName(other.title)),
    description: inert(dotted(...facts)),
    other,
  });
  const delivered = (delivery: Delivery): Offer => {
    const other = eventOfDelivery(delivery);
    return offer(other, stateWord(delivery, l10n), shortTime(other.at, now), sentTo(delivery, l10n), other.partition);
  };
  const failed = (failure: FailureRow): Offer => {
    const other = eventOfFailure(failure);
    return offer(other, ...failureMarks(failure, l10n), shortTime(other.at, now), other.partition);
  };
  const received = (one: InboxEvent): Offer => {
    const other = eventReceived(one);
    return offer(other, clock(other.at), one.level, one.sender, other.partition);
  };
  const { related } = among;
  const ofRun = among.received.filter(
    ({ runId, title }) => runId !== null && runId === event.runId && title === event.title,
  );
  const offered = new Set([nameOf(event)]);
  const offers = (label: string, list: readonly Offer[]): readonly Offers[] => {
    const left = list.filter(({ other }) => !offered.has(nameOf(other)) && offered.add(nameOf(other)));
    return left.length === 0 ? [] : [{ label, list: left }];
  };
  return [
    ...offers(l10n.t('same failure, check or issue'), [
      ...(related.delivery === null ? [] : [delivered(related.delivery)]),
      ...ofRun.map(received),
      ...among.own.map(failed),
      ...related.failures.map(failed),
    ]),
    ...offers(l10n.t('other deliveries'), among.deliveries.map(delivered)),
    ...offers(l10n.t('other failures'), among.failures.map(failed)),
    ...offers(l10n.t('received by the inbox'), among.received.map(received)),
  ];
}

const nameOf = ({ source }: NamedEvent): string => `${source.kind} ${source.id}`;

function stateWord({ state }: Delivery, l10n: L10n): string {
  switch (state.kind) {
    case 'waiting':
      return l10n.t('waiting');
    case 'sending':
      return l10n.t('sending');
    case 'accepted':
      return state.confirmation?.kind === 'confirmed' ? l10n.t('confirmed') : l10n.t('accepted');
    case 'failed':
      return l10n.t('refused');
  }
}
