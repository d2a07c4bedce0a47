import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { DagsterDev } from '../dagster/dagsterDev.ts';
import { Provoker } from '../dagster/provoker.ts';
import { freePort } from '../freePort.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { makeProject, type Project } from './project.ts';

describe('a failure by the keyboard alone, in VS Code', function () {
  this.timeout(120_000);
  let project: Project;
  let provoker: Provoker;
  let dagster: DagsterDev;
  let workbench: Workbench;

  before(async () => {
    project = await makeProject();
    const { home } = project.instance;
    const port = await freePort();
    await mkdir(path.join(project.folder, '.vscode'));
    await writeFile(
      path.join(project.folder, '.vscode', 'settings.json'),
      JSON.stringify({ 'firedrill.webserverUrl': `http://127.0.0.1:${port}`, 'firedrill.inboxPort': await freePort() }),
    );
    provoker = await Provoker.start({ home, workspace: project.folder }); // it makes the databases
    [dagster, workbench] = await Promise.all([
      DagsterDev.start({ home, port, workspace: project.folder }),
      openWorkbench({ folder: project.folder, extensions: [root] }),
    ]);
    await workbench.openContainer('Firedrill');
    await provoker.provoke('check-integrity', 'check-discrepancies', 'check-name-quotes', 'run-exception');
    for (const row of [/integrity/, /discrepancies/, /quoted/, /run failure/])
      await workbench.tree('Failures').row(row).waitFor();
  });
  after(async () => {
    await workbench?.close();
    await provoker?.stop();
    await dagster?.stop();
    await project?.dispose();
  });

  const failures = () => workbench.tree('Failures');
  const press = (key: string) => workbench.page.keyboard.press(key);
  /** Moves the focus to a row, as arrow keys do; nothing is selected by that. */
  const goTo = async (name: RegExp): Promise<void> => {
    await workbench.run('Firedrill: Focus on Failures View');
    await press('Home');
    const focused = failures().pane.locator('.monaco-list-row.focused');
    for (let rows = 0; rows < 10; rows++) {
      if (name.test((await focused.getAttribute('aria-label')) ?? '')) return;
      await press('ArrowDown');
    }
    assert.fail(`no row has the name ${name}`);
  };
  /** The row that has the focus and the selection, as soon as it has both. */
  const at = (name: string | RegExp): Promise<void> =>
    failures().pane.locator('.monaco-list:focus').getByRole('treeitem', { name }).and(here()).waitFor();
  const here = () => workbench.page.locator('.monaco-list-row.focused.selected');
  const names = async (): Promise<string[]> =>
    (await failures().rows()).filter(({ level }) => level === 2).map(({ name }) => name);
  const undo = async (name: string): Promise<void> => {
    await press('Control+z');
    await failures().row(name).waitFor();
  };
  const integrity = /check failure integrity/;
  const discrepancies = /check failure discrepancies/;
  const run = /run failure audi\/failing\/plain/;

  /** Enter on a row: its preview has the focus. */
  const enter = async (name: string): Promise<void> => {
    await press('Enter');
    const preview = await workbench.webview('Payload Preview');
    await preview.getByTestId('title').filter({ hasText: name }).waitFor();
    await preview.waitForFunction(() => document.hasFocus());
  };

  it('is previewed with Enter, and with Space without leaving the tree', async () => {
    await goTo(integrity);
    await enter('integrity');
    const preview = await workbench.webview('Payload Preview');
    await goTo(discrepancies);
    await press('Space');
    await preview.getByTestId('title').filter({ hasText: 'discrepancies' }).waitFor();
    await failures().pane.locator('.monaco-list:focus').waitFor();
  });

  it('is copied, its run id and its message, though another row is selected and in the preview', async () => {
    await goTo(run);
    await press('Control+c');
    await workbench.copied(/^Dagster run failure: audi\/failing\/plain \(ValueError\)$/);
    await goTo(integrity);
    await press('Control+Shift+C');
    await workbench.copied(/^[0-9a-f-]{36}$/);
    const preview = await workbench.webview('Payload Preview');
    await preview.getByTestId('title').filter({ hasText: 'discrepancies' }).waitFor(); // as before: a key opens nothing
  });

  it('opens the line that raised, and its run in Dagster', async () => {
    await goTo(run);
    await press('F12');
    await workbench.page.locator('.part.editor .tab.active', { hasText: /\.py$/ }).waitFor();
    assert.match(await workbench.editorText(), /raise ValueError/);
    await workbench.run('View: Close Editor');
    await goTo(run);
    await press('Space');
    const preview = await workbench.webview('Payload Preview');
    const line = preview.getByTestId('failing-line');
    assert.match(await line.innerText(), /^projects\/ai_audi\/.*\.py:\d+$/);
    assert.equal(await preview.getByTestId('unsent').innerText(), 'Not sent: its stack trace');
    await line.click();
    await workbench.page.locator('.part.editor .tab.active', { hasText: /\.py$/ }).waitFor();
    assert.match(await workbench.editorText(), /raise ValueError/);
    await goTo(run);
    const opened = workbench.page.context().waitForEvent('page');
    await press('Alt+Enter');
    const page = await opened;
    await page.waitForURL(/\/runs\/[0-9a-f-]{36}/);
    // The webserver's own address, or the one under which this VS Code hands a port of its machine on.
    assert.ok(page.url().includes(String(dagster.port)), page.url());
    await page.close();
  });

  it('is compared with another that is selected with it', async () => {
    await goTo(discrepancies);
    await press('Shift+ArrowDown');
    await press('Control+d');
    await workbench.page.locator('.part.editor .monaco-diff-editor').waitFor();
  });

  it('is compared with one that is picked, where it alone is meant', async () => {
    await goTo(integrity);
    await press('Space'); // it alone is selected
    await goTo(discrepancies);
    await press('Control+d');
    await workbench.page
      .locator('.quick-input-widget')
      .getByText('Compare discrepancies on audi/2024/prices')
      .waitFor();
    await workbench.choose('audi/failing/plain (ValueError)');
    await workbench.page
      .locator('.part.editor .tab.active', { hasText: 'discrepancies on audi/2024/prices' })
      .waitFor();
  });

  it('is dismissed and taken back, the row that has the focus and no other', async () => {
    await goTo(discrepancies);
    await enter('discrepancies');
    await goTo(integrity);
    await press('Delete');
    await failures().row(integrity).waitFor({ state: 'detached' });
    await failures().row(discrepancies).waitFor();
    await press('Control+z');
    await failures().row(integrity).waitFor();
  });

  it('is followed by the next one when it is dismissed: one key works through the list, and over its groups', async () => {
    const [first = '', second = '', third = '', last = ''] = await names();
    assert.match(last, run);
    await press('Home');
    await press('ArrowDown');
    for (const next of [second, third, last]) {
      await press('Delete');
      await at(next);
    }
    for (const name of [first, second, third]) await failures().row(name).waitFor({ state: 'detached' });
    for (const name of [third, second, first]) await undo(name);
    assert.deepEqual(await names(), [first, second, third, last]);

    await press('End');
    await press('Delete');
    await at(third); // of the last row the one before
    await failures().row(last).waitFor({ state: 'detached' });
    await undo(last);

    // Several at once.
    await press('Home');
    await press('ArrowDown');
    await press('Space');
    await press('Shift+ArrowDown');
    await press('Delete');
    await at(third);
    await failures().row(first).waitFor({ state: 'detached' });
    await press('Control+z');
    await failures().row(first).waitFor();
  });

  it('is followed by the next one of its group, also where that was folded, was filtered out and came back', async () => {
    const [first = '', second = ''] = await names();
    const group = failures().row(/^Check failures/);
    await goTo(/^Check failures/);
    await press('ArrowLeft');
    await failures().row(first).waitFor({ state: 'detached' });
    await workbench.run('Firedrill: Search Failures…');
    await workbench.type('plain');
    await group.waitFor({ state: 'detached' });
    await workbench.run('Firedrill: Clear Filter');
    await group.waitFor();
    assert.equal(await group.getAttribute('aria-expanded'), 'false', 'as it was left');
    await goTo(/^Check failures/);
    await press('ArrowRight');
    await failures().row(first).waitFor();
    await press('ArrowDown');
    await press('Delete');
    await at(second);
    await failures().row(first).waitFor({ state: 'detached' });
    await undo(first);
  });

  it('is not what a key on its group means: nothing happens', async () => {
    const before = await failures().rows();
    await goTo(/^Check failures/);
    for (const key of ['Delete', 'Control+Enter', 'F12', 'Control+d']) await press(key);
    await press('ArrowDown'); // what a key began would have been done by now
    assert.deepEqual(await failures().rows(), before);
    await failures().pane.locator('.monaco-list:focus .monaco-list-row.focused').first().waitFor();
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('is sent, and sent to the inbox', async () => {
    await goTo(integrity);
    const all = await names();
    await press('Control+Enter');
    await at(all[all.findIndex((name) => integrity.test(name)) + 1] ?? '');
    const sent = workbench.tree('Sent');
    await sent.row(/Dagster asset check failure: integrity.*accepted/).waitFor();
    await goTo(run);
    await press('Control+Shift+Enter');
    await sent.row(/Dagster run failure: audi\/failing\/plain.*accepted/).waitFor();
    await failures().row(integrity).waitFor({ state: 'detached' });
    await failures().row(run).waitFor({ state: 'detached' });
    await failures().row(discrepancies).waitFor();
  });

  it('has every other action in its menu, by the menu key', async () => {
    await goTo(discrepancies);
    await press('Shift+F10');
    const menu = workbench.page.locator('.monaco-menu');
    await menu.waitFor();
    const offered = await menu.getByRole('menuitem').allInnerTexts();
    for (const action of [
      'Preview Payload',
      'Send',
      'Send to Inbox',
      'Dismiss',
      'Open in Dagster',
      'Copy Run ID',
      'Copy Message',
    ])
      assert.ok(
        offered.some((text) => text.trim().startsWith(action)),
        `${action} in ${offered.join(' | ')}`,
      );
    await press('Escape');
  });

  it('says that no webserver answers rather than open a dead page', async () => {
    await goTo(discrepancies);
    await enter('discrepancies');
    const preview = await workbench.webview('Payload Preview');
    const link = preview.getByRole('button', { name: /^run / });
    await link.waitFor();
    await dagster.stop();
    const pages = workbench.page.context().pages().length;
    await goTo(discrepancies);
    await press('Alt+Enter');
    await workbench.toast('No Dagster webserver is known for this failure.');
    assert.equal(workbench.page.context().pages().length, pages);
    await link.waitFor({ state: 'detached' });
    assert.ok(await preview.locator('header').getByText(/^run /).isVisible(), 'as text');
  });
});
