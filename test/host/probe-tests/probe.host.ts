import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';

describe('the probe in the extension host', () => {
  it('offers its commands', async () => {
    const probe = vscode.extensions.getExtension('firedrill.firedrill-probe');
    assert.ok(probe);
    await probe.activate();
    assert.ok((await vscode.commands.getCommands(true)).includes('probe.hi'));
  });

  it('has the folder that was asked for open', () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.equal(folder, path.join(import.meta.dirname, '..', 'probe'));
  });

  it('has the settings that were asked for', () => {
    assert.equal(vscode.workspace.getConfiguration('editor').get('tabSize'), 7);
    assert.equal(vscode.workspace.getConfiguration('workbench').get('startupEditor'), 'none');
  });

  it('sees the environment that was given', () => {
    assert.equal(process.env.PROBE_SAYS, 'hello');
  });
});
