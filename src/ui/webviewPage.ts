import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { webviewHtml } from './webviewHtml.ts';

/** Gives a webview its page and the rights it needs: scripts, and files from `dist/webview` only. */
export function showPage(
  webview: vscode.Webview,
  extension: vscode.Uri,
  name: 'preview' | 'ticks',
  title: string,
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
  });
}
