import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { ToPreview, ToTicks } from '../webview/protocol.ts';
import { webviewHtml } from './webviewHtml.ts';

/** The icon of an editor's tab. */
export function editorIcon(extension: vscode.Uri): { readonly light: vscode.Uri; readonly dark: vscode.Uri } {
  const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(extension, 'media', `preview-${theme}.svg`);
  return { light: icon('light'), dark: icon('dark') };
}

/**
 * Gives a webview its page and the rights it needs: scripts, and files from `dist/webview` only. `data` is for its
 * script, as the body's `data-<name>`.
 */
export function showPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: 'preview' | 'ticks',
  title: string,
  data: Readonly<Record<string, string>> = {},
): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'webview');
  const file = (...path: string[]): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, ...path)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [folder], enableCommandUris: false };
  webview.html = webviewHtml({
    title,
    language: vscode.env.language,
    nonce: randomBytes(18).toString('base64url'),
    source: webview.cspSource,
    script: file(`${name}.js`),
    styles: [file(`${name}.css`)],
    codicons: file('codicon.css'),
    strings: vscode.l10n.bundle ?? {},
    data,
  });
}

/**
 * Tells a webview's page, as text: VS Code hands a message on through two windows, and each would clone an object with
 * all that it holds (10,000 ticks: 27 ms each time, measured), where a text is copied.
 */
export function tellPage(webview: vscode.Webview, message: ToPreview | ToTicks): void {
  void webview.postMessage(JSON.stringify(message));
}
