import * as vscode from 'vscode';
import { eventUri } from './eventUri.ts';
import { comparedTitle, type NamedEvent } from './namedEvent.ts';

/**
 * Opens VS Code's diff editor on two events, keys sorted. `left` is the one that is compared with: the earlier one.
 */
export async function compareTwo(left: NamedEvent, right: NamedEvent): Promise<void> {
  const title = comparedTitle(left, right, Date.now(), vscode.l10n);
  await vscode.commands.executeCommand('vscode.diff', eventUri(left, 'sorted'), eventUri(right, 'sorted'), title, {
    preview: true,
  });
}
