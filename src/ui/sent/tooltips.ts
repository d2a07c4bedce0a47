import type { Confirmation, Delivery, EventMatch, InboxEvent, Overview, Try } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten } from '../text.ts';
import { exactClock, longTime, shortTime } from '../time.ts';
import { matchWords } from './matchWords.ts';

/** Tries listed; the rest is counted. */
const TRIES = 8;

/** What the pointer finds over a delivery: where it goes, as what, and each try with the endpoint's words. */
export function deliveryTooltip(delivery: Delivery, tries: readonly Try[], now: number, l10n: L10n): string {
  const target =
    delivery.target.kind === 'inbox'
      ? l10n.t('To the local inbox')
      : l10n.t('To Sentry project {0} on {1}', delivery.target.project, delivery.target.host);
  const by = {
    hand: l10n.t('sent by hand'),
    automatic: l10n.t('sent by itself'),
    test: l10n.t('a test'),
  }[delivery.sentBy];
  const head = [
    shorten(oneLine(delivery.title), 200),
    dotted(target, by, l10n.t('queued {0}', shortTime(delivery.queuedAt, now))),
    l10n.t('Event {0}', delivery.eventId),
  ];
  return [head, stateLines(delivery, now, l10n), tryLines(delivery, tries, l10n)]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

function stateLines(delivery: Delivery, now: number, l10n: L10n): readonly string[] {
  const state = delivery.state;
  switch (state.kind) {
    case 'waiting': {
      const until =
        state.until === null ? l10n.t('About to go') : l10n.t('Waits until {0}', longTime(state.until, now));
      return [state.reason === null ? until : `${until}: ${shorten(oneLine(state.reason), 300)}`];
    }
    case 'sending':
      return [l10n.t('Being sent')];
    case 'accepted':
      return [
        l10n.t(
          'Accepted at {0} with HTTP {1}, in {2} ms',
          exactClock(state.at),
          state.status,
          Math.round(state.durationMs),
        ),
        ...confirmationLines(state.confirmation, l10n),
        ...(state.mayRepeat ? [l10n.t('An earlier try may have arrived too: Sentry could show it twice.')] : []),
      ];
    case 'failed':
      return [l10n.t('Failed at {0}: {1}', exactClock(state.at), shorten(oneLine(state.reason), 400))];
  }
}

function confirmationLines(confirmation: Confirmation | undefined, l10n: L10n): readonly string[] {
  if (confirmation === undefined) return [];
  return confirmation.kind === 'confirmed'
    ? [l10n.t('Confirmed at {0}: Sentry has it', exactClock(confirmation.at))]
    : [l10n.t('Not confirmed: {0}', shorten(oneLine(confirmation.words), 400))];
}

/** The newest tries; words that stand above already are not said again. */
function tryLines({ state }: Delivery, tries: readonly Try[], l10n: L10n): readonly string[] {
  if (state.kind === 'accepted' && tries.length <= 1) return []; // all of it stands above
  const earlier = tries.length - TRIES;
  const said = new Set(['', state.kind === 'waiting' || state.kind === 'failed' ? state.reason : null]);
  const lines = tries.slice(-TRIES).map((made) => {
    const words = said.has(made.words) ? null : made.words;
    said.add(made.words);
    return tryLine(made, words, l10n);
  });
  return earlier > 0 ? [l10n.t('{0} earlier tries', earlier), ...lines] : lines;
}

/** @param words what the endpoint said; null where that is known. */
function tryLine(made: Try, words: string | null, l10n: L10n): string {
  const outcome = {
    accepted: l10n.t('accepted'),
    later: l10n.t('to be tried again'),
    refused: l10n.t('refused'),
    unknown: l10n.t('no answer'),
  }[made.outcome];
  const took = l10n.t('{0} ms', Math.round(made.durationMs));
  return dotted(
    exactClock(made.at),
    made.status === null ? outcome : `${outcome} (${made.status})`,
    took,
    words === null ? null : shorten(oneLine(words), 160),
  );
}

export function inboxTooltip(inbox: Overview['inbox'], l10n: L10n): string {
  if (inbox.state === 'off') return inbox.message;
  const lines = [
    l10n.t('Shows what anybody sends to it as to Sentry, on this machine only.'),
    l10n.t('Its DSN: Copy Inbox DSN.'),
  ];
  return (inbox.note === null ? lines : [...lines, inbox.note]).join('\n');
}

/** @param match null while it is not known (the engine does not answer). */
export const inboxEventTooltip = (event: InboxEvent, match: EventMatch | null, l10n: L10n): string =>
  [
    shorten(oneLine(event.title), 200),
    l10n.t('Received {0}, {1} bytes, from {2}', exactClock(event.receivedAt), event.bytes, oneLine(event.sender)),
    ...(event.eventId === null ? [] : [l10n.t('Event {0}', oneLine(event.eventId))]),
    ...(event.runId === null ? [] : [l10n.t('Run {0}', oneLine(event.runId))]),
    ...(match === null ? [] : ['', matchWords(match, event, l10n)]),
  ].join('\n');
