import * as vscode from 'vscode';
import type { FailureId } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { VIEWS } from '../ids.ts';
import type { Session } from '../session.ts';
import type { FailureSource } from './source.ts';
import type { FailureNode, FailuresTree } from './tree.ts';
import { viewTexts } from './viewTexts.ts';

/** The Failures view: the tree, its badge and its texts. */
export class FailuresView implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #source: FailureSource;
  readonly #tree: FailuresTree;
  readonly #view: vscode.TreeView<FailureNode>;

  constructor(session: Session, source: FailureSource, tree: FailuresTree) {
    this.#session = session;
    this.#source = source;
    this.#tree = tree;
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
      if (node.kind === 'group') tree.turned(node.key, open);
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

  /** Selects a row and takes the focus to it. */
  async focus(node: FailureNode): Promise<void> {
    await this.#view.reveal(node, { select: true, focus: true });
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #update(): void {
    const texts = viewTexts(
      this.#session.situation,
      this.#source.listed === 'none',
      this.#source.arrangement,
      this.#session.home,
      vscode.l10n,
    );
    this.#view.description = texts.description;
    this.#view.message = texts.message;
    this.#view.badge = texts.badge;
  }
}
