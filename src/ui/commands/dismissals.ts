import * as vscode from 'vscode';
import type { FailureId } from '../../engine/api.ts';
import { sayInfo } from '../say.ts';
import type { Session } from '../session.ts';
import { failureItems } from './meant.ts';

/** Dismissed failures that are offered to be taken back. */
const PICKED_FROM = 500;

/** What was dismissed in this window, to be taken back in turn. */
export class Dismissals {
  readonly #session: Session;
  /** The last batch last. */
  #batches: (readonly FailureId[])[] = [];

  constructor(session: Session) {
    this.#session = session;
  }

  async add(ids: readonly FailureId[]): Promise<void> {
    await this.#session.call((engine) => engine.dismiss(ids));
    this.#batches.push(ids);
  }

  /** Takes the last batch back; one that the user picks where this window dismissed none. */
  async undoLast(): Promise<void> {
    const ids = this.#batches.at(-1) ?? (await this.#pick());
    if (ids && ids.length > 0) await this.undo(ids);
  }

  /** Takes these back, whenever they were dismissed. */
  async undo(ids: readonly FailureId[]): Promise<void> {
    const left = this.#batches.map((batch) => batch.filter((id) => !ids.includes(id)));
    this.#batches = left.filter((batch) => batch.length > 0); // at once: a key may be pressed again before the answer
    try {
      await this.#session.call((engine) => engine.restore(ids));
    } catch (error) {
      this.#batches.push(ids);
      throw error;
    }
  }

  async #pick(): Promise<readonly FailureId[] | undefined> {
    const page = await this.#session.call((engine) =>
      engine.failures({ status: 'dismissed', group: null, limit: PICKED_FROM, before: null }),
    );
    if (page.rows.length === 0) {
      sayInfo(vscode.l10n.t('No failure was dismissed.'));
      return undefined;
    }
    const placeHolder = vscode.l10n.t('Which dismissed failures shall be pending again?');
    const picked = await vscode.window.showQuickPick(failureItems(page.rows), {
      placeHolder,
      canPickMany: true,
      matchOnDescription: true,
    });
    return picked?.map((item) => item.id);
  }
}
