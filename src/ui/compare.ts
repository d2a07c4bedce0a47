import * as vscode from 'vscode';
import { eventUri, type NamedEvent } from './eventUri.ts';
import { oneLine, shorten } from './text.ts';

/** A title without the words that all titles begin with: what tells events apart stands at its end. */
export const eventName = (title: string): string =>
  shorten(oneLine(title).replace(/^Dagster (?:asset check|run) failure: /, ''), 120);

/**
 * Opens VS Code's diff editor on two events, keys sorted. `left` is the one that is compared with: the earlier one.
 */
export async function compareTwo(left: NamedEvent, right: NamedEvent): Promise<void> {
  const names = [eventName(left.title), eventName(right.title)] as const;
  const title =
    names[0] === names[1]
      ? vscode.l10n.t('{0}: {1} ↔ {2}', names[1], where(left), where(right))
      : vscode.l10n.t('{0} ↔ {1}', ...names);
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
