// A group with a page of rows, and nothing behind it: as fast as a tree in VS Code can be. Constant, or, once it was
// asked for, with new ones above the others as often as Firedrill's own while much arrives.
const vscode = require('vscode');

const PAGE = 500;
const EVERY = 430; // ms
const NEW = 86;
let newest = PAGE;
const rows = () => Array.from({ length: PAGE }, (_, n) => `plain row ${newest - n}`);

exports.activate = (context) => {
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const changed = new vscode.EventEmitter();
  const move = () => {
    newest += NEW;
    changed.fire('group');
  };
  let moving;
  context.subscriptions.push(
    changed,
    vscode.commands.registerCommand('plain.move', () => {
      moving ??= setInterval(move, EVERY);
    }),
    { dispose: () => clearInterval(moving) },
  );
  const provider = {
    onDidChangeTreeData: changed.event,
    getChildren: (parent) => (parent === undefined ? ['group'] : parent === 'group' ? rows() : []),
    getTreeItem: (id) => {
      const item = new vscode.TreeItem(id, id === 'group' ? Expanded : None);
      item.id = id;
      item.contextValue = id === 'group' ? 'group' : 'row';
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
