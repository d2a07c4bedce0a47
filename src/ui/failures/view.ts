import * as vscode from 'vscode';
import type { FailureId, FailureRow } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { VIEWS } from '../ids.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { startsOpen } from './groupRows.ts';
import type { FailureSource } from './source.ts';
import { successor } from './successor.ts';
import type { FailureNode, FailuresTree } from './tree.ts';
import { viewTexts } from './viewTexts.ts';

/** The Failures view: the tree, its badge and its texts. */
export class FailuresView implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #source: FailureSource;
  readonly #tree: FailuresTree;
  readonly #view: vscode.TreeView<FailureNode>;
  readonly #log: vscode.LogOutputChannel;
  /** Groups that were opened or closed since they were first shown. */
  readonly #open = new Map<string, boolean>();
  /** Rows that are done with and about to leave; one that stays is told anew, and so another object. */
  readonly #leaving = new WeakSet<FailureRow>();

  constructor(session: Session, source: FailureSource, tree: FailuresTree, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#source = source;
    this.#tree = tree;
    this.#log = log;
    this.#view = this.#disposables.add(
      vscode.window.createTreeView(VIEWS.failures, {
        treeDataProvider: tree,
        canSelectMany: true,
        showCollapseAll: false,
      }),
    );
    this.#disposables.add(session.onSituation(() => this.#update()));
    this.#disposables.add(source.onDidChange(() => this.#update()));
    const turned = (node: FailureNode, open: boolean): void => {
      if (node.kind === 'group') this.#open.set(this.#placeOf(node.key), open);
    };
    this.#disposables.add(this.#view.onDidExpandElement(({ element }) => turned(element, true)));
    this.#disposables.add(this.#view.onDidCollapseElement(({ element }) => turned(element, false)));
    source.keep(() => new Set(this.selected));
    this.#update();
  }

  /** The failures whose rows are selected. */
  get selected(): readonly FailureId[] {
    return this.#view.selection.flatMap((node) => (node.kind === 'failure' ? [node.row.id] : []));
  }

  get visible(): boolean {
    return this.#view.visible;
  }

  /** Selects a failure's row and brings it into sight; false where the tree does not list it. */
  async reveal(id: FailureId): Promise<boolean> {
    const node = this.#tree.nodeOf(id);
    if (!node) return false;
    await this.#view.reveal(node, { select: true, focus: false });
    return true;
  }

  /**
   * Selects the row to go on with, before the tree lets these go: the next press of the key finds it there. Takes the
   * focus, so only for what was asked for in the tree.
   */
  async moveOn(ids: readonly FailureId[]): Promise<void> {
    const { list, arrangement } = this.#source;
    for (const row of this.#rowsOf(ids)) this.#leaving.add(row);
    const places = list.groups.map(({ key }) => ({
      key,
      open: this.#open.get(this.#placeOf(key)) ?? startsOpen(key, arrangement.grouping),
      rows: list.rows(key),
    }));
    const next = successor(places, ids, (row) => this.#leaving.has(row));
    const node = next?.kind === 'group' ? this.#tree.groupOf(next.key) : next;
    if (node) await this.#focus(node);
  }

  /** Nothing became of it: the first of these is selected again. */
  async moveBack(ids: readonly FailureId[]): Promise<void> {
    const rows = this.#rowsOf(ids);
    for (const row of rows) this.#leaving.delete(row);
    const [row] = rows;
    if (row) await this.#focus({ kind: 'failure', row });
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #rowsOf(ids: readonly FailureId[]): readonly FailureRow[] {
    return ids.map((id) => this.#source.list.find(id)).filter((row) => row !== undefined);
  }

  #placeOf(key: string): string {
    return `${this.#source.arrangement.grouping}:${key}`;
  }

  async #focus(node: FailureNode): Promise<void> {
    try {
      await this.#view.reveal(node, { select: true, focus: true });
    } catch (error) {
      this.#log.warn(`The row to go on with is not there: ${wordsOf(error)}`);
    }
  }

  #update(): void {
    const texts = viewTexts(
      this.#session.situation,
      this.#source.list.empty,
      this.#source.arrangement,
      this.#session.home,
      vscode.l10n,
    );
    this.#view.description = texts.description;
    this.#view.message = texts.message;
    this.#view.badge = texts.badge;
  }
}
