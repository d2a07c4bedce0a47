import * as vscode from 'vscode';
import { messageOf } from '../failure/messageOf.ts';
import { COMMANDS } from './ids.ts';
import { maskSecrets } from './mask.ts';
import { safe } from './message.ts';

/** An error with its next step; `actions` are commands beside "Show Log". */
export async function sayError(message: string, ...actions: readonly vscode.Command[]): Promise<void> {
  const all: readonly vscode.Command[] = [...actions, { title: vscode.l10n.t('Show Log'), command: COMMANDS.showLog }];
  const answer = await vscode.window.showErrorMessage(safe(message), ...all.map((action) => action.title));
  const chosen = all.find((action) => action.title === answer);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.arguments ?? []));
}

/** What went wrong, in the words of the one who knows, which may quote an address: without its key. */
export const wordsOf = (error: unknown): string => maskSecrets(messageOf(error));

/** A question that has to be answered first. Resolves to true when the user says yes. */
export async function ask(question: string, detail: string, yes: string): Promise<boolean> {
  const answer = await vscode.window.showWarningMessage(
    maskSecrets(question),
    { modal: true, detail: maskSecrets(detail) },
    yes,
  );
  return answer === yes;
}

/** A warning that stops nothing. Resolves to the button that was chosen. */
export async function warn(message: string, ...buttons: readonly string[]): Promise<string | undefined> {
  return await vscode.window.showWarningMessage(safe(message), ...buttons);
}

/** A fact, or what was done, with one way on; true when it was taken. */
export async function offer(message: string, button: string): Promise<boolean> {
  return (await vscode.window.showInformationMessage(safe(message), button)) === button;
}

/** A fact that the user asked for; nothing else is worth a message. */
export function sayInfo(message: string): void {
  void vscode.window.showInformationMessage(safe(message));
}
