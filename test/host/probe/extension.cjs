// The test host's own test extension: as little as shows that the host can drive what an extension has.
const vscode = require('vscode');

function page(name) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-probe'"><title>${name}</title></head>
<body><h1>${name}</h1><button type="button">Go</button><p id="out"></p><script nonce="probe">
const api = acquireVsCodeApi();
document.querySelector('button').addEventListener('click', () => api.postMessage('go'));
window.addEventListener('message', (event) => { document.querySelector('#out').textContent = event.data; });
</script></body></html>`;
}

function show(webview, name) {
  webview.options = { enableScripts: true };
  webview.onDidReceiveMessage((message) => webview.postMessage(`${name} heard ${message}`));
  webview.html = page(name);
}

exports.activate = (context) => {
  const changed = new vscode.EventEmitter();
  const labels = new Map([
    ['alpha', 'alpha'],
    ['beta', 'beta'],
  ]);
  const tree = vscode.window.createTreeView('probe.tree', {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (parent) => (parent ? (parent === 'beta' ? ['gamma'] : []) : [...labels.keys()]),
      getTreeItem: (id) => {
        const state = vscode.TreeItemCollapsibleState;
        const item = new vscode.TreeItem(labels.get(id) ?? id, id === 'beta' ? state.Expanded : state.None);
        item.id = id;
        item.description = `the ${id}`;
        item.command = { command: 'probe.picked', title: 'Pick', arguments: [id] };
        return item;
      },
    },
  });
  tree.badge = { value: 2, tooltip: '2 things' };
  const status = vscode.window.createStatusBarItem('probe.status', vscode.StatusBarAlignment.Left, 100);
  status.name = 'Probe';
  status.text = '$(flame) Probe';
  status.tooltip = `trusted: ${vscode.workspace.isTrusted}`;
  status.show();
  const command = (id, run) => vscode.commands.registerCommand(id, run);
  context.subscriptions.push(
    changed,
    tree,
    status,
    command('probe.picked', (id) => vscode.window.showInformationMessage(`Picked ${id}`)),
    command('probe.poke', (id) => vscode.window.showInformationMessage(`Poked ${id}`)),
    command('probe.rename', (id) => {
      labels.set(id, `${id} renamed`);
      changed.fire();
    }),
    command('probe.hi', () =>
      vscode.window
        .showInformationMessage('Hi from probe', 'Again')
        .then((a) => a && vscode.window.showInformationMessage(`Said ${a}`)),
    ),
    command('probe.ask', async () => {
      const answer = await vscode.window.showWarningMessage(
        'Really?',
        { modal: true, detail: 'It cannot be undone.' },
        'Do It',
      );
      vscode.window.showInformationMessage(`Answered ${answer}`);
    }),
    command('probe.name', async () => {
      const name = await vscode.window.showInputBox({ prompt: 'Name' });
      vscode.window.showInformationMessage(`Named ${name}`);
    }),
    command('probe.open', () => {
      show(vscode.window.createWebviewPanel('probe.editor', 'Probe Editor', vscode.ViewColumn.One).webview, 'editor');
    }),
    vscode.window.registerWebviewViewProvider('probe.side', {
      resolveWebviewView: (view) => show(view.webview, 'side'),
    }),
    vscode.window.registerWebviewViewProvider('probe.bottom', {
      resolveWebviewView: (view) => show(view.webview, 'bottom'),
    }),
  );
  return { started: Date.now() };
};
