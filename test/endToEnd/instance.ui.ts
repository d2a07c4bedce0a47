import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { DagsterDev } from '../dagster/dagsterDev.ts';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

describe('the way to an instance, and away from it, in VS Code', function () {
  this.timeout(120_000);
  let folder: string;
  let instance: DagsterInstance;
  let provoker: Provoker;
  let dagster: DagsterDev;
  let workbench: Workbench;
  /** Takes connections and never answers, as a webserver that hangs. */
  const silent = createServer();

  const settings = async (changes: Record<string, unknown>): Promise<void> => {
    await mkdir(path.join(folder, '.vscode'), { recursive: true });
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(changes));
  };
  const failures = () => workbench.tree('Failures');
  const welcome = () => workbench.welcome('Failures');

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-instance-'));
    instance = await DagsterInstance.empty();
    provoker = await instance.serve(); // it makes the databases
    await new Promise<void>((listening) => silent.listen(0, '127.0.0.1', listening));
    const address = silent.address();
    assert.ok(address !== null && typeof address === 'object');
    await settings({ 'firedrill.webserverUrl': `http://127.0.0.1:${address.port}` });
    const size = { width: 1280, height: 900 };
    [dagster, workbench] = await Promise.all([
      DagsterDev.start({ home: instance.home }),
      openWorkbench({ folder, extensions: [root], size }),
    ]);
    await workbench.openContainer('Firedrill');
  });
  after(async () => {
    await workbench?.close();
    await dagster?.stop();
    await instance?.dispose();
    silent.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says that it looks, as long as a webserver does not answer, and offers to choose', async () => {
    await welcome().getByText('Looking for a Dagster instance…').waitFor();
    await workbench.screenshot('instance.searching');
    await welcome().getByText('No Dagster instance found').waitFor();
  });

  it('asks before it reads an instance outside the workspace that only a webserver names', async () => {
    await settings({ 'firedrill.webserverUrl': dagster.url });
    await welcome().getByText('A Dagster instance was found that keeps its files outside this workspace').waitFor();
    assert.equal(await welcome().locator('.monaco-button').count(), 1);
    await workbench.screenshot('instance.unconfirmed');
    await welcome().getByRole('button', { name: 'Read This Instance…' }).click();
    assert.ok((await workbench.dialog()).includes(instance.home), await workbench.dialog());
    await workbench.screenshot('instance.question');
    await workbench.answer('Read');
  });

  it('says that nothing is pending, since when, and how to see an alert', async () => {
    await welcome().getByText('No failures are pending').waitFor();
    assert.match(await failures().pane.locator('.pane-header').innerText(), /since \d\d:\d\d/);
    await workbench.screenshot('instance.empty');
  });

  it('says that no failure matches a filter, with the way out', async () => {
    await provoker.provoke('check-integrity');
    await failures()
      .row(/integrity/)
      .waitFor();
    await workbench.screenshot('instance.one');
    await workbench.run('Firedrill: Search Failures…');
    await workbench.type('nothing has this');
    await welcome().getByText('No failure matches the filter').waitFor();
    await workbench.screenshot('instance.filtered');
    await welcome().getByRole('button', { name: 'Clear Filter' }).click();
    await failures()
      .row(/integrity/)
      .waitFor();
  });

  it('keeps its rows when the instance is lost, says since when and why, and goes on once it is back', async () => {
    await provoker.stop();
    await dagster.stop();
    const away = `${instance.home}-away`;
    await rename(instance.home, away);
    await failures()
      .pane.getByText(/cannot be read since \d\d:\d\d/)
      .waitFor();
    await failures()
      .row(/integrity/)
      .waitFor();
    await workbench.screenshot('instance.lost');
    await rename(away, instance.home);
    await failures()
      .pane.getByText(/cannot be read since/)
      .waitFor({ state: 'hidden' });
    provoker = await instance.serve();
    await provoker.provoke('check-discrepancies');
    await failures()
      .row(/discrepancies/)
      .waitFor();
  });
});
