import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runHostTests } from './run-host-tests.ts';
import { openWorkbench, type Workbench } from './workbench.ts';

const probe = path.join(import.meta.dirname, 'probe');
const testFile = (name: string) => path.join(import.meta.dirname, 'probe-tests', `${name}.host.ts`);

describe('the VS Code test host', function () {
  this.timeout(60_000);

  describe('with mocha in the extension host', () => {
    it('runs tests with the folder, settings and environment that were asked for', async () => {
      const { rows, outcome, output } = await runHostTests({
        files: [testFile('probe')],
        extension: probe,
        folder: probe,
        settings: { 'editor.tabSize': 7 },
        env: { PROBE_SAYS: 'hello' },
      });
      assert.deepEqual(outcome, { passed: 4, failures: [] }, output);
      assert.deepEqual(
        rows.map(({ error }) => error),
        [undefined, undefined, undefined, undefined],
      );
    });

    it('tells the test that failed from the one that passed', async () => {
      const { rows, outcome } = await runHostTests({
        files: [testFile('failing')],
        extension: probe,
        grep: 'passes|fails',
      });
      assert.deepEqual([outcome.passed, outcome.failures.length], [1, 1]);
      assert.deepEqual(
        rows.map(({ title }) => title),
        ['probe passes', 'probe fails'],
      );
      assert.equal(rows[0]?.error, undefined);
      assert.match(rows[1]?.error ?? '', /2 !== 3/);
    });

    it('notices that the extension host died, and keeps what had passed', async () => {
      const { rows, outcome } = await runHostTests({
        files: [testFile('failing')],
        extension: probe,
        grep: 'passes|dies',
      });
      assert.deepEqual(
        rows.map(({ title }) => title),
        ['probe passes'],
      );
      assert.match(outcome.failures.at(-1) ?? '', /ended before its tests had/);
    });
  });

  describe('driven in the browser', () => {
    let workbench: Workbench;

    before(async () => {
      workbench = await openWorkbench({ folder: probe, extensions: [probe] });
      await workbench.openContainer('Probe');
    });

    after(async () => {
      await workbench?.close();
    });

    afterEach(async function () {
      if (this.currentTest?.isFailed()) await workbench.screenshot(`failed: ${this.currentTest.title}`);
    });

    it('reads a tree and the badge of its container', async () => {
      await workbench.tree('Things').row('gamma').waitFor();
      const rows = await workbench.tree('Things').rows();
      assert.deepEqual(
        rows.map(({ label, description, level, expanded }) => ({ label, description, level, expanded })),
        [
          { label: 'alpha', description: 'the alpha', level: 1, expanded: undefined },
          { label: 'beta', description: 'the beta', level: 1, expanded: true },
          { label: 'gamma', description: 'the gamma', level: 2, expanded: undefined },
        ],
      );
      for (let tries = 50; (await workbench.badge('Probe')) === undefined && tries > 0; tries--) await pause(100);
      assert.equal(await workbench.badge('Probe'), '2');
    });

    it('clicks a row, its inline action and its context menu', async () => {
      await workbench.tree('Things').click('alpha');
      await workbench.toast('Picked alpha');
      await workbench.tree('Things').action('gamma', 'Poke');
      await workbench.toast('Poked gamma');
      await workbench.tree('Things').menu('alpha', 'Rename Thing');
      await workbench.tree('Things').row('alpha renamed').waitFor();
    });

    it('presses an action in a title bar and talks to the webview it opens', async () => {
      await workbench.tree('Things').titleAction('Open Panel');
      const frame = await workbench.webview('editor');
      await frame.getByRole('button', { name: 'Go' }).click();
      await frame.locator('#out', { hasText: 'editor heard go' }).waitFor();
      assert.ok((await workbench.editors()).includes('Probe Editor'));
    });

    it('tells the webviews of side bar and panel apart', async () => {
      await workbench.openPanel('Probe Panel');
      for (const name of ['side', 'bottom']) {
        const frame = await workbench.webview(name);
        await frame.getByRole('button', { name: 'Go' }).click();
        await frame.locator('#out', { hasText: `${name} heard go` }).waitFor();
      }
    });

    it('runs a command, sees its toast and finds it in the notification centre', async () => {
      await workbench.clearNotifications();
      assert.deepEqual(await workbench.notifications(), []);
      await workbench.run('Probe: Say Hi');
      const toast = await workbench.toast('Hi from probe');
      await toast.getByRole('button', { name: 'Again' }).click();
      await workbench.toast('Said Again');
      assert.ok((await workbench.notifications()).includes('Said Again'));
    });

    it('reads and answers a modal dialog', async () => {
      await workbench.run('Probe: Ask');
      assert.match(await workbench.dialog(), /Really\?\s+It cannot be undone\./);
      await workbench.answer('Do It');
      await workbench.toast('Answered Do It');
    });

    it('types into an input box', async () => {
      await workbench.run('Probe: Name It');
      await workbench.type('Nora');
      await workbench.toast('Named Nora');
    });

    it('finds a status bar item', async () => {
      await workbench.statusItem('Probe').waitFor();
    });

    it('switches between the four kinds of theme', async () => {
      const seen = new Set<string>();
      for (const theme of ['light', 'hc-dark', 'hc-light', 'dark'] as const) {
        await workbench.setTheme(theme);
        const frame = await workbench.webview('side');
        seen.add(await frame.locator('body').evaluate((body) => body.className));
        await workbench.screenshot(`probe-${theme}`);
      }
      assert.equal(seen.size, 4, [...seen].join(', '));
    });
  });

  it('opens a workspace that is not trusted when asked to, and trusts it', async () => {
    const workbench = await openWorkbench({ folder: probe, extensions: [probe], trust: true });
    try {
      await workbench.statusItem('Restricted Mode').waitFor();
      await workbench.trustWorkspace();
    } finally {
      await workbench.close();
    }
  });

  it('leaves nothing running when its driver is killed', async () => {
    const temporary = await mkdtemp(path.join(os.tmpdir(), 'firedrill-killed-')); // a killed driver leaves its files
    const script = `
      const { openWorkbench } = await import(${JSON.stringify(path.join(import.meta.dirname, 'workbench.ts'))});
      const { server } = await openWorkbench();
      console.log(server.process.pid);
      setInterval(() => {}, 1000);`;
    const driver = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, FIREDRILL_MARK: `probe-${process.pid}`, TMPDIR: temporary },
    });
    const [first] = await once(driver.stdout, 'data');
    assert.ok(Number(first) > 0, String(first));
    assert.ok((await marked()).length >= 3, 'driver, server and browser run');
    driver.kill('SIGKILL');
    const end = Date.now() + 10_000;
    while ((await marked()).length > 0 && Date.now() < end) await pause(100);
    assert.deepEqual(await marked(), []);
    await rm(temporary, { recursive: true });
  });
});

/** Processes that were started by the driver with our mark in its environment. */
async function marked(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environ = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environ.includes(`FIREDRILL_MARK=probe-${process.pid}\0`)) {
      found.push(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => pid));
    }
  }
  return found;
}
