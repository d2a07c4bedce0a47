import * as vscode from 'vscode';
import type { Overview } from '../../engine/api.ts';
import { COMMANDS, INTERNAL_COMMANDS } from '../ids.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import type { SentList } from './list.ts';
import type { SentNode } from './node.ts';
import { deliveryGroupRow, deliveryRow, inboxRow, moreDeliveriesRow } from './rows.ts';

/** What stands in the inbox's own row. */
export interface InboxShown {
  readonly status: Overview['inbox'];
  /** How many senders it received events from. */
  readonly senders: number;
}

/** A row of the Sent view as VS Code draws it; what the inbox received is drawn by what is loaded when it is opened. */
export async function itemOf(
  node: SentNode,
  list: Pick<SentList, 'total' | 'hidden'>,
  inbox: InboxShown,
): Promise<vscode.TreeItem> {
  const now = Date.now();
  switch (node.kind) {
    case 'group':
      return treeItem(deliveryGroupRow(node.group, list.total(node.group), vscode.l10n));
    case 'delivery':
      return treeItem(deliveryRow(node.delivery, now, vscode.l10n), {
        title: vscode.l10n.t('Preview'),
        command: COMMANDS.preview,
        arguments: [node.delivery.failureId],
      });
    case 'more':
      return treeItem(moreDeliveriesRow(node.group, list.hidden(node.group), vscode.l10n), {
        title: vscode.l10n.t('Show more'),
        command: INTERNAL_COMMANDS.showMoreSent,
        arguments: [node.group],
      });
    case 'inbox':
      return treeItem(inboxRow(inbox.status, inbox.senders, vscode.l10n));
    case 'sender': {
      const { senderRow } = await import('./inboxRows.ts');
      return treeItem(senderRow(node.sender, now, vscode.l10n));
    }
    case 'issue': {
      const { issueRow } = await import('./inboxRows.ts');
      return treeItem(issueRow(node.issue, now, vscode.l10n));
    }
    case 'inboxEvent': {
      const { eventOfIssueRow, inboxEventRow } = await import('./inboxRows.ts');
      const { event, issue } = node;
      return treeItem(issue === null ? inboxEventRow(event, vscode.l10n) : eventOfIssueRow(event, issue, vscode.l10n), {
        title: vscode.l10n.t('Open Inbox Event'),
        command: COMMANDS.openInboxEvent,
        arguments: [node],
      });
    }
  }
}

/** What the pointer finds over a row: it asks the engine. */
export async function tooltipOf(
  node: Extract<SentNode, { kind: 'delivery' | 'inboxEvent' | 'inbox' }>,
  session: Pick<Session, 'call'>,
  inbox: Overview['inbox'],
): Promise<string> {
  const { deliveryTooltip, inboxEventTooltip, inboxTooltip } = await import('./tooltips.ts');
  switch (node.kind) {
    case 'inbox':
      return inboxTooltip(inbox, vscode.l10n);
    case 'delivery': {
      const tries = await session.call((engine) => engine.tries(node.delivery.id));
      return deliveryTooltip(node.delivery, tries, Date.now(), vscode.l10n);
    }
    case 'inboxEvent': {
      const match = await session.call((engine) => engine.failureOfInboxEvent(node.event.id));
      return inboxEventTooltip(node.event, match, vscode.l10n);
    }
  }
}
