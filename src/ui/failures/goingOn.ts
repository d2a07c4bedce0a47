import type * as vscode from 'vscode';
import type { FailureId, FailureRow } from '../../engine/api.ts';
import { wordsOf } from '../say.ts';
import { successor } from './successor.ts';
import type { FailureNode, FailuresTree } from './tree.ts';
import type { FailuresView } from './view.ts';

/**
 * Goes on to the next row when failures are done with, which takes the focus: only for what was asked for in the tree.
 */
export class GoingOn {
  readonly #tree: FailuresTree;
  readonly #view: FailuresView;
  readonly #log: vscode.LogOutputChannel;
  /** Rows that are done with and about to leave; one that stays is told anew, and so another object. */
  readonly #leaving = new WeakSet<FailureRow>();

  constructor(tree: FailuresTree, view: FailuresView, log: vscode.LogOutputChannel) {
    this.#tree = tree;
    this.#view = view;
    this.#log = log;
  }

  /** Selects the row after these before the tree lets them go: the next press of the key finds it there. */
  async from(ids: readonly FailureId[]): Promise<void> {
    const { list } = this.#tree;
    for (const row of this.#rowsOf(ids)) this.#leaving.add(row);
    const places = list.groups.map(({ key }) => ({ key, open: this.#tree.isOpen(key), rows: list.rows(key) }));
    const next = successor(places, ids, (row) => this.#leaving.has(row));
    const node = next?.kind === 'group' ? this.#tree.groupOf(next.key) : next;
    if (node) await this.#focus(node);
  }

  /** Nothing became of it: the first of these is selected again. */
  async backTo(ids: readonly FailureId[]): Promise<void> {
    const rows = this.#rowsOf(ids);
    for (const row of rows) this.#leaving.delete(row);
    const [row] = rows;
    if (row) await this.#focus({ kind: 'failure', row });
  }

  #rowsOf(ids: readonly FailureId[]): readonly FailureRow[] {
    return ids.map((id) => this.#tree.list.find(id)).filter((row) => row !== undefined);
  }

  /** The tree may have let the row go in the meantime. */
  async #focus(node: FailureNode): Promise<void> {
    try {
      await this.#view.focus(node);
    } catch (error) {
      this.#log.warn(`The row to go on with is not there: ${wordsOf(error)}`);
    }
  }
}
