import type { Delivery, EventSource, FailureRow, InboxEvent } from '../engine/api.ts';
import { withoutStart } from '../failure/titleStart.ts';
import type { L10n } from './l10n.ts';
import { dotted, oneLine, shorten } from './text.ts';
import { clock, exactClock, shortTime } from './time.ts';

/** An event that stands somewhere under a name, with what tells it from others of that name. */
export interface NamedEvent {
  readonly source: EventSource;
  /** What Sentry calls it; for tabs and titles. */
  readonly title: string;
  /** When it happened, was queued or received, ms since 1970. */
  readonly at: number;
  readonly partition: string | null;
  readonly runId: string | null;
}

/** What would be sent for a failure. */
export const eventOfFailure = ({ id, title, timestamp, partition, runId }: FailureRow): NamedEvent => ({
  source: { kind: 'failure', id },
  title,
  at: timestamp * 1000,
  partition,
  runId,
});

/** What one delivery sent. */
export const eventOfDelivery = ({ id, title, queuedAt, partition }: Delivery): NamedEvent => ({
  source: { kind: 'delivery', id },
  title,
  at: queuedAt,
  partition,
  runId: null,
});

/** What the inbox received. */
export const eventReceived = ({ id, title, receivedAt, partition, runId }: InboxEvent): NamedEvent => ({
  source: { kind: 'inbox', id },
  title,
  at: receivedAt,
  partition,
  runId,
});

/** A title without the words that all titles begin with: what tells events apart stands at its end. */
export const eventName = (title: string): string => shorten(withoutStart(oneLine(title)), 120);

/** What two compared events are called: by their names, or where these are the same by what tells them apart. */
export function comparedTitle(left: NamedEvent, right: NamedEvent, now: number, l10n: L10n): string {
  const names = [eventName(left.title), eventName(right.title)] as const;
  if (names[0] !== names[1]) return l10n.t('{0} ↔ {1}', ...names);
  const [first, second] = traits(left, right, now, l10n);
  return l10n.t('{0}: {1} ↔ {2}', names[1], first, second);
}

/** Kind and time; partition and run as far as they differ. Something differs always. */
function traits(left: NamedEvent, right: NamedEvent, now: number, l10n: L10n): readonly [string, string] {
  const writings: readonly ((event: NamedEvent) => string)[] = [
    ({ source, at }) => happened(source, shortTime(at, now), l10n),
    ({ source, at }) => happened(source, clock(at), l10n),
    ({ source, at }) => happened(source, exactClock(at), l10n),
  ];
  const written = writings.find((write) => write(left) !== write(right)) ?? writings[1] ?? (() => '');
  const partition = ({ partition: name }: NamedEvent): string | null =>
    name === null ? null : l10n.t('partition {0}', shorten(oneLine(name), 40));
  const run = ({ runId }: NamedEvent): string | null =>
    runId === null ? null : l10n.t('run {0}', oneLine(runId).slice(0, 8));
  const differing = [partition, run].filter((trait) => {
    const [a, b] = [trait(left), trait(right)];
    return a !== null && b !== null && a !== b;
  });
  const of = (event: NamedEvent): string => dotted(written(event), ...differing.map((trait) => trait(event)));
  return of(left) === of(right)
    ? [dotted(of(left), `#${left.source.id}`), dotted(of(right), `#${right.source.id}`)]
    : [of(left), of(right)];
}

function happened({ kind }: EventSource, time: string, l10n: L10n): string {
  switch (kind) {
    case 'failure':
      return l10n.t('failure of {0}', time);
    case 'delivery':
      return l10n.t('sent {0}', time);
    case 'inbox':
      return l10n.t('received {0}', time);
  }
}
