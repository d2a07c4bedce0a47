import * as vscode from 'vscode';
import type { FailureGroup, FailureRow } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { COMMANDS, type CommandId, INTERNAL_COMMANDS } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { treeItem } from '../treeItem.ts';
import { FailureList, GROUPS, groupOf } from './list.ts';
import { failureRow, groupRow, moreRow } from './rows.ts';
import { failureTooltip } from './tooltip.ts';

export type FailureNode =
  | { readonly kind: 'group'; readonly group: FailureGroup }
  | { readonly kind: 'failure'; readonly row: FailureRow }
  | { readonly kind: 'more'; readonly group: FailureGroup }
  /** Stands in for a welcome text that could not name what is wrong. */
  | { readonly kind: 'action'; readonly label: string; readonly icon: string; readonly command: CommandId };

/** Rows a page. */
const PAGE = 500;

/** The pending failures, in groups; loads a page at a time and follows the engine's changes. */
export class FailuresTree implements vscode.TreeDataProvider<FailureNode>, vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #log: vscode.LogOutputChannel;
  readonly #list = new FailureList();
  readonly #groups: Readonly<Record<FailureGroup, FailureNode>> = {
    check: { kind: 'group', group: 'check' },
    run: { kind: 'group', group: 'run' },
    before: { kind: 'group', group: 'before' },
  };
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<FailureNode[] | undefined>());
  readonly #loaded = this.#disposables.add(new vscode.EventEmitter<void>());
  #loading: Promise<void> = Promise.resolve();
  #shown = '';

  readonly onDidChangeTreeData = this.#changed.event;
  /** What is listed changed, for the view's badge and texts. */
  readonly onDidLoad = this.#loaded.event;

  constructor(session: Session, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#log = log;
    this.#disposables.add(session.onReset(() => this.reload()));
    this.#disposables.add(
      session.onChange((change) => {
        if (change.failures) this.#apply([...change.failures.added, ...change.failures.changed]);
      }),
    );
    this.#disposables.add(session.onSituation(() => this.#situationChanged()));
  }

  get list(): FailureList {
    return this.#list;
  }

  /** Loads every group anew, as many rows as were shown. */
  reload(): void {
    this.#load(GROUPS);
  }

  /** Loads the next page of a group. */
  async showMore(group: FailureGroup): Promise<void> {
    const before = this.#list.last(group);
    const page = await this.#session.call((engine) =>
      engine.failures({ status: 'pending', group, limit: PAGE, before }),
    );
    this.#list.append(group, page);
    this.#changed.fire([this.#groups[group]]);
  }

  getTreeItem(node: FailureNode): vscode.TreeItem {
    switch (node.kind) {
      case 'group':
        return treeItem(groupRow(node.group, this.#list.total(node.group), vscode.l10n));
      case 'failure': {
        const row = failureRow(node.row, (of) => this.#causeOf(of), Date.now(), vscode.l10n);
        return treeItem(row, { title: vscode.l10n.t('Preview'), command: COMMANDS.preview, arguments: [node.row.id] });
      }
      case 'more':
        return treeItem(moreRow(node.group, this.#list.hidden(node.group), vscode.l10n), {
          title: vscode.l10n.t('Show more'),
          command: INTERNAL_COMMANDS.showMore,
          arguments: [node.group],
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
    await this.#loading;
    if (node === undefined) {
      const groups = GROUPS.filter((group) => this.#list.total(group) > 0).map((group) => this.#groups[group]);
      return groups.length > 0 ? groups : this.#actions();
    }
    if (node.kind !== 'group') return [];
    const rows = this.#list.rows(node.group).map((row): FailureNode => ({ kind: 'failure', row }));
    return this.#list.hidden(node.group) > 0 ? [...rows, { kind: 'more', group: node.group }] : rows;
  }

  getParent(node: FailureNode): FailureNode | undefined {
    if (node.kind === 'failure') return this.#groups[groupOf(node.row)];
    return node.kind === 'more' ? this.#groups[node.group] : undefined;
  }

  /** The tooltip, made when the pointer rests: it needs the whole failure. */
  async resolveTreeItem(item: vscode.TreeItem, node: FailureNode): Promise<vscode.TreeItem> {
    if (node.kind !== 'failure') return item;
    try {
      const failure = await this.#session.call((engine) => engine.failure(node.row.id));
      item.tooltip = maskSecrets(failureTooltip(node.row, failure, Date.now(), vscode.l10n));
    } catch (error) {
      item.tooltip = maskSecrets(wordsOf(error));
    }
    return item;
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #causeOf(row: FailureRow): string | null {
    return row.sameCauseAs === null ? null : (this.#list.find(row.sameCauseAs)?.label ?? null);
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
      { kind: 'action', label: vscode.l10n.t('Search Again'), icon: 'refresh', command: COMMANDS.searchInstance },
    ];
  }

  #apply(rows: readonly FailureRow[]): void {
    const { touched, stale } = this.#list.apply(rows);
    if (stale.size > 0) this.#load([...stale]);
    if (touched.size > 0) this.#refresh([...touched]);
  }

  #load(groups: readonly FailureGroup[]): void {
    const load = async (): Promise<void> => {
      for (const group of groups) {
        const limit = Math.max(PAGE, this.#list.loaded(group));
        const page = await this.#session.call((engine) =>
          engine.failures({ status: 'pending', group, limit, before: null }),
        );
        this.#list.replace(group, page);
      }
    };
    this.#loading = this.#loading.then(load).catch((error: unknown) => {
      this.#log.error(`Failures were not loaded: ${wordsOf(error)}`);
    });
    void this.#loading.then(() => this.#refresh(groups));
  }

  /** Only what changed is drawn again; the whole tree when a group comes or goes. */
  #refresh(groups: readonly FailureGroup[]): void {
    if (this.#disposables.closed) return;
    const shown = GROUPS.filter((group) => this.#list.total(group) > 0).join();
    this.#changed.fire(shown === this.#shown ? groups.map((group) => this.#groups[group]) : undefined);
    this.#shown = shown;
    this.#loaded.fire();
  }

  #situationChanged(): void {
    if (this.#session.situation.kind === 'restricted') this.#list.clear();
    if (this.#list.empty) this.#changed.fire(undefined);
  }
}
