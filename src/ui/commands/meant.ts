import * as v from 'valibot';
import * as vscode from 'vscode';
import type { FailureId, FailureRow } from '../../engine/api.ts';
import { failureRow } from '../failures/rows.ts';
import type { FailuresView } from '../failures/view.ts';
import { eventName } from '../namedEvent.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { failuresOf } from './arguments.ts';

/** What a keyboard shortcut of the tree hands over: only the selected rows are meant, whatever the preview shows. */
const FROM_TREE = 'selected rows';
const ROW = v.object({ kind: v.literal('failure') });

/** Failures offered where none is selected. */
const PICKED_FROM = 500;

interface Parts {
  readonly session: Session;
  readonly view: FailuresView;
  readonly preview: PreviewPanel;
  /** The row of a failure, wherever it is listed. */
  rowOf(id: FailureId): Promise<FailureRow>;
}

type Item = vscode.QuickPickItem & { readonly ids: readonly FailureId[] };

/** Which failures a command is about. */
export class Meant {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * What the command was called with; else the rows selected in sight, or the preview in front. VS Code does not tell
   * which of both had the focus, so where they differ the user says which; where there is none of both, picks one.
   */
  async failures(args: readonly unknown[]): Promise<readonly FailureId[]> {
    const { view, preview } = this.#parts;
    if (args[0] === FROM_TREE) return view.selected;
    const named = failuresOf(args);
    if (named.length > 0) return named;
    const selected = view.visible ? view.selected : [];
    const shown = preview.current;
    if (shown === undefined) return selected.length > 0 ? selected : await this.#pick();
    if (selected.length === 0 || (selected.length === 1 && selected[0] === shown)) return [shown];
    return await this.#which(selected, shown);
  }

  /** The one failure that a command is about which does not take several. */
  async failure(args: readonly unknown[]): Promise<FailureId | undefined> {
    const ids = await this.failures(args.slice(0, 1)); // of several selected rows the one it was called on
    if (ids.length <= 1) return ids[0];
    return await pickOf(await Promise.all(ids.map(this.#parts.rowOf)));
  }

  /** Whether the command was called on rows of the tree, all that are selected there among them. */
  inTree(args: readonly unknown[], ids: readonly FailureId[]): boolean {
    if (args[0] === FROM_TREE) return true;
    const { selected } = this.#parts.view;
    return v.is(ROW, args[0]) && selected.length > 0 && selected.every((id) => ids.includes(id));
  }

  async #which(selected: readonly FailureId[], shown: FailureId): Promise<readonly FailureId[]> {
    const { l10n } = vscode;
    const nameOf = async (id: FailureId): Promise<string> => inert(eventName((await this.#parts.rowOf(id)).title));
    const [first] = selected;
    const items: readonly Item[] = [
      {
        label:
          selected.length === 1 && first !== undefined ? await nameOf(first) : l10n.t('{0} failures', selected.length),
        description: l10n.t('selected in Failures'),
        iconPath: new vscode.ThemeIcon('list-tree'),
        ids: selected,
      },
      {
        label: await nameOf(shown),
        description: l10n.t('in the preview'),
        iconPath: new vscode.ThemeIcon('open-preview'),
        ids: [shown],
      },
    ];
    return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t('Which failure?') }))?.ids ?? [];
  }

  async #pick(): Promise<readonly FailureId[]> {
    const { rows } = await this.#parts.session.call((engine) =>
      engine.failures({ status: 'pending', group: null, limit: PICKED_FROM, before: null }),
    );
    const picked = await pickOf(rows);
    return picked === undefined ? [] : [picked];
  }
}

async function pickOf(rows: readonly FailureRow[]): Promise<FailureId | undefined> {
  const placeHolder = rows.length === 0 ? vscode.l10n.t('No failure is pending.') : vscode.l10n.t('Which failure?');
  return (await vscode.window.showQuickPick(failureItems(rows), { placeHolder, matchOnDescription: true }))?.id;
}

/** Failures as choices, named as their rows are. */
export const failureItems = (rows: readonly FailureRow[]): (vscode.QuickPickItem & { readonly id: FailureId })[] =>
  rows.map((row) => {
    const shown = failureRow(row, Date.now(), vscode.l10n);
    return { label: inert(shown.label), description: inert(shown.description), id: row.id };
  });
