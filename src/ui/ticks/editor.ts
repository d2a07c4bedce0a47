import * as vscode from 'vscode';
import { TICKS_TYPE } from '../ids.ts';
import { editorIcon, showPage } from '../webviewPage.ts';
import { type PagePorts, TicksPage, type Wish } from './page.ts';

/** Sensor Ticks as an editor, one at a time, beside the panel. */
export class TicksEditor implements vscode.Disposable {
  readonly #ports: PagePorts;
  #open: { readonly panel: vscode.WebviewPanel; readonly page: TicksPage } | undefined;

  constructor(ports: PagePorts) {
    this.#ports = ports;
  }

  /** It is the editor in front. */
  get active(): boolean {
    return this.#open?.panel.active === true;
  }

  /** Opens it as the panel stands (`kept`), or shows the one that is open. */
  open(kept: unknown): void {
    if (this.#open) this.#open.panel.reveal();
    else {
      const title = vscode.l10n.t('Sensor Ticks');
      this.#fill(vscode.window.createWebviewPanel(TICKS_TYPE, title, vscode.ViewColumn.Active), kept);
    }
  }

  /** VS Code brings back the one that was open when the window was closed or reloaded. */
  restore(panel: vscode.WebviewPanel): void {
    if (this.#open) panel.dispose();
    else this.#fill(panel, null);
  }

  ask(wish: Wish): void {
    this.#open?.panel.reveal();
    this.#open?.page.ask(wish);
  }

  dispose(): void {
    this.#open?.panel.dispose();
  }

  #fill(panel: vscode.WebviewPanel, kept: unknown): void {
    const { extension } = this.#ports;
    const page = new TicksPage(this.#ports, panel, () => {});
    this.#open = { panel, page };
    panel.iconPath = editorIcon(extension);
    panel.onDidChangeViewState(() => page.placeChanged());
    panel.onDidDispose(() => {
      page.dispose();
      this.#open = undefined;
    });
    const data = { place: 'editor', kept: JSON.stringify(kept ?? null) };
    showPage(panel.webview, extension, 'ticks', vscode.l10n.t('Sensor Ticks'), data);
  }
}
