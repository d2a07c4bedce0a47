// A group with a page of constant rows, and nothing behind it: as fast as a tree in VS Code can be.
const vscode = require('vscode');

const ROWS = Array.from({ length: 500 }, (_, n) => `plain row ${n}`);

exports.activate = (context) => {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const provider = {
    getChildren: (parent) => (parent === undefined ? ['group'] : parent === 'group' ? ROWS : []),
    getTreeItem: (id) => {
      const item = new vscode.TreeItem(id, id === 'group' ? Expanded : None);
      item.id = id;
      item.iconPath = new vscode.ThemeIcon('error');
      item.description = 'audi/2024/prices';
      item.accessibilityInformation = { label: id };
      return item;
    },
  };
  for (const view of ['plain.tree', 'plain.second', 'plain.third']) {
    const treeDataProvider =
      view === 'plain.tree' ? provider : { getChildren: () => ['one'], getTreeItem: provider.getTreeItem };
    context.subscriptions.push(vscode.window.createTreeView(view, { treeDataProvider, canSelectMany: true }));
  }
};
