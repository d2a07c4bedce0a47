import type { Delivery, InboxEvent, Overview } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { clock, exactClock, shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';

export type DeliveryGroup = 'waiting' | 'failed' | 'accepted';
export const DELIVERY_GROUPS: readonly DeliveryGroup[] = ['waiting', 'failed', 'accepted'];

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

/** The telling part of an alert's title: check name, asset path or job. */
export function shortTitle(title: string): string {
  const rest = oneLine(title).replace(/^Dagster (?:asset check|run) failure: /, '');
  const check = /^(.+) on .+ \((?:WARN|ERROR)\)$/.exec(rest);
  const run = /^(.+) \([^()]+\)$/.exec(rest);
  return shorten(check?.[1] ?? run?.[1] ?? rest, 200);
}

export function deliveryRow(delivery: Delivery, now: number, l10n: L10n): TreeRow {
  const label = shortTitle(delivery.title);
  const to =
    delivery.target.kind === 'inbox' ? l10n.t('inbox') : l10n.t('Sentry {0}', oneLine(delivery.target.project));
  const state = deliveryState(delivery, now, l10n);
  return {
    id: `delivery:${delivery.id}`,
    label,
    description: dotted(...state, to),
    spoken: spoken(oneLine(delivery.title), ...state, l10n.t('to {0}', to)),
    icon: deliveryIcon(delivery),
    context: `${ROWS.delivery} ${deliveryGroup(delivery)}`,
    folder: null,
  };
}

function deliveryState(delivery: Delivery, now: number, l10n: L10n): readonly string[] {
  const state = delivery.state;
  switch (state.kind) {
    case 'waiting':
      return [
        state.until === null ? l10n.t('about to go') : l10n.t('until {0}', shortTime(state.until, now)),
        ...(state.reason === null ? [] : [shorten(oneLine(state.reason), 120)]),
      ];
    case 'sending':
      return [l10n.t('sending')];
    case 'accepted':
      return [l10n.t('accepted {0}', shortTime(state.at, now)), ...(state.mayRepeat ? [l10n.t('may repeat')] : [])];
    case 'failed': {
      const reason = shorten(oneLine(state.reason), 120);
      return [
        state.status === null || reason.includes(String(state.status)) ? reason : `${state.status} ${reason}`,
        shortTime(state.at, now),
        ...(delivery.tries > 1 ? [l10n.t('{0} tries', delivery.tries)] : []),
      ];
    }
  }
}

function deliveryIcon(delivery: Delivery): RowIcon {
  switch (delivery.state.kind) {
    case 'waiting':
      return { name: 'clockface', color: null };
    case 'sending':
      return { name: 'send', color: null };
    case 'accepted':
      return { name: 'check', color: null };
    case 'failed':
      return { name: 'error', color: 'problemsErrorIcon.foreground' };
  }
}

export function deliveryTooltip(delivery: Delivery, l10n: L10n): string {
  const target =
    delivery.target.kind === 'inbox'
      ? l10n.t('To the local inbox')
      : l10n.t('To Sentry project {0} on {1}', delivery.target.project, delivery.target.host);
  const lines = [shorten(oneLine(delivery.title), 200), target, l10n.t('Event {0}', delivery.eventId)];
  const state = delivery.state;
  switch (state.kind) {
    case 'waiting':
      lines.push(
        state.reason === null ? l10n.t('In the queue') : l10n.t('Waiting: {0}', shorten(oneLine(state.reason), 300)),
      );
      break;
    case 'sending':
      lines.push(l10n.t('Being sent'));
      break;
    case 'accepted':
      lines.push(
        l10n.t(
          'Accepted at {0} with HTTP {1}, in {2} ms',
          exactClock(state.at),
          state.status,
          Math.round(state.durationMs),
        ),
      );
      if (state.mayRepeat) lines.push(l10n.t('An earlier try may have arrived too: Sentry could show it twice.'));
      break;
    case 'failed':
      lines.push(l10n.t('Failed at {0}: {1}', exactClock(state.at), shorten(oneLine(state.reason), 400)));
      break;
  }
  return lines.join('\n');
}

export function deliveryGroupRow(group: DeliveryGroup, count: number, l10n: L10n): TreeRow {
  const labels = { waiting: l10n.t('Waiting'), failed: l10n.t('Failed'), accepted: l10n.t('Accepted') };
  return folder(`group:${group}`, labels[group], String(count), group, 'open');
}

export interface Sender {
  readonly name: string;
  /** Newest first. */
  readonly events: readonly InboxEvent[];
}

/** What the inbox received, by sender, the latest sender first. */
export function bySender(events: readonly InboxEvent[]): readonly Sender[] {
  const senders = new Map<string, InboxEvent[]>();
  for (const event of [...events].sort((a, b) => b.receivedAt - a.receivedAt || b.id - a.id)) {
    const list = senders.get(event.sender);
    if (list) list.push(event);
    else senders.set(event.sender, [event]);
  }
  return [...senders].map(([name, list]) => ({ name, events: list }));
}

export function inboxRow(inbox: Overview['inbox'], senders: number, l10n: L10n): TreeRow {
  if (inbox.state === 'off') {
    const row = folder('group:inbox', l10n.t('Inbox'), dotted(l10n.t('off'), oneLine(inbox.message)), null, 'open');
    return { ...row, icon: { name: 'warning', color: 'problemsWarningIcon.foreground' }, folder: null };
  }
  const count = senders === 1 ? l10n.t('1 sender') : l10n.t('{0} senders', senders);
  return folder(
    'group:inbox',
    l10n.t('Inbox 127.0.0.1:{0}', inbox.port),
    dotted(count, inbox.note),
    ROWS.inbox,
    'open',
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

export function senderRow(sender: Sender, now: number, l10n: L10n): TreeRow {
  const count = sender.events.length === 1 ? l10n.t('1 event') : l10n.t('{0} events', sender.events.length);
  const latest = sender.events[0];
  const row = folder(
    `sender:${sender.name}`,
    shorten(oneLine(sender.name), 100),
    dotted(count, latest === undefined ? null : shortTime(latest.receivedAt, now)),
    null,
    'closed',
  );
  return { ...row, icon: { name: 'inbox', color: null } };
}

export function inboxEventRow(event: InboxEvent, l10n: L10n): TreeRow {
  return {
    id: `inbox:${event.id}`,
    label: shortTitle(event.title),
    description: dotted(clock(event.receivedAt), oneLine(event.level)),
    spoken: spoken(oneLine(event.title), oneLine(event.level), l10n.t('received {0}', clock(event.receivedAt))),
    icon: levelIcon(event.level),
    context: ROWS.inboxEvent,
    folder: null,
  };
}

function levelIcon(level: string): RowIcon {
  if (level === 'warning') return { name: 'warning', color: 'problemsWarningIcon.foreground' };
  if (level === 'error' || level === 'fatal') return { name: 'error', color: 'problemsErrorIcon.foreground' };
  return { name: 'info', color: 'descriptionForeground' };
}

export const inboxEventTooltip = (event: InboxEvent, l10n: L10n): string =>
  [
    shorten(oneLine(event.title), 200),
    l10n.t('Received {0}, {1} bytes, from {2}', exactClock(event.receivedAt), event.bytes, oneLine(event.sender)),
    ...(event.eventId === null ? [] : [l10n.t('Event {0}', event.eventId)]),
  ].join('\n');

const folder = (
  id: string,
  label: string,
  description: string,
  context: string | null,
  state: 'open' | 'closed',
): TreeRow => ({ id, label, description, spoken: spoken(label, description), icon: null, context, folder: state });
