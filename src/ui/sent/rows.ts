import { deliveryGroup } from '../../delivery/delivery.ts';
import type { Delivery, DeliveryGroup, Overview } from '../../engine/api.ts';
import { withoutStart } from '../../failure/titleStart.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';

type Accepted = Extract<Delivery['state'], { kind: 'accepted' }>;

const hasIssue = ({ state }: Delivery): boolean =>
  state.kind === 'accepted' && state.confirmation?.kind === 'confirmed' && state.confirmation.issueUrl !== null;

const isConfirmed = ({ confirmation }: Accepted): boolean => confirmation?.kind === 'confirmed';

/** An alert's title as a row: check name, asset path or job; then the check's asset or the error class, '' where it has neither. */
export function titleParts(title: string): { readonly name: string; readonly detail: string } {
  const rest = withoutStart(oneLine(title));
  const [, name = rest, detail = ''] =
    /^(.+) on (.+) \((?:WARN|ERROR)\)$/.exec(rest) ?? /^(.+) \(([^()]+)\)$/.exec(rest) ?? [];
  return { name: shorten(name, 200), detail: shorten(detail, 120) };
}

export const shortTitle = (title: string): string => titleParts(title).name;

/** Where it goes, in a word or two. */
export const sentTo = ({ target }: Delivery, l10n: L10n): string =>
  target.kind === 'inbox' ? l10n.t('inbox') : l10n.t('Sentry {0}', oneLine(target.project));

export const partitionOf = ({ partition }: { readonly partition: string | null }): string | null =>
  partition === null ? null : oneLine(partition);

/** A delivery below its group, which says whether it waits, failed or was accepted. */
export function deliveryRow(delivery: Delivery, now: number, l10n: L10n): TreeRow {
  const { name: label, detail } = titleParts(delivery.title);
  const partition = partitionOf(delivery);
  const to = sentTo(delivery, l10n);
  const state = deliveryState(delivery, now, l10n);
  return {
    id: `delivery:${delivery.id}`,
    label,
    description: dotted(detail, partition, ...state, to),
    spoken: spoken(
      oneLine(delivery.title),
      partition === null ? null : l10n.t('partition {0}', partition),
      delivery.state.kind === 'accepted' && !isConfirmed(delivery.state) && l10n.t('accepted'),
      ...state,
      l10n.t('to {0}', to),
    ),
    icon: deliveryIcon(delivery),
    context: [ROWS.delivery, deliveryGroup(delivery), ...(hasIssue(delivery) ? ['issue'] : [])].join(' '),
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
      return [...acceptedWords(state, now, l10n), ...(state.mayRepeat ? [l10n.t('may repeat')] : [])];
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

function acceptedWords(state: Accepted, now: number, l10n: L10n): readonly string[] {
  const at = shortTime(state.at, now);
  switch (state.confirmation?.kind) {
    case 'confirmed':
      return [l10n.t('confirmed {0}', shortTime(state.confirmation.at, now))];
    case 'unseen':
      return [at, l10n.t('not seen in Sentry yet')];
    case undefined:
      return [at];
  }
}

function deliveryIcon(delivery: Delivery): RowIcon {
  const { state } = delivery;
  switch (state.kind) {
    case 'waiting':
      return { name: 'clockface', color: null };
    case 'sending':
      return { name: 'send', color: null };
    case 'accepted':
      return { name: isConfirmed(state) ? 'check-all' : 'check', color: null };
    case 'failed':
      return { name: 'error', color: 'problemsErrorIcon.foreground' };
  }
}

export function deliveryGroupRow(group: DeliveryGroup, count: number, l10n: L10n): TreeRow {
  const labels = { waiting: l10n.t('Waiting'), failed: l10n.t('Failed'), accepted: l10n.t('Accepted') };
  return folder(`group:${group}`, labels[group], String(count), null, 'open');
}

/** Stands after the loaded rows of a group; a click loads the next page. */
export function moreDeliveriesRow(group: DeliveryGroup, hidden: number, l10n: L10n): TreeRow {
  const label = l10n.t('Show more');
  const description = l10n.t('{0} more', hidden);
  return {
    id: `more:${group}`,
    label,
    description,
    spoken: spoken(label, description),
    icon: null,
    context: null,
    folder: null,
  };
}

/** A row that holds others. */
export const folder = (
  id: string,
  label: string,
  description: string,
  context: string | null,
  state: 'open' | 'closed',
): TreeRow => ({ id, label, description, spoken: spoken(label, description), icon: null, context, folder: state });

/** The inbox itself; its events are in inboxRows.ts, which is loaded when it is opened. */
export function inboxRow(inbox: Overview['inbox'], senders: number, l10n: L10n): TreeRow {
  if (inbox.state === 'off') {
    const row = folder('group:inbox', l10n.t('Inbox'), dotted(l10n.t('off'), oneLine(inbox.message)), null, 'open');
    return { ...row, icon: { name: 'warning', color: 'problemsWarningIcon.foreground' }, folder: null };
  }
  const count =
    senders === 0 ? l10n.t('nothing received') : senders === 1 ? l10n.t('1 sender') : l10n.t('{0} senders', senders);
  // Open also while it is empty: VS Code keeps a row closed that was a leaf before.
  return folder(
    'group:inbox',
    l10n.t('Inbox 127.0.0.1:{0}', inbox.port),
    dotted(count, inbox.note),
    ROWS.inbox,
    'open',
  );
}
