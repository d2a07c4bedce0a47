import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Firedrill } from '../../src/extension.ts';
import { COMMANDS } from '../../src/ui/ids.ts';

/** Run by `restricted.ui.ts` in a VS Code with Workspace Trust on and a folder that nobody trusted. */
describe('Firedrill in Restricted Mode', () => {
  const extension = vscode.extensions.getExtension<Firedrill>('firedrill.firedrill');
  let drill: Firedrill;

  before(async () => {
    assert.equal(vscode.workspace.isTrusted, false, 'the workspace is not trusted');
    assert.ok(extension);
    drill = await extension.activate();
  });

  it('starts no engine and says that it is restricted', () => {
    assert.deepEqual(drill.session.situation, { kind: 'restricted' });
  });

  it('refuses every call with the reason', async () => {
    await assert.rejects(
      drill.session.call((engine) => engine.overview()),
      /Restricted Mode/,
    );
  });

  it('lists nothing, so that the welcome text shows', async () => {
    assert.deepEqual(await drill.failures.getChildren(), []);
    assert.deepEqual(await drill.sensors.getChildren(), []);
    assert.deepEqual(await drill.sent.getChildren(), []);
  });

  it('ignores places that the workspace’s own settings name', async () => {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    assert.ok(folder, 'a folder is open');
    const file = vscode.Uri.joinPath(folder, '.vscode', 'settings.json');
    const settings = {
      'firedrill.dagsterHome': '/somewhere',
      'firedrill.delivery': 'automatic',
      'firedrill.skipRetried': true,
    };
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(settings)));
    try {
      const read = (name: string) => vscode.workspace.getConfiguration('firedrill').get(name);
      for (const end = Date.now() + 10_000; read('skipRetried') !== true && Date.now() < end; ) await pause(50);
      assert.equal(read('skipRetried'), true, 'the file was read');
      assert.equal(read('dagsterHome'), '');
      assert.equal(read('delivery'), 'hold');
    } finally {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder, '.vscode'), { recursive: true });
    }
  });

  it('keeps its commands, which say why they do nothing', async () => {
    const registered = await vscode.commands.getCommands(true);
    for (const command of Object.values(COMMANDS)) assert.ok(registered.includes(command), command);
  });
});
