import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { root } from '../../scripts/paths.ts';
import { tickOwnSensors } from '../dagster/ownSensors.ts';
import { freePort } from '../freePort.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

describe('Sensor Ticks in VS Code', function () {
  this.timeout(120_000);
  let folder: string;
  let home: string;
  let workbench: Workbench;

  /** The page in the panel, or in an editor, once it is in sight. */
  const page = async (place: 'panel' | 'editor'): Promise<Frame> => {
    for (const end = Date.now() + 15_000; Date.now() < end; await pause(50)) {
      for (const frame of await workbench.webviews('Sensor Ticks')) {
        const found = await frame
          .locator('body')
          .getAttribute('data-place', { timeout: 1000 })
          .catch(() => undefined);
        if (found !== undefined && (found ?? 'panel') === place) return frame;
      }
    }
    return assert.fail(`Sensor Ticks is not in sight in the ${place}`);
  };
  const panel = (): Promise<Frame> => page('panel');
  const rows = (frame: Frame, text: string | RegExp) => frame.getByTestId('tick').filter({ hasText: text });
  /** A button in the panel's title row. */
  const action = (name: string) => workbench.page.locator(`.part.panel .title-actions a[aria-label^="${name}"]`);
  /** What a person arranged: span, filter, the chosen tick and whether its details are open. */
  const arranged = async (place: 'panel' | 'editor' = 'panel'): Promise<unknown> => {
    const frame = await page(place);
    await frame.getByTestId('details').waitFor();
    return {
      span: await frame.getByTestId('span').innerText(),
      following: await frame.getByTestId('follow').getAttribute('aria-pressed'),
      skipped: await frame.getByTestId('facet-skipped').getAttribute('aria-pressed'),
      details: (await frame.getByTestId('details').innerText()).split('\n').slice(0, 3),
      chosen: await frame.locator('[data-testid="tick"][aria-selected="true"]').getAttribute('data-tick'),
    };
  };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-ticks-'));
    home = path.join(folder, 'home');
    await mkdir(path.join(folder, '.vscode'));
    await mkdir(home);
    const settings = {
      'firedrill.dagsterHome': home,
      // No webserver answers there: what runs on this machine's port 3000 is not ours.
      'firedrill.webserverUrl': `http://127.0.0.1:${await freePort()}`,
    };
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    await tickOwnSensors(home, 2);
    workbench = await openWorkbench({ folder, extensions: [root], size: { width: 1280, height: 900 } });
    await workbench.openContainer('Firedrill');
  });
  after(async () => {
    await workbench?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it("list the project's own sensors in the Sensors view, with what Dagster made of them", async () => {
    const tree = workbench.tree('Sensors');
    await tree.row(/^Dagster, ai_audi, 4 running$/).waitFor();
    await tree.row(/^sensor breaks of code location ai_audi, running, 2 failed/).waitFor();
    await tree.row(/^sensor moves_its_cursor of code location ai_audi, running, .*skipped$/).waitFor();
  });

  it('have a lane for each of them, and their ticks in the table', async () => {
    await workbench.run('Firedrill: Show Sensor Ticks');
    const frame = await panel();
    await rows(frame, 'ValueError: the feed has no $(flame) connection').waitFor();
    await rows(frame, '1 run requested').waitFor();
    assert.equal(await frame.locator('.own-lanes .lane-name').count(), 4);
    await workbench.screenshot('ticks.own');
  });

  it('show what Dagster adds while they are in sight', async () => {
    await tickOwnSensors(home, 1);
    const frame = await panel();
    await rows(frame, 'started and never ended').first().waitFor();
    await rows(frame, /3 ticks since .*ValueError/).waitFor();
  });

  it('are those of one sensor when its row is clicked', async () => {
    const frame = await panel();
    await workbench.tree('Sensors').click(/^sensor breaks of /);
    await rows(frame, 'Sensor function returned').first().waitFor({ state: 'detached' });
    await rows(frame, 'ValueError').waitFor();
    await action('Clear Tick Filter').click();
    await rows(frame, 'Sensor function returned').first().waitFor();
  });

  it('go to a tick, and to a time', async () => {
    await workbench.run('Firedrill: Go to Tick…');
    const picker = workbench.page.locator('.quick-input-widget');
    const failed = picker.getByRole('option').filter({ hasText: 'ValueError' }).first();
    await failed.waitFor();
    const texts = await picker.getByRole('option').allInnerTexts();
    for (const text of texts) assert.equal(text.match(/\d+:\d\d:\d\d/g)?.length, 1, `the time once: ${text}`);
    assert.equal(await failed.locator('.codicon-flame').count(), 0, 'pipeline text is no icon');
    await workbench.screenshot('ticks.goto');
    await failed.click();
    const frame = await panel();
    assert.match(
      await frame.getByTestId('details').innerText(),
      /The tick failed[\s\S]*breaks of ai_audi[\s\S]*KeyError/,
    );

    await workbench.run('Firedrill: Go to Tick…');
    await picker.locator('input.input').fill('2026-01-02 03:04');
    await picker.getByRole('option', { name: 'Go to 2026-01-02 03:04' }).click();
    await (await panel()).getByText('No ticks here').waitFor();
    await (await panel()).getByRole('button', { name: 'Show the latest' }).click();
    await rows(await panel(), 'ValueError')
      .first()
      .waitFor();
  });

  it('are filtered by a text that Ctrl+F goes to; the title row says so and shows all again', async () => {
    const frame = await panel();
    const all = await frame.getByTestId('tick').count();
    await frame.getByTestId('timeline').focus();
    await workbench.page.keyboard.press('Control+F');
    await frame.locator('[data-testid="filter"]:focus').waitFor();
    await workbench.page.keyboard.type('valueerror');
    await action('Clear Tick Filter').waitFor();
    assert.ok((await frame.getByTestId('tick').count()) < all);
    await workbench.screenshot('ticks.filtered');
    await action('Clear Tick Filter').click();
    await action('Filter Ticks').waitFor();
    assert.equal(await frame.getByTestId('tick').count(), all);
    await action('Filter Ticks').click();
    await frame.locator('[data-testid="filter"]:focus').waitFor();
  });

  it('open as one editor beside the panel, as the panel stands, with keys and actions of its own', async () => {
    const frame = await panel();
    await frame.getByTestId('timeline').press('-');
    await frame.getByTestId('facet-skipped').click();
    const span = await frame.getByTestId('span').innerText();
    await pause(300); // until the extension is told
    await action('Open Sensor Ticks in Editor').click();
    const editor = await page('editor');
    await rows(editor, 'ValueError').first().waitFor();
    assert.equal(await editor.getByTestId('span').innerText(), span);
    assert.equal(await editor.getByTestId('facet-skipped').getAttribute('aria-pressed'), 'false');
    await workbench.run('Firedrill: Open Sensor Ticks in Editor');
    assert.deepEqual(await workbench.editors(), ['Sensor Ticks']);

    await editor.getByTestId('timeline').focus();
    await workbench.page.keyboard.press('Control+F');
    await editor.locator('[data-testid="filter"]:focus').waitFor();
    await workbench.page.keyboard.press('Escape');
    await editor.getByTestId('timeline').focus();
    await workbench.page.locator('.part.editor a[aria-label^="Filter Ticks"]').click();
    await editor.locator('[data-testid="filter"]:focus').waitFor();
    await workbench.page.keyboard.type('breaks');
    await rows(editor, '1 run requested').waitFor({ state: 'detached' });
    await rows(await panel(), '1 run requested').waitFor();
    await workbench.screenshot('ticks.editor');
    await frame.getByTestId('facet-skipped').click();
  });

  it('are as they were after hiding, moving and reloading the window', async () => {
    const frame = await panel();
    await frame.getByTestId('facet-skipped').click();
    await frame.getByTestId('timeline').focus();
    for (const key of ['-', '-', '+']) await frame.getByTestId('timeline').press(key);
    await rows(frame, 'ValueError').click();
    const before = await arranged();
    await workbench.screenshot('ticks.arranged');

    await workbench.run('View: Toggle Panel Visibility');
    await workbench.page.locator('.part.panel').waitFor({ state: 'hidden' });
    await workbench.run('View: Toggle Panel Visibility');
    assert.deepEqual(await arranged(), before, 'hidden and shown');

    const loaded = workbench.page.waitForEvent('domcontentloaded');
    await workbench.run('Developer: Reload Window');
    await loaded;
    await workbench.page.locator('.monaco-workbench').waitFor();
    assert.deepEqual(await arranged(), before, 'the window reloaded');
    assert.deepEqual(await workbench.editors(), ['Sensor Ticks']);
    assert.equal(await (await page('editor')).getByTestId('filter').inputValue(), 'breaks', 'the editor too');
    await rows(await page('editor'), 'ValueError')
      .first()
      .waitFor();
    await workbench.run('View: Close All Editors');

    await workbench.run('View: Move View');
    await workbench.choose('Sensor Ticks');
    await workbench.choose('Firedrill');
    await workbench.page.locator('.part.sidebar .pane-header[aria-label^="Sensor Ticks"]').waitFor();
    assert.deepEqual(await arranged(), before, 'moved to the side bar');
    await workbench.screenshot('ticks.moved');
  });

  it('leave no error of theirs on the console', () => {
    const own = workbench.consoleErrors.filter((error) => /firedrill|Content Security Policy|Refused to/i.test(error));
    assert.deepEqual(own, []);
  });
});
