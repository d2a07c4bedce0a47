import type { InboxEvent } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';
import type { Issue, Sender } from './inboxGroups.ts';
import { folder, partitionOf, shortTitle, titleParts } from './rows.ts';

export function senderRow(sender: Sender, now: number, l10n: L10n): TreeRow {
  const row = folder(
    `sender:${sender.name}`,
    shorten(oneLine(sender.name), 100),
    dotted(events(sender.count, l10n), shortTime(sender.latest.receivedAt, now)),
    null,
    'closed',
  );
  return { ...row, icon: { name: 'inbox', color: null } };
}

/** Events of one sender that Sentry would put into one issue. */
export function issueRow(issue: Issue, now: number, l10n: L10n): TreeRow {
  const { latest } = issue;
  const { name, detail } = titleParts(latest.title);
  const count = events(issue.events.length, l10n);
  return {
    id: `issue:${latest.sender}:${issue.key}`,
    label: name,
    description: dotted(detail, count, shortTime(latest.receivedAt, now), oneLine(latest.level)),
    spoken: spoken(oneLine(latest.title), l10n.t('one issue in Sentry'), count, oneLine(latest.level)),
    icon: levelIcon(latest.level),
    context: null,
    folder: 'closed',
  };
}

/** An event alone in its issue. */
export function inboxEventRow(event: InboxEvent, l10n: L10n): TreeRow {
  const { name, detail } = titleParts(event.title);
  const partition = partitionOf(event);
  const time = clock(event.receivedAt);
  return {
    id: `inbox:${event.id}`,
    label: name,
    description: dotted(detail, partition, time, oneLine(event.level)),
    spoken: spoken(
      oneLine(event.title),
      partition === null ? null : l10n.t('partition {0}', partition),
      oneLine(event.level),
      l10n.t('received {0}', time),
    ),
    icon: levelIcon(event.level),
    context: ROWS.inboxEvent,
    folder: null,
  };
}

/** An event below its issue, which says what they share. */
export function eventOfIssueRow(event: InboxEvent, issue: Issue, l10n: L10n): TreeRow {
  const title = event.title === issue.latest.title ? null : shortTitle(event.title);
  const run = event.runId === null ? null : l10n.t('run {0}', oneLine(event.runId).slice(0, 8));
  return {
    ...inboxEventRow(event, l10n),
    label: clock(event.receivedAt),
    description: dotted(title, partitionOf(event), run),
  };
}

function events(count: number, l10n: L10n): string {
  return count === 1 ? l10n.t('1 event') : l10n.t('{0} events', count);
}

function levelIcon(level: string): RowIcon {
  if (level === 'warning') return { name: 'warning', color: 'problemsWarningIcon.foreground' };
  if (level === 'error' || level === 'fatal') return { name: 'error', color: 'problemsErrorIcon.foreground' };
  return { name: 'info', color: 'descriptionForeground' };
}
