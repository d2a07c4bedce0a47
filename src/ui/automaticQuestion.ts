import * as vscode from 'vscode';
import type { Configuration } from './configuration.ts';
import { COMMANDS, SETTINGS_SECTION } from './ids.ts';
import { warn } from './say.ts';
import type { Session } from './session.ts';

/**
 * A settings file may say `automatic` without anybody having answered the question that the command asks. Until that is
 * answered everything is held; this reminds of it, once a start and after each change of the setting.
 */
export function remindOfAutomatic(session: Session, configuration: Configuration): vscode.Disposable {
  let asked = false;
  const remind = async (): Promise<void> => {
    if (!configuration.wantsAutomatic || configuration.automaticConfirmed) {
      asked = false;
      return;
    }
    if (asked || session.overview?.instance.state !== 'following') return;
    asked = true;
    const turnOn = vscode.l10n.t('Turn On…');
    const text = vscode.l10n.t(
      'The settings ask for automatic delivery. Firedrill holds all failures until you agree.',
    );
    const answer = await warn(text, turnOn, vscode.l10n.t('Keep Holding'));
    if (answer === turnOn) await vscode.commands.executeCommand(COMMANDS.turnOnAutomatic);
  };
  return vscode.Disposable.from(
    session.onSituation(() => void remind()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${SETTINGS_SECTION}.delivery`)) void remind();
    }),
  );
}
