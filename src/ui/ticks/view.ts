import * as vscode from 'vscode';
import { VIEWS } from '../ids.ts';
import { setContext } from '../instance/contextKeys.ts';
import { showPage } from '../webviewPage.ts';
import { type PagePorts, TicksPage, type Wish } from './page.ts';

/** The Sensor Ticks panel. */
export class TicksView implements vscode.Disposable {
  readonly #ports: PagePorts;
  #page: TicksPage | undefined;
  /** What was asked before there was a page. */
  #wish: Wish | undefined;
  #view: vscode.WebviewView | undefined;
  #kept: unknown;

  constructor(ports: PagePorts) {
    this.#ports = ports;
  }

  /** What a person arranged in it, as its page tells it; undefined before. */
  get kept(): unknown {
    return this.#kept;
  }

  get visible(): boolean {
    return this.#view?.visible === true;
  }

  /** Fills the view; called each time VS Code makes it anew. */
  show(view: vscode.WebviewView): void {
    const page = new TicksPage(this.#ports, view, ({ filtered, kept }) => {
      this.#kept = kept;
      setContext('firedrill.ticksFiltered', filtered);
    });
    this.#page?.dispose();
    this.#page = page;
    this.#view = view;
    view.onDidChangeVisibility(() => page.placeChanged());
    view.onDidDispose(() => {
      page.dispose();
      if (this.#page !== page) return;
      this.#page = undefined;
      this.#view = undefined;
    });
    if (this.#wish) page.ask(this.#wish);
    this.#wish = undefined;
    showPage(view.webview, this.#ports.extension, 'ticks', vscode.l10n.t('Sensor Ticks'));
  }

  /** Opens the panel and asks this of it. */
  async ask(wish: Wish): Promise<void> {
    if (!this.#page) this.#wish = wish;
    await vscode.commands.executeCommand(`${VIEWS.ticks}.focus`);
    this.#page?.ask(wish);
  }

  dispose(): void {
    this.#page?.dispose();
  }
}
