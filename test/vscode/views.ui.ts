import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../scripts/paths.ts';
import type { WALKTHROUGH } from '../../src/ui/ids.ts';
import { DagsterInstance } from '../dagster/dagsterInstance.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { freePort } from '../freePort.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

describe('the views in VS Code', function () {
  this.timeout(120_000);
  let folder: string;
  let instance: DagsterInstance;
  let provoker: Provoker;
  let workbench: Workbench;

  const settings = async (changes: Record<string, unknown>) => {
    await mkdir(path.join(folder, '.vscode'), { recursive: true });
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(changes));
  };
  const failures = () => workbench.tree('Failures');

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-views-'));
    // No webserver answers there: what runs on this machine's port 3000 is not ours.
    await settings({ 'firedrill.webserverUrl': `http://127.0.0.1:${await freePort()}` });
    instance = await DagsterInstance.empty();
    provoker = await instance.serve();
    await provoker.provoke('check-integrity');
    workbench = await openWorkbench({ folder, extensions: [root], size: { width: 1280, height: 1000 } });
    await workbench.openContainer('Firedrill');
  });

  after(async () => {
    await workbench?.close();
    await instance?.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('say that there is no instance, with one button and links for the rest', async () => {
    const welcome = workbench.welcome('Failures');
    await welcome.getByText('No Dagster instance found').waitFor();
    assert.equal(await welcome.locator('.monaco-button').count(), 1);
    assert.deepEqual(await welcome.locator('.monaco-link').allInnerTexts(), [
      'connect to a webserver',
      'look again',
      'send a test check failure',
    ]);
    await workbench.statusItem('No instance').waitFor();
    await workbench.screenshot('views.none');
  });

  it('offer in the palette only what can be done without an instance', async () => {
    await workbench.page.keyboard.press('F1');
    const picker = workbench.page.locator('.quick-input-widget');
    await picker.locator('input.input').fill('>Firedrill:');
    await picker.getByRole('option', { name: 'Firedrill: Choose Instance…' }).waitFor();
    const offered = (await picker.getByRole('option').allInnerTexts()).join('\n');
    assert.match(offered, /Send Test Check Failure/);
    for (const absent of [
      'Tick Now',
      'Firedrill: Dismiss',
      'Retry Delivery',
      'Look Back',
      'Hold Delivery',
      'Read This Instance',
    ]) {
      assert.ok(!offered.includes(absent), absent);
    }
    // A test failure can be dismissed without an instance.
    await picker.locator('input.input').fill('>Firedrill: Undo Dismiss');
    await picker.getByRole('option', { name: 'Firedrill: Undo Dismiss' }).waitFor();
    await workbench.page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
  });

  it('say why a folder is no instance, and offer another', async () => {
    await settings({ 'firedrill.dagsterHome': path.join(folder, 'nothing-here') });
    await failures()
      .pane.getByText(/nothing-here.* is no folder/)
      .waitFor();
    await failures().row('Choose Instance…').waitFor();
    await workbench.screenshot('views.unusable');
  });

  it('follow the instance that is named, with what failed before in a closed group', async () => {
    await settings({ 'firedrill.dagsterHome': instance.home });
    const group = failures().row(/^Before Firedrill, 1 failure$/);
    await group.waitFor();
    assert.equal(await group.getAttribute('aria-expanded'), 'false');
    assert.equal(await workbench.badge('Firedrill'), undefined);
  });

  it('count in the badge and the status bar what failed since', async () => {
    await provoker.provoke('check-discrepancies', 'run-exception');
    await failures()
      .row(/^check failure discrepancies on audi\/2024\/prices, WARN/)
      .waitFor();
    await failures()
      .row(/^run failure audi\/failing\/plain with ValueError/)
      .waitFor();
    assert.equal(await workbench.badge('Firedrill'), '2');
    const item = workbench.page.locator('.part.statusbar .statusbar-item[id*="firedrill"] a');
    assert.match((await item.getAttribute('aria-label')) ?? '', /2 pending failures$/);
    await workbench.screenshot('views.following');
  });

  it('show names from a pipeline as they are written, as no icon, link or markup', async () => {
    await provoker.provoke('check-name-quotes');
    const row = failures().row(/it's "quoted"/);
    await row.waitFor();
    assert.equal(await row.locator('a[href]').count(), 0);
    assert.match(await failures().tooltip(/it's "quoted"/, 'quoted'), /storage id \d+/);
    const hover = workbench.page.locator('.monaco-hover:visible').filter({ hasText: 'quoted' });
    assert.equal(await hover.locator('a[href], strong, em, code').count(), 0);
  });

  it('say on hover why a run ended, and which check failed it', async () => {
    await provoker.provoke('check-blocking');
    await failures().row('Check failures, 3 failures').waitFor();
    await failures().row('Run failures, 2 failures').waitFor();
    const text = await failures().tooltip(/run failure audi\/options_has_rows/, 'Not sent');
    assert.match(text, /^a step failed · code location/m);
    assert.match(text, /^Same cause as the check failure has_rows\.$/m);
    await workbench.screenshot('views.tooltip');
    await failures().leave();
    await failures().click(/run failure audi\/options_has_rows/);
    const preview = await workbench.webview('Payload Preview');
    await preview.locator('.facts-of', { hasText: 'same cause as has_rows' }).waitFor();
  });

  it('dismiss the selected row with the Delete key, and take it back', async () => {
    const row = failures().row(/it's "quoted"/);
    await row.click();
    await workbench.webview('Payload Preview');
    await row.click();
    await workbench.page.keyboard.press('Delete');
    await row.waitFor({ state: 'detached' });
    await workbench.run('Firedrill: Undo Dismiss');
    await row.waitFor();
  });

  it('ask which failure a command of the palette means when the row selected is not the one in the preview', async () => {
    await failures().click(/^check failure discrepancies/);
    const preview = await workbench.webview('Payload Preview');
    await preview.getByTestId('title').filter({ hasText: 'discrepancies' }).waitFor();
    await workbench.run('Firedrill: Copy Message'); // both are the same
    await workbench.copied(/discrepancies/);
    await workbench.run('Firedrill: Focus on Failures View');
    await workbench.page.keyboard.press('End'); // the group of what failed before
    await workbench.page.keyboard.press('ArrowUp');
    await workbench.page.keyboard.press('Control+c'); // selects, and leaves the preview as it is
    await workbench.copied(/^Dagster run failure: audi\/failing\/plain/);
    await workbench.run('Firedrill: Copy Message');
    const choices = workbench.page.locator('.quick-input-widget').getByRole('option');
    await choices.nth(1).waitFor();
    assert.deepEqual(
      (await choices.allInnerTexts()).map((text) => text.trim()),
      ['audi/failing/plain (ValueError)selected in Failures', 'discrepancies on audi/2024/prices (WARN)in the preview'],
    );
    await workbench.choose('discrepancies on audi/2024/prices (WARN)');
    await workbench.copied(/^Dagster asset check failure: discrepancies/);
  });

  it('take a DSN masked, and say in the engine’s words what is wrong with one', async () => {
    await workbench.run('Firedrill: Set Sentry DSN…');
    const picker = workbench.page.locator('.quick-input-widget');
    const place = picker.getByRole('option', { name: /^This workspace/ });
    const input = picker.locator('input[type=password]');
    await place.or(input).first().waitFor(); // asked for a place first where a code location is known
    if (await place.isVisible()) await place.click();
    await input.waitFor();
    await input.fill('https://abc@host');
    await picker.locator('.quick-input-message').getByText(/DSN/).waitFor();
    await workbench.screenshot('views.dsn');
    await input.fill('https://0123456789abcdef0123456789abcdef@o1.ingest.sentry.io/42');
    await picker.getByText('Project 42 on o1.ingest.sentry.io').waitFor();
    await workbench.page.keyboard.press('Escape');
    await picker.waitFor({ state: 'hidden' });
  });

  it('ask before automatic delivery is turned on, and hold when the answer is no', async () => {
    await workbench.run('Firedrill: Turn On Automatic Delivery…');
    assert.match(await workbench.dialog(), /Send every failure that Firedrill finds from now on\?/);
    await workbench.screenshot('views.automatic');
    await workbench.answer('Cancel');
    await workbench.page.keyboard.press('F1');
    await workbench.choose('Firedrill: Turn On Automatic Delivery…', '>Firedrill: Turn On');
    await workbench.answer('Cancel');
  });

  it('stop and start a sensor from its row', async () => {
    const sensors = workbench.tree('Sensors');
    await sensors.action(/^asset_check_sentry_sensor/, 'Stop Sensor');
    await sensors.row(/^asset_check_sentry_sensor, stopped/).waitFor();
    await sensors.action(/^asset_check_sentry_sensor/, 'Start Sensor');
    await sensors.row(/^asset_check_sentry_sensor, running/).waitFor();
  });

  it('have in the walkthrough, opened after they were used, ticked off what is done already, and the rest by its buttons', async () => {
    const badge = await workbench.badge('Firedrill');
    await workbench.run('Firedrill: Preview Test Check Failure');
    await failures()
      .row(/^test, check failure/)
      .waitFor();
    assert.equal(await workbench.badge('Firedrill'), badge, 'a test is listed, and counted nowhere');
    await workbench.run('Firedrill: Send Test Check Failure');
    await workbench
      .tree('Sent')
      .row(/accepted/)
      .waitFor();
    await workbench.run('Firedrill: Get Started');
    const step = (id: (typeof WALKTHROUGH.steps)[number]) =>
      workbench.page.locator(`.getting-started-step[data-step-id$="#${id}"]`);
    const done = (id: (typeof WALKTHROUGH.steps)[number]) =>
      step(id).locator('.codicon-getting-started-step-checked').waitFor();
    await done('connect');
    await done('send');
    await step('see').click();
    await step('see').getByRole('button', { name: 'Show Failures' }).click();
    await done('see');
  });

  it('offer one failure what can be done to it, several what can be done to several, and in their title what one looks for there', async () => {
    const offered = async () => {
      const menu = workbench.page.locator('.monaco-menu');
      await menu.waitFor();
      const texts = (await menu.getByRole('menuitem').allInnerTexts()).map((text) => text.trim().split('\n')[0]);
      await workbench.page.keyboard.press('Escape');
      await menu.waitFor({ state: 'hidden' });
      return texts;
    };
    await failures()
      .row(/^check failure discrepancies/)
      .click({ button: 'right' });
    assert.deepEqual(await offered(), [
      'Preview Payload',
      'Send',
      'Send to Inbox',
      'Dismiss',
      'Copy Run ID',
      'Copy Message',
      'Compare With…',
    ]);
    await failures()
      .row(/^check failure discrepancies/)
      .click();
    await failures()
      .row(/^check failure it's/)
      .click({ modifiers: ['Control'] });
    await failures()
      .row(/^check failure discrepancies/)
      .click({ button: 'right' });
    assert.deepEqual(await offered(), [
      'Send',
      'Send to Inbox',
      'Dismiss',
      'Copy Run ID',
      'Copy Message',
      'Compare Two Failures',
    ]);
    await failures().titleAction('More Actions');
    await workbench.screenshot('views.menu');
    assert.deepEqual(await offered(), [
      'Search Failures…',
      'Filter Failures…',
      'Group Failures By…',
      'Undo Dismiss',
      'Look Back…',
      'Preview Test Check Failure',
      'Send or Preview Specimen…',
      'Turn On Automatic Delivery…',
      'Set Sentry DSN…',
      'Set Sentry Auth Token…',
      'Choose Instance…',
      'Connect to Webserver…',
      'Look for the Instance Again',
      'Open Settings',
      'Get Started',
      'Show Log',
    ]);
  });

  it('say nothing that is not so while a window opens: no Restricted Mode, no empty list', async () => {
    const { page } = workbench;
    // Until what stands in the editors is there again, VS Code tells nobody that the workspace is trusted.
    await failures().click(/^check failure discrepancies/);
    await workbench.webview('Payload Preview');
    await page.addInitScript(() => {
      const said = new Set<string>();
      Reflect.set(globalThis, 'said', said);
      const look = (): void => {
        for (const welcome of document.querySelectorAll<HTMLElement>('.welcome-view-content'))
          if (welcome.checkVisibility()) said.add(welcome.innerText);
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    });
    await page.reload();
    await failures()
      .row(/^check failure discrepancies/)
      .waitFor();
    const said = await page.evaluate(() => [...(Reflect.get(globalThis, 'said') as Set<string>)]);
    assert.deepEqual(
      said.filter((text) => !text.startsWith('Looking for a Dagster instance…')),
      [],
    );
  });

  it('leave no error of theirs on the console', () => {
    const own = workbench.consoleErrors.filter((error) => /firedrill|Content Security Policy|Refused to/i.test(error));
    assert.deepEqual(own, []);
  });
});
