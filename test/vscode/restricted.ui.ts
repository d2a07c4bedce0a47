import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import { runHostTests } from '../host/run-host-tests.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

/** Nothing pops up by itself; the workspace stays untrusted until somebody trusts it. */
const quiet = { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' };

describe('an untrusted workspace', function () {
  this.timeout(90_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-untrusted-'));
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('has nothing started or read in it', async () => {
    const { rows, outcome, output } = await runHostTests({
      files: [path.join(import.meta.dirname, 'restrictedInHost.ts')],
      extension: root,
      folder,
      settings: { ...quiet, 'security.workspace.trust.enabled': true },
      env: { FIREDRILL_TRUST: '1' },
    });
    assert.equal(outcome.problem, undefined, output);
    assert.equal(outcome.failed, 0, JSON.stringify(rows, null, 2));
    assert.ok(outcome.passed > 0);
  });

  describe('in the window', () => {
    let workbench: Workbench;
    before(async () => {
      workbench = await openWorkbench({ folder, extensions: [root], trust: true, settings: quiet });
      await workbench.openContainer('Firedrill');
    });
    after(async () => {
      await workbench?.close();
    });

    it('says what Firedrill does not do and how to change that, with one button', async () => {
      const welcome = workbench.welcome('Failures');
      await welcome.getByText('In Restricted Mode Firedrill reads no instance and sends nothing').waitFor();
      assert.equal(await welcome.locator('.monaco-button').count(), 1);
      await welcome.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
      await workbench.screenshot('views.restricted');
    });

    it('starts by itself once the workspace is trusted', async () => {
      await workbench.trustWorkspace();
      await workbench.openContainer('Firedrill');
      await workbench.welcome('Failures').getByText('No Dagster instance found').waitFor();
    });
  });
});
