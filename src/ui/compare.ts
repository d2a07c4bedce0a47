import * as vscode from 'vscode';
import { eventUri, type NamedEvent } from './eventUri.ts';
import { shortTitle } from './sent/rows.ts';

/**
 * Opens VS Code's diff editor on two events, keys sorted. `left` is the one that is compared with: the earlier one.
 */
export async function compareTwo(left: NamedEvent, right: NamedEvent): Promise<void> {
  const title =
    shortTitle(left.title) === shortTitle(right.title)
      ? vscode.l10n.t('{0}: {1} ↔ {2}', shortTitle(right.title), where(left), where(right))
      : `${shortTitle(left.title)} ↔ ${shortTitle(right.title)}`;
  await vscode.commands.executeCommand('vscode.diff', eventUri(left, 'sorted'), eventUri(right, 'sorted'), title, {
    preview: true,
  });
}

/** Which of several events with one title it is. */
function where({ source }: NamedEvent): string {
  switch (source.kind) {
    case 'failure':
      return vscode.l10n.t('failure');
    case 'delivery':
      return vscode.l10n.t('sent');
    case 'inbox':
      return vscode.l10n.t('received');
  }
}
