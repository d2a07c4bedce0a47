import * as vscode from 'vscode';
import { DELIVERY_GROUPS } from '../../delivery/delivery.ts';
import type { Delivery, DeliveryGroup, EngineChange, InboxEvent, Overview } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { VIEWS } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { bySender } from './inboxGroups.ts';
import { PAGE, SentList } from './list.ts';
import type { SentNode } from './node.ts';

/** The inbox keeps no more than this (`store/inboxEvents`). */
const EVENTS = 1_000;

const GROUPS: Readonly<Record<DeliveryGroup, SentNode>> = {
  waiting: { kind: 'group', group: 'waiting' },
  failed: { kind: 'group', group: 'failed' },
  accepted: { kind: 'group', group: 'accepted' },
};
const INBOX: SentNode = { kind: 'inbox' };

/** What was sent and what the inbox received. */
export class SentTree implements vscode.TreeDataProvider<SentNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #log: vscode.LogOutputChannel;
  readonly #list = new SentList();
  readonly #events = new Map<number, InboxEvent>();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<SentNode[] | undefined>());
  #loading: Promise<void> = Promise.resolve();
  /** Groups to be read anew, and whether a read is under way. */
  readonly #wanted = new Set<DeliveryGroup>();
  #reading = false;
  #shown = '';
  #inbox = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#log = log;
    this.#disposables.add(vscode.window.createTreeView(VIEWS.sent, { treeDataProvider: this }));
    this.#disposables.add(session.onReset(() => void this.reload()));
    this.#disposables.add(session.onChange((change) => this.#apply(change)));
    this.#disposables.add(session.onSituation(() => this.#situationChanged()));
  }

  get inboxEvents(): number {
    return this.#events.size;
  }

  /** Those that are loaded, newest first. */
  deliveries(group: DeliveryGroup): readonly Delivery[] {
    return this.#list.rows(group);
  }

  /** Newest first. */
  get events(): readonly InboxEvent[] {
    return [...this.#events.values()].sort((a, b) => b.id - a.id);
  }

  /** Reads all of it again: rows that were taken away are told by nobody. */
  async reload(): Promise<void> {
    await this.#load(async () => {
      for (const group of DELIVERY_GROUPS) await this.#read(group);
      const events = await this.#session.call((engine) => engine.inboxEvents(EVENTS));
      this.#events.clear();
      for (const event of events) this.#events.set(event.id, event);
    });
    this.#refresh(undefined);
  }

  /** Loads the next page of a group. */
  async showMore(group: DeliveryGroup): Promise<void> {
    const before = this.#list.last(group);
    const page = await this.#session.call((engine) => engine.deliveries({ group, limit: PAGE, before }));
    this.#list.append(group, page);
    this.#changed.fire([GROUPS[group]]);
  }

  /** What draws the rows is loaded when the first one is shown. */
  async getTreeItem(node: SentNode): Promise<vscode.TreeItem> {
    const { itemOf } = await import('./items.ts');
    const senders = new Set(this.events.map(({ sender }) => sender)).size;
    return itemOf(node, this.#list, { status: this.#inboxStatus, senders });
  }

  async getChildren(node?: SentNode): Promise<SentNode[]> {
    await this.#loading;
    switch (node?.kind) {
      case undefined: {
        if (!this.#session.overview) return [];
        return [...DELIVERY_GROUPS.filter((group) => this.#list.total(group) > 0).map((group) => GROUPS[group]), INBOX];
      }
      case 'group': {
        const rows = this.#list.rows(node.group).map((delivery): SentNode => ({ kind: 'delivery', delivery }));
        return this.#list.hidden(node.group) > 0 ? [...rows, { kind: 'more', group: node.group }] : rows;
      }
      case 'inbox':
        return bySender(this.events).map((sender) => ({ kind: 'sender', sender }));
      case 'sender':
        return node.sender.issues.map(
          (issue): SentNode =>
            issue.events.length === 1
              ? { kind: 'inboxEvent', event: issue.latest, issue: null }
              : { kind: 'issue', issue },
        );
      case 'issue':
        return node.issue.events.map((event) => ({ kind: 'inboxEvent', event, issue: node.issue }));
      case 'delivery':
      case 'more':
      case 'inboxEvent':
        return [];
    }
  }

  /** Tooltips, loaded and made when the pointer rests: they ask the engine. */
  async resolveTreeItem(item: vscode.TreeItem, node: SentNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'delivery' && node.kind !== 'inboxEvent' && node.kind !== 'inbox') return item;
    try {
      const { tooltipOf } = await import('./items.ts');
      item.tooltip = maskSecrets(await tooltipOf(node, this.#session, this.#inboxStatus));
    } catch (error) {
      item.tooltip = maskSecrets(wordsOf(error));
    }
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  get #inboxStatus(): Overview['inbox'] {
    return this.#session.overview?.inbox ?? { state: 'off', message: '' };
  }

  #apply(change: EngineChange): void {
    const touched: SentNode[] = [];
    if (change.overview) {
      const applied = this.#list.apply(change.deliveries ?? [], change.overview.deliveries);
      touched.push(...[...applied.touched].map((group) => GROUPS[group]));
      for (const group of applied.short) this.#wanted.add(group);
      this.#refill();
    }
    if (change.inbox) {
      for (const event of change.inbox) this.#events.set(event.id, event);
      for (const { id } of this.events.slice(EVENTS)) this.#events.delete(id);
      touched.push(INBOX);
    }
    if (touched.length > 0) this.#refresh(touched);
  }

  /** Reads groups that show fewer rows than they could. */
  #refill(): void {
    if (this.#reading || this.#wanted.size === 0) return;
    this.#reading = true;
    const groups = [...this.#wanted];
    this.#wanted.clear();
    void this.#load(async () => {
      for (const group of groups) await this.#read(group);
    }).then(() => {
      this.#reading = false;
      this.#refresh(groups.map((group) => GROUPS[group]));
      this.#refill();
    });
  }

  /** A group anew, as many rows as may be shown. */
  async #read(group: DeliveryGroup): Promise<void> {
    const limit = this.#list.limit(group);
    this.#list.replace(group, await this.#session.call((engine) => engine.deliveries({ group, limit, before: null })));
  }

  /** One read after another; rows are asked for when it is done. */
  #load(read: () => Promise<void>): Promise<void> {
    this.#loading = this.#loading.then(read).catch((error: unknown) => {
      this.#log.error(`Deliveries were not loaded: ${wordsOf(error)}`);
    });
    return this.#loading;
  }

  /** Only what changed is drawn again; the whole tree when a group comes or goes. */
  #refresh(nodes: SentNode[] | undefined): void {
    if (this.#disposables.closed) return;
    const shown = DELIVERY_GROUPS.filter((group) => this.#list.total(group) > 0).join();
    this.#changed.fire(shown === this.#shown ? nodes : undefined);
    this.#shown = shown;
  }

  #situationChanged(): void {
    const inbox = JSON.stringify(this.#session.overview?.inbox);
    if (inbox === this.#inbox) return;
    this.#inbox = inbox;
    this.#changed.fire(undefined);
  }
}
