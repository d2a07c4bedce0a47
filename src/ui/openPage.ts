import * as vscode from 'vscode';

/** Opens a page of a server near the code, such as Dagster's webserver: where VS Code runs elsewhere it hands the port on. */
export async function openPage(url: string): Promise<void> {
  await vscode.env.openExternal(await vscode.env.asExternalUri(vscode.Uri.parse(url, true)));
}
