import * as vscode from 'vscode';
import { Disposables } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import type { Session } from '../session.ts';
import { statusText } from './statusText.ts';

/** The one status bar item: instance and pending failures; a click chooses the instance. */
export class StatusBar implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #item = this.#disposables.add(
    vscode.window.createStatusBarItem('firedrill.instance', vscode.StatusBarAlignment.Left),
  );
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
    this.#item.name = 'Firedrill';
    this.#disposables.add(session.onSituation(() => this.#update()));
    this.#update();
    this.#item.show();
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  #update(): void {
    const { situation, home } = this.#session;
    const status = statusText(situation, home, vscode.l10n);
    this.#item.text = status.text;
    this.#item.tooltip = maskSecrets(status.tooltip);
    this.#item.accessibilityInformation = { label: maskSecrets(status.spoken) };
    this.#item.backgroundColor = status.warning ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    this.#item.command = situation.kind === 'restricted' ? 'workbench.trust.manage' : COMMANDS.chooseInstance;
  }
}
