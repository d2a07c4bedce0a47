import * as vscode from 'vscode';

/** Stands in for `@vscode/l10n` where a part of the engine runs in the host: there VS Code itself translates. */
export const t = vscode.l10n.t.bind(vscode.l10n);
