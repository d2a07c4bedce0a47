import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { makeProject, type Project } from './project.ts';

describe('a drill without any account, in VS Code', function () {
  this.timeout(120_000);
  let project: Project;
  let provoker: Provoker;
  let workbench: Workbench;

  before(async () => {
    project = await makeProject();
    provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
    workbench = await openWorkbench({ folder: project.folder, extensions: [root], size: { width: 1400, height: 900 } });
    await workbench.openContainer('Firedrill');
    await workbench.tree('Failures').row('Before Firedrill').waitFor();
  });
  after(async () => {
    await workbench?.close();
    await project?.dispose();
  });

  for (const [title, message] of [
    ['Send Test Check Failure', /^Dagster asset check failure: discrepancies on firedrill\/test\/prices \(WARN\)$/],
    ['Send Test Run Failure', /^Dagster run failure: firedrill\/test\/prices \(FiredrillTestError\)$/],
  ] as const) {
    it(`"${title}" sends to the inbox on one click, and shows preview and receipt`, async () => {
      await workbench.tree('Failures').titleAction(title);
      const preview = await workbench.webview('Payload Preview');
      await preview.getByTestId('title').filter({ hasText: message }).waitFor();
      await preview.locator('[data-testid=receipt][data-state=accepted]').waitFor();
      assert.match(await preview.getByTestId('receipt').first().innerText(), /Accepted/);
      assert.match(await preview.locator('body').innerText(), /firedrill-test/, 'named as a drill');
      await workbench
        .tree('Sent')
        .row(new RegExp(message.source.slice(1, -1)))
        .waitFor();
      await workbench
        .tree('Sent')
        .row(/firedrill 0\.1\.0/)
        .waitFor();
    });
  }

  it('shows a tick in the panel when something fails', async () => {
    await workbench.run('Firedrill: Show Sensor Ticks');
    const ticks = await workbench.webview('Sensor Ticks');
    await provoker.provoke('check-discrepancies', 'run-exception', 'check-unresolved-refs');
    await ticks
      .getByTestId('tick')
      .filter({ hasText: /(discrepancies|unresolved_refs) on audi\// })
      .first()
      .waitFor();
    await ticks.getByTestId('tick').first().click();
    await ticks.getByTestId('details').waitFor();
    await workbench.screenshot('drill');
  });

  it('notifies of new failures where the setting asks for it, at most once a minute', async () => {
    await workbench.clearNotifications();
    await workbench.changeSettings({ 'firedrill.notifyFailures': true });
    await pause(500); // VS Code takes a changed file of settings up by itself
    await provoker.provoke('check-integrity');
    await workbench.toast('Dagster asset check failure: integrity on audi/2024/prices (ERROR)');
    await provoker.provoke('check-unresolved-refs');
    const failures = workbench.statusItem('firedrill-dagster');
    await failures.filter({ hasText: '5' }).waitFor(); // it was found, and nothing is said
    await pause(500);
    assert.equal((await workbench.notifications()).filter((text) => text.startsWith('Dagster')).length, 1);
  });

  it('says in the status bar what is followed and how much is pending', async () => {
    const item = workbench.statusItem('firedrill-dagster');
    assert.match(await item.innerText(), /5/);
  });
});
