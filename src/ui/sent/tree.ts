import * as vscode from 'vscode';
import type { Delivery, DeliveryId, InboxEvent } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import {
  bySender,
  DELIVERY_GROUPS,
  type DeliveryGroup,
  deliveryGroup,
  deliveryGroupRow,
  deliveryRow,
  deliveryTooltip,
  inboxEventRow,
  inboxEventTooltip,
  inboxRow,
  inboxTooltip,
  type Sender,
  senderRow,
} from './rows.ts';

export type SentNode =
  | { readonly kind: 'group'; readonly group: DeliveryGroup }
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'inbox' }
  | { readonly kind: 'sender'; readonly sender: Sender }
  | { readonly kind: 'inboxEvent'; readonly event: InboxEvent };

/** How many of each are shown: the newest. */
const LIMIT = 500;

/** What was sent and what the inbox received. */
export class SentTree implements vscode.TreeDataProvider<SentNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #log: vscode.LogOutputChannel;
  readonly #deliveries = new Map<DeliveryId, Delivery>();
  readonly #events = new Map<number, InboxEvent>();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<undefined>());
  #inbox = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#log = log;
    this.#disposables.add(vscode.window.createTreeView(VIEWS.sent, { treeDataProvider: this }));
    this.#disposables.add(session.onReset(() => void this.reload()));
    this.#disposables.add(
      session.onChange((change) => {
        for (const delivery of change.deliveries ?? []) this.#deliveries.set(delivery.id, delivery);
        for (const event of change.inbox ?? []) this.#events.set(event.id, event);
        if (change.deliveries || change.inbox) this.#changed.fire(undefined);
      }),
    );
    this.#disposables.add(session.onSituation(() => this.#situationChanged()));
  }

  get inboxEvents(): number {
    return this.#events.size;
  }

  /** Newest first. */
  get deliveries(): readonly Delivery[] {
    return [...this.#deliveries.values()].sort((a, b) => b.queuedAt - a.queuedAt || b.id - a.id).slice(0, LIMIT);
  }

  /** Newest first. */
  get events(): readonly InboxEvent[] {
    return [...this.#events.values()].sort((a, b) => b.id - a.id).slice(0, LIMIT);
  }

  /** Reads all of it again: rows that were taken away are told by nobody. */
  async reload(): Promise<void> {
    try {
      const deliveries = await this.#session.call((engine) => engine.deliveries(LIMIT));
      // Each taken at once: what the engine tells from here on is newer.
      this.#deliveries.clear();
      for (const delivery of deliveries) this.#deliveries.set(delivery.id, delivery);
      const events = await this.#session.call((engine) => engine.inboxEvents(LIMIT));
      this.#events.clear();
      for (const event of events) this.#events.set(event.id, event);
    } catch (error) {
      this.#log.error(`Deliveries were not loaded: ${wordsOf(error)}`);
    }
    if (!this.#disposables.closed) this.#changed.fire(undefined);
  }

  getTreeItem(node: SentNode): vscode.TreeItem {
    const now = Date.now();
    switch (node.kind) {
      case 'group':
        return treeItem(deliveryGroupRow(node.group, this.#inGroup(node.group).length, vscode.l10n));
      case 'delivery': {
        const preview = {
          title: vscode.l10n.t('Preview'),
          command: COMMANDS.preview,
          arguments: [node.delivery.failureId],
        };
        const item = treeItem(deliveryRow(node.delivery, now, vscode.l10n), preview);
        item.tooltip = maskSecrets(deliveryTooltip(node.delivery, vscode.l10n));
        return item;
      }
      case 'inbox': {
        const inbox = this.#session.overview?.inbox ?? { state: 'off', message: '' };
        const item = treeItem(inboxRow(inbox, bySender(this.events).length, vscode.l10n));
        item.tooltip = maskSecrets(inboxTooltip(inbox, vscode.l10n));
        return item;
      }
      case 'sender':
        return treeItem(senderRow(node.sender, now, vscode.l10n));
      case 'inboxEvent': {
        const open = { title: vscode.l10n.t('Open Inbox Event'), command: COMMANDS.openInboxEvent, arguments: [node] };
        const item = treeItem(inboxEventRow(node.event, vscode.l10n), open);
        item.tooltip = inboxEventTooltip(node.event, vscode.l10n);
        return item;
      }
    }
  }

  getChildren(node?: SentNode): SentNode[] {
    switch (node?.kind) {
      case undefined: {
        if (!this.#session.overview) return [];
        const groups = DELIVERY_GROUPS.filter((group) => this.#inGroup(group).length > 0);
        return [...groups.map((group): SentNode => ({ kind: 'group', group })), { kind: 'inbox' }];
      }
      case 'group':
        return this.#inGroup(node.group).map((delivery) => ({ kind: 'delivery', delivery }));
      case 'inbox':
        return bySender(this.events).map((sender) => ({ kind: 'sender', sender }));
      case 'sender':
        return node.sender.events.map((event) => ({ kind: 'inboxEvent', event }));
      case 'delivery':
      case 'inboxEvent':
        return [];
    }
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #inGroup(group: DeliveryGroup): readonly Delivery[] {
    return this.deliveries.filter((delivery) => deliveryGroup(delivery) === group);
  }

  #situationChanged(): void {
    const inbox = JSON.stringify(this.#session.overview?.inbox);
    if (inbox === this.#inbox) return;
    this.#inbox = inbox;
    this.#changed.fire(undefined);
  }
}
