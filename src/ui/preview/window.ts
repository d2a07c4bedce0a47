import * as v from 'valibot';
import * as vscode from 'vscode';
import type { FromPreview, ToPreview } from '../../webview/protocol.ts';
import { PREVIEW_TYPE } from '../ids.ts';
import { safe } from '../message.ts';
import { editorIcon, showPage, tellPage } from '../webviewPage.ts';
import { fromPreview } from './messages.ts';

export interface WindowPorts {
  readonly log: vscode.LogOutputChannel;
  readonly extension: vscode.Uri;
  /** A valid message from the page; `ready` comes each time that VS Code has loaded it. */
  receive(message: FromPreview): void;
  /** It is in sight again. */
  shown(): void;
  closed(): void;
}

/** The editor that the preview stands in, as long as it is open. */
export class PreviewWindow {
  readonly #panel: vscode.WebviewPanel;
  readonly #ports: WindowPorts;
  #ready = false;

  /** Opens one beside the active editor; the focus stays where it is, or goes there. */
  static open(ports: WindowPorts, focus: boolean): PreviewWindow {
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    const viewColumn = activeTab ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(
      PREVIEW_TYPE,
      vscode.l10n.t('Payload Preview'),
      { viewColumn, preserveFocus: !focus },
      { enableFindWidget: true },
    );
    return new PreviewWindow(panel, ports);
  }

  constructor(panel: vscode.WebviewPanel, ports: WindowPorts) {
    this.#panel = panel;
    this.#ports = ports;
    panel.iconPath = editorIcon(ports.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    panel.onDidChangeViewState(() => {
      // VS Code may have thrown its content away (then it says ready once more) or not.
      if (panel.visible) ports.shown();
    });
    panel.onDidDispose(() => ports.closed());
    showPage(panel.webview, ports.extension, 'preview', vscode.l10n.t('Payload Preview'));
  }

  get active(): boolean {
    return this.#panel.active;
  }

  get visible(): boolean {
    return this.#panel.visible;
  }

  set title(title: string) {
    this.#panel.title = title;
  }

  reveal(focus: boolean): void {
    this.#panel.reveal(undefined, !focus);
  }

  /** Tells the page, where it is there to hear it. */
  post(message: ToPreview): void {
    if (this.#ready && this.#panel.visible) tellPage(this.#panel.webview, message);
  }

  close(): void {
    this.#panel.dispose();
  }

  #receive(raw: unknown): void {
    const parsed = v.safeParse(fromPreview, raw);
    if (!parsed.success) {
      const why = parsed.issues.map((issue) => issue.message).join(' ');
      this.#ports.log.warn(safe(`The preview sent something unknown: ${why}`)); // which the words may quote
      return;
    }
    if (parsed.output.type === 'ready') this.#ready = true;
    this.#ports.receive(parsed.output);
  }
}
