import * as vscode from 'vscode';
import type { DeliveryId } from '../../engine/api.ts';
import { COMMANDS } from '../ids.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import { deliveryGroup, deliveryRow, shortTitle } from '../sent/rows.ts';
import type { SentTree } from '../sent/tree.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { clock } from '../time.ts';
import { deliveryOf, inboxEventOf } from './arguments.ts';
import type { Handler } from './register.ts';

/** Commands on deliveries and the inbox, and the log. */
export function sentCommands(session: Session, sent: SentTree, preview: PreviewPanel, log: vscode.LogOutputChannel) {
  const pickDelivery = async (args: readonly unknown[]): Promise<DeliveryId | undefined> => {
    const named = deliveryOf(args);
    if (named !== undefined) return named;
    const items = sent.deliveries
      .filter((delivery) => deliveryGroup(delivery) !== 'accepted')
      .map((delivery) => {
        const row = deliveryRow(delivery, Date.now(), vscode.l10n);
        return { label: inert(row.label), description: inert(row.description), id: delivery.id };
      });
    return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which delivery?') }))?.id;
  };
  const pickEvent = async (
    args: readonly unknown[],
  ): Promise<{ readonly id: number; readonly title: string } | undefined> => {
    const named = inboxEventOf(args);
    if (named) return named;
    const items = sent.events.map((event) => ({
      label: inert(shortTitle(event.title)),
      description: inert(`${clock(event.receivedAt)} · ${event.sender}`),
      event,
    }));
    return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which event?') }))?.event;
  };

  return {
    [COMMANDS.retryDelivery]: async (...args) => {
      const id = await pickDelivery(args);
      if (id !== undefined) await session.call((engine) => engine.retry(id));
    },
    [COMMANDS.cancelDelivery]: async (...args) => {
      const id = await pickDelivery(args);
      if (id === undefined) return;
      await session.call((engine) => engine.cancel(id));
      await sent.reload();
    },
    [COMMANDS.openInboxEvent]: async (...args) => {
      const event = await pickEvent(args);
      if (event) await preview.showReceived(event.id);
    },
    [COMMANDS.copyInboxDsn]: async () => {
      const inbox = session.overview?.inbox;
      if (inbox?.state !== 'listening') throw new Error(inbox?.message ?? vscode.l10n.t('The inbox is not listening.'));
      await vscode.env.clipboard.writeText(inbox.dsn);
    },
    [COMMANDS.clearInbox]: async () => {
      await session.call((engine) => engine.clearInbox());
      await sent.reload();
    },
    [COMMANDS.showLog]: () => log.show(),
  } satisfies Partial<Record<string, Handler>>;
}
