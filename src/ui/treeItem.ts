import * as vscode from 'vscode';
import type { TreeRow } from './tree.ts';

/** A row as VS Code's TreeItem. All texts are plain strings: none is read as Markdown, icon or link. */
export function treeItem(row: TreeRow, command?: vscode.Command): vscode.TreeItem {
  const item = new vscode.TreeItem(row.label, collapsible(row));
  item.id = row.id;
  item.description = row.description;
  item.accessibilityInformation = { label: row.spoken };
  if (row.icon) {
    item.iconPath = new vscode.ThemeIcon(
      row.icon.name,
      row.icon.color === null ? undefined : new vscode.ThemeColor(row.icon.color),
    );
  }
  if (row.context !== null) item.contextValue = row.context;
  if (command) item.command = command;
  return item;
}

function collapsible(row: TreeRow): vscode.TreeItemCollapsibleState {
  switch (row.folder) {
    case 'open':
      return vscode.TreeItemCollapsibleState.Expanded;
    case 'closed':
      return vscode.TreeItemCollapsibleState.Collapsed;
    case null:
      return vscode.TreeItemCollapsibleState.None;
  }
}
