import * as vscode from 'vscode';
import type { FailureGroup, FailureId, FailureRow } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { COMMANDS, type CommandId, INTERNAL_COMMANDS } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import { Folding } from './folding.ts';
import { groupRow, moreGroupsRow, moreRow } from './groupRows.ts';
import type { FailureList } from './list.ts';
import { failureRow } from './rows.ts';
import type { FailureSource } from './source.ts';

export type FailureNode =
  | { readonly kind: 'group'; readonly key: string }
  | { readonly kind: 'failure'; readonly row: FailureRow }
  | { readonly kind: 'more'; readonly key: string }
  | { readonly kind: 'moreGroups' }
  /** Stands in for a welcome text that could not name what is wrong. */
  | { readonly kind: 'action'; readonly label: string; readonly icon: string; readonly command: CommandId };

/** Rows of a group that are handed over when it is shown for the first time: VS Code draws none before it has all. */
const AT_FIRST = 60;
/** ms until the rest follows. */
const FILL_AFTER = 200;

type GroupNode = Extract<FailureNode, { kind: 'group' }>;

/** The failures of the source as VS Code's tree; only the groups that changed are drawn again. */
export class FailuresTree implements vscode.TreeDataProvider<FailureNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #source: FailureSource;
  /** VS Code knows a group that changed by its object. */
  readonly #groups = new Map<string, GroupNode>();
  readonly #folding = new Folding();
  readonly #seen = new Set<string>();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<FailureNode[] | undefined>());

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(session: Session, source: FailureSource) {
    this.#session = session;
    this.#source = source;
    this.#disposables.add(
      source.onDidChange((keys) => {
        if (keys === null) this.#changed.fire(undefined);
        else if (keys.size > 0) this.#changed.fire([...keys].map((key) => this.#group(key)));
      }),
    );
    this.#disposables.add(
      session.onSituation(() => {
        if (this.list.empty) this.#changed.fire(undefined);
      }),
    );
  }

  get list(): FailureList {
    return this.#source.list;
  }

  getTreeItem(node: FailureNode): vscode.TreeItem {
    const { grouping } = this.#source.arrangement;
    switch (node.kind) {
      case 'group': {
        const group = this.list.groups.find(({ key }) => key === node.key);
        return group
          ? treeItem(groupRow(group, grouping, this.isOpen(node.key), vscode.l10n))
          : new vscode.TreeItem('');
      }
      case 'failure': {
        const row = failureRow(node.row, Date.now(), vscode.l10n, grouping);
        return treeItem(row, {
          title: vscode.l10n.t('Preview'),
          command: INTERNAL_COMMANDS.openRow,
          arguments: [node.row.id],
        });
      }
      case 'more':
        return treeItem(moreRow(node.key, grouping, this.list.hidden(node.key), vscode.l10n), {
          title: vscode.l10n.t('Show more'),
          command: INTERNAL_COMMANDS.showMore,
          arguments: [node.key],
        });
      case 'moreGroups':
        return treeItem(moreGroupsRow(this.list.hiddenGroups, vscode.l10n), {
          title: vscode.l10n.t('Show more'),
          command: INTERNAL_COMMANDS.showMoreGroups,
        });
      case 'action': {
        const item = new vscode.TreeItem(node.label);
        item.id = `action:${node.command}`;
        item.iconPath = new vscode.ThemeIcon(node.icon);
        item.command = { title: node.label, command: node.command };
        return item;
      }
    }
  }

  async getChildren(node?: FailureNode): Promise<FailureNode[]> {
    if (node === undefined) {
      await this.#source.settled();
      const groups: FailureNode[] = this.list.groups.map(({ key }) => this.#group(key));
      if (groups.length === 0) return this.#actions();
      return this.list.hiddenGroups > 0 ? [...groups, { kind: 'moreGroups' }] : groups;
    }
    if (node.kind !== 'group') return [];
    const all = await this.#source.rows(node.key);
    const rows = all.map((row): FailureNode => ({ kind: 'failure', row }));
    if (rows.length > AT_FIRST && !this.#seen.has(node.key)) {
      this.#fillSoon(node);
      return rows.slice(0, AT_FIRST);
    }
    return this.list.hidden(node.key) > 0 ? [...rows, { kind: 'more', key: node.key }] : rows;
  }

  getParent(node: FailureNode): FailureNode | undefined {
    if (node.kind === 'more') return this.#group(node.key);
    const key = node.kind === 'failure' ? this.list.groupOf(node.row.id) : undefined;
    return key === undefined ? undefined : this.#group(key);
  }

  /** The tooltip, loaded and made when the pointer rests: it needs the whole failure. */
  async resolveTreeItem(item: vscode.TreeItem, node: FailureNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'failure') return item;
    try {
      const { failureTooltip } = await import('./tooltip.ts');
      const { id } = node.row;
      const [failure, issue, delivery] = await this.#session.call((engine) =>
        Promise.all([engine.failure(id), engine.failureIssue(id), engine.openDelivery(id)]),
      );
      item.tooltip = maskSecrets(failureTooltip(node.row, failure, issue, delivery, Date.now(), vscode.l10n));
    } catch (error) {
      item.tooltip = maskSecrets(wordsOf(error));
    }
    return item;
  }

  /** The node of a failure that is loaded. */
  nodeOf(id: FailureId): FailureNode | undefined {
    const row = this.list.find(id);
    return row && { kind: 'failure', row };
  }

  /** A group was opened or closed. */
  turned(key: FailureGroup['key'], open: boolean): void {
    this.#folding.turned(this.#source.arrangement.grouping, key, open);
  }

  /** Whether a group is open, so that its rows are in sight. */
  isOpen(key: FailureGroup['key']): boolean {
    return this.#folding.isOpen(this.#source.arrangement.grouping, key);
  }

  /** The node of a group that is listed. */
  groupOf(key: FailureGroup['key']): FailureNode {
    return this.#group(key);
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  /** What fills the view stands there at once; the rest of the page follows before anybody has scrolled. */
  #fillSoon(group: GroupNode): void {
    this.#seen.add(group.key);
    const timer = setTimeout(() => this.#changed.fire([group]), FILL_AFTER);
    this.#disposables.add({ dispose: () => clearTimeout(timer) });
  }

  #group(key: FailureGroup['key']): GroupNode {
    const known = this.#groups.get(key);
    if (known) return known;
    const node: GroupNode = { kind: 'group', key };
    this.#groups.set(key, node);
    return node;
  }

  /** An instance that cannot be read: the reason stands as the view's message, the ways out as rows. */
  #actions(): FailureNode[] {
    const state = this.#session.overview?.instance.state;
    if (state !== 'unusable' && state !== 'lost') return [];
    return [
      {
        kind: 'action',
        label: vscode.l10n.t('Choose Instance…'),
        icon: 'folder-opened',
        command: COMMANDS.chooseInstance,
      },
      {
        kind: 'action',
        label: vscode.l10n.t('Look for the Instance Again'),
        icon: 'refresh',
        command: COMMANDS.searchInstance,
      },
    ];
  }
}
