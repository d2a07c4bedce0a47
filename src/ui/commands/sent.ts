import * as vscode from 'vscode';
import { deliveryGroup } from '../../delivery/delivery.ts';
import type { DeliveryGroup, DeliveryId, EventMatch, FailureId } from '../../engine/api.ts';
import type { FailuresView } from '../failures/view.ts';
import { COMMANDS, INTERNAL_COMMANDS } from '../ids.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import { ask, sayInfo } from '../say.ts';
import { failureWords, matchWords } from '../sent/matchWords.ts';
import { deliveryRow, shortTitle } from '../sent/rows.ts';
import type { SentTree } from '../sent/tree.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import { deliveryGroupOf, deliveryOf, type EventArgument, eventIdOf, failuresOf, inboxEventOf } from './arguments.ts';
import type { Handler } from './register.ts';

interface Parts {
  readonly session: Session;
  readonly sent: SentTree;
  readonly preview: PreviewPanel;
  readonly failures: FailuresView;
  readonly log: vscode.LogOutputChannel;
}

/** Commands on deliveries and the inbox, and the log. */
export function sentCommands({ session, sent, preview, failures, log }: Parts) {
  /** The delivery a command was called on; those that rows of failures tell of; else one that the user picks. */
  const chosenDeliveries = async (
    args: readonly unknown[],
    ...groups: readonly DeliveryGroup[]
  ): Promise<readonly DeliveryId[]> => {
    const named = deliveryOf(args);
    if (named !== undefined) return [named];
    const rows = failuresOf(args);
    if (rows.length > 0) return await openDeliveries(rows, groups);
    const deliveries = groups.flatMap((group) => sent.deliveries(group));
    const items = deliveries.map((delivery) => {
      const row = deliveryRow(delivery, Date.now(), vscode.l10n);
      return { label: inert(row.label), description: inert(row.description), id: delivery.id };
    });
    const picked = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which delivery?') });
    return picked === undefined ? [] : [picked.id];
  };
  /** Rows of failures may tell of a state that has changed since: what is no longer in one of the groups is left. */
  const openDeliveries = async (
    ids: readonly FailureId[],
    groups: readonly DeliveryGroup[],
  ): Promise<readonly DeliveryId[]> => {
    const open = await Promise.all(ids.map((id) => session.call((engine) => engine.openDelivery(id))));
    return open.flatMap((each) => (each !== null && groups.includes(deliveryGroup(each)) ? [each.id] : []));
  };
  const pickEvent = async (args: readonly unknown[]): Promise<EventArgument | undefined> => {
    const named = inboxEventOf(args);
    if (named) return named;
    const items = sent.events.map((event) => ({
      label: inert(shortTitle(event.title)),
      description: inert(`${clock(event.receivedAt)} · ${event.sender}`),
      event,
    }));
    const placeHolder = vscode.l10n.t('Which event?');
    return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.event;
  };

  return {
    [COMMANDS.retryDelivery]: async (...args) => {
      for (const id of await chosenDeliveries(args, 'failed', 'waiting'))
        await session.call((engine) => engine.retry(id));
    },
    [COMMANDS.openIssue]: async (...args) => {
      const id = deliveryOf(args);
      const url = id === undefined ? null : await session.call((engine) => engine.issueUrl(id));
      if (url !== null) await vscode.env.openExternal(vscode.Uri.parse(url, true));
      else sayInfo(vscode.l10n.t('Sentry has not said which issue it joined.'));
    },
    [COMMANDS.cancelDelivery]: async (...args) => {
      for (const id of await chosenDeliveries(args, 'waiting')) await session.call((engine) => engine.cancel(id));
      await sent.reload();
    },
    [COMMANDS.removeDelivery]: async (...args) => {
      for (const id of await chosenDeliveries(args, 'failed')) await session.call((engine) => engine.remove(id));
      await sent.reload();
    },
    [COMMANDS.openInboxEvent]: async (...args) => {
      const event = await pickEvent(args);
      if (event) await preview.showReceived(event.id);
    },
    [COMMANDS.whichFailure]: async (...args) => {
      const event = await pickEvent(args);
      if (!event) return;
      const match = await session.call((engine) => engine.failureOfInboxEvent(event.id));
      if (match.rows.length === 0) {
        sayInfo(matchWords(match, event, vscode.l10n));
        return;
      }
      const id = match.rows.length === 1 ? match.rows[0]?.id : await pickMatch(match, event);
      if (id === undefined) return;
      await failures.reveal(id);
      await preview.show(id);
    },
    [COMMANDS.copyEventId]: async (...args) => {
      const id = eventIdOf(args) ?? (await pickEvent(args))?.eventId;
      if (id) await vscode.env.clipboard.writeText(id);
    },
    [COMMANDS.copyInboxDsn]: async () => {
      const inbox = session.overview?.inbox;
      if (inbox?.state !== 'listening') throw new Error(inbox?.message ?? vscode.l10n.t('The inbox is not listening.'));
      await vscode.env.clipboard.writeText(inbox.dsn);
    },
    [COMMANDS.clearInbox]: async () => {
      if (!(await mayClear(sent.inboxEvents))) return;
      await session.call((engine) => engine.clearInbox());
      await sent.reload();
    },
    [COMMANDS.showLog]: () => log.show(),
    [INTERNAL_COMMANDS.showMoreSent]: async (...args) => {
      const group = deliveryGroupOf(args);
      if (group !== undefined) await sent.showMore(group);
    },
  } satisfies Partial<Record<string, Handler>>;
}

/** What anybody sent to the inbox cannot be had again at will. */
async function mayClear(events: number): Promise<boolean> {
  if (events === 0) return true;
  return await ask(
    events === 1
      ? vscode.l10n.t('Delete the event that the inbox received?')
      : vscode.l10n.t('Delete all {0} events that the inbox received?', events),
    vscode.l10n.t(
      'The inbox is the same in every window, and what others sent only they can send again. Failures and receipts stay.',
    ),
    vscode.l10n.t('Clear Inbox'),
  );
}

/** An event fits several failures: the user knows which. */
async function pickMatch(match: EventMatch, event: EventArgument): Promise<FailureId | undefined> {
  const items = match.rows.map((row) => ({
    label: inert(failureWords(row, vscode.l10n)),
    description: shortTime(row.timestamp * 1000, Date.now()),
    id: row.id,
  }));
  const placeHolder = matchWords(match, event, vscode.l10n);
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.id;
}
