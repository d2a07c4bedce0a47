import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { Recorder } from '../endToEnd/recorder.ts';
import { freePort } from '../freePort.ts';
import { type ProcessTree, processTree } from '../host/processes.ts';
import { runHostTests } from '../host/run-host-tests.ts';
import { vscodeServer } from '../host/vscode-files.ts';
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
    const { outcome, output } = await runHostTests({
      files: [path.join(import.meta.dirname, 'restrictedInHost.ts')],
      extension: root,
      folder,
      settings: { ...quiet, 'security.workspace.trust.enabled': true },
      env: { FIREDRILL_TRUST: '1' },
    });
    assert.deepEqual(outcome.failures, [], output);
    assert.ok(outcome.passed > 0);
  });

  describe('in a window, beside a trusted one at the same instance, both told to deliver by themselves', () => {
    let project: Project;
    let provoker: Provoker;
    let recorder: Recorder;
    let inboxPort: number;
    /** VS Code's own folder. */
    let vscode: string;
    let trusted: Workbench;
    let untrusted: Workbench;

    before(async () => {
      recorder = await Recorder.start();
      project = await makeProject({ ai_audi: recorder.dsn });
      provoker = await project.instance.serve();
      await provoker.provoke('check-integrity');
      await writeFile(
        path.join(folder, '.env'),
        `DAGSTER_HOME='${project.instance.home}'\nSENTRY_DSN=${recorder.dsn}\n`,
      );
      inboxPort = await freePort();
      vscode = await realpath(path.dirname(path.dirname(await vscodeServer())));
      untrusted = await openWorkbench({
        folder,
        extensions: [root],
        trust: true,
        settings: {
          ...quiet,
          'firedrill.delivery': 'automatic',
          'firedrill.inboxPort': inboxPort,
          'firedrill.webserverUrl': `http://127.0.0.1:${await freePort()}`,
        },
      });
      await untrusted.openContainer('Firedrill');
    });
    after(async () => {
      await untrusted?.close();
      await project?.dispose();
      await recorder?.stop();
    });

    const processes = (): ProcessTree => processTree(untrusted.server.process.pid ?? assert.fail('no server'));
    const engines = (): number => processes().threads.filter((name) => name.startsWith('firedrill')).length;
    const stateFiles = (): string[] =>
      globSync('**/globalStorage/firedrill.firedrill/*', { cwd: untrusted.server.folder });
    /** Who ticks the sensors, in any of the states; null for nobody. */
    const leaders = (): unknown[] =>
      stateFiles()
        .filter((name) => /state-.*\.db$/.test(name))
        .map((name) => {
          const state = new DatabaseSync(path.join(untrusted.server.folder, name), { readOnly: true, timeout: 2_000 });
          try {
            return state.prepare('select owner from lease').get()?.owner ?? null;
          } finally {
            state.close();
          }
        })
        .filter((owner) => owner !== null);

    it('says what Firedrill does not do and how to change that, with one button', async () => {
      const welcome = untrusted.welcome('Failures');
      await welcome.getByText('In Restricted Mode Firedrill reads no instance and sends nothing').waitFor();
      assert.equal(await welcome.locator('.monaco-button').count(), 1);
      await welcome.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
      await untrusted.screenshot('views.restricted');
    });

    it('has no port, no state file, no thread of an engine and no child, whatever fails', async () => {
      await provoker.provoke('check-discrepancies');
      await pause(1_500); // several looks of an engine
      const { ports, pids, ofExtensionHosts } = processes();
      assert.ok(pids.length > 1, 'the extension host is among them');
      assert.deepEqual(ports, [untrusted.server.port]);
      assert.equal(engines(), 0);
      assert.deepEqual(
        ofExtensionHosts.filter((command) => !command.includes(vscode)),
        [],
        'none but what VS Code’s own extensions started',
      );
      assert.deepEqual(stateFiles(), []);
      assert.equal(recorder.requests.length, 0);
    });

    it('delivers nothing, while the trusted one does', async () => {
      trusted = await untrusted.openWindow(project.folder);
      await trusted.openContainer('Firedrill');
      await trusted.trustWorkspace();
      await trusted.openContainer('Firedrill');
      await trusted.tree('Failures').row('Before Firedrill').waitFor();
      assert.equal(engines(), 1, 'one for the trusted window, which is told by its name');
      assert.ok(processes().ports.includes(inboxPort));
      assert.equal(recorder.requests.length, 0, 'nobody agreed yet');
      await trusted.run('Firedrill: Turn On Automatic Delivery…');
      await trusted.answer('Turn On Automatic Delivery');
      await trusted.answer('Send');
      await trusted.page.locator('.monaco-dialog-box').waitFor({ state: 'hidden' });
      await provoker.provoke('check-discrepancies');
      const [request] = await recorder.atLeast(1);
      assert.match(String(request?.body), /discrepancies/);
      await trusted
        .tree('Sent')
        .row(/discrepancies on .*accepted/)
        .waitFor();
      await untrusted.welcome('Failures').getByText('In Restricted Mode Firedrill reads no instance').waitFor();
      assert.equal(engines(), 1);
    });

    it('takes nothing over when the trusted one is closed', async () => {
      await trusted.page.close({ runBeforeUnload: true });
      for (const end = Date.now() + 20_000; engines() > 0 || leaders().length > 0; await pause(50)) {
        if (Date.now() > end) assert.fail(`the closed window still has ${engines()} engines, ${leaders()} leads`);
      }
      await provoker.provoke('check-unresolved-refs');
      await pause(2_000);
      assert.equal(recorder.requests.length, 1);
      assert.deepEqual(leaders(), []);
      assert.deepEqual(processes().ports, [untrusted.server.port]);
    });

    it('starts by itself once it is trusted', async () => {
      await untrusted.trustWorkspace();
      await untrusted.openContainer('Firedrill');
      await untrusted
        .tree('Failures')
        .row(/unresolved_refs/)
        .waitFor();
      assert.equal(engines(), 1);
      assert.equal(recorder.requests.length, 1, 'its user did not agree to any delivery');
    });
  });
});
