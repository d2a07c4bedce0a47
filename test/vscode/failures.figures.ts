import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/paths.ts';
import { WrittenHome } from '../dagster/reading/home.ts';
import { freePort } from '../freePort.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { workbenchUrl } from '../host/workbench-url.ts';
import { mostInASecond, percentile, watchFirstRow, watchTree } from './failureRows.ts';

const MANY = 10_000;
/** More than the groups of a page. */
const ASSETS = 600;
const A_SECOND = 200;
const SECONDS = 10;

/** Opens the menus of rows of a tree, one after the other, for ten seconds. */
async function openMenus(page: Page, tree: { readonly x: number; readonly y: number }): Promise<void> {
  const menu = page.locator('.monaco-menu');
  const until = Date.now() + SECONDS * 1000;
  for (let n = 0; Date.now() < until; n += 1) {
    await page.mouse.click(tree.x + 80, tree.y + 66 + 22 * (n % 8), { button: 'right' });
    await menu.waitFor();
    await pause(40);
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'hidden' });
  }
}

describe('ten thousand failures in VS Code', function () {
  this.timeout(240_000);
  let folder: string;
  let home: WrittenHome;
  let workbench: Workbench;
  let written = 0;

  const failures = () => workbench.tree('Failures');
  const picker = () => workbench.page.locator('.quick-input-widget');
  /** What stands beside the view's name. */
  const says = async (text: string): Promise<void> => {
    const place = failures().pane.locator('.pane-header .description');
    await (text === '' ? place.filter({ hasText: /./ }).waitFor({ state: 'hidden' }) : place.getByText(text).waitFor());
  };
  /** Writes evaluations that failed, as Dagster does, in one transaction. */
  const fail = (count: number): void => {
    const now = Date.now() / 1000;
    home.index.exec('begin');
    for (let n = 0; n < count; n += 1, written += 1) {
      const asset = ['audi', String(2015 + (written % 10)), written % 2 === 0 ? 'prices' : 'stock'];
      const severity = written % 3 === 0 ? 'WARN' : 'ERROR';
      const partition = `2026-05-${String(1 + (written % 28)).padStart(2, '0')}`;
      const check = written % 5 === 0 ? 'discrepancies' : 'integrity';
      home.evaluation(`run-${written}`, now + n / 1e6, { asset, severity, check, partition });
    }
    home.index.exec('commit');
  };

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-many-'));
    home = new WrittenHome();
    await mkdir(path.join(folder, '.vscode'));
    const settings = {
      'firedrill.dagsterHome': home.home,
      'firedrill.webserverUrl': `http://127.0.0.1:${await freePort()}`,
      'firedrill.inboxPort': await freePort(),
    };
    await writeFile(path.join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    await writeFile(path.join(folder, 'workspace.yaml'), '');
    home.evaluation('before', Date.now() / 1000 - 60, { asset: ['before', 'firedrill'] });
    workbench = await openWorkbench({
      folder,
      extensions: [root, path.join(import.meta.dirname, 'plain-tree')],
      size: { width: 1280, height: 900 },
    });
    await workbench.openContainer('Firedrill');
    await failures().row('Before Firedrill, 1 failure').waitFor();
    fail(MANY);
    await failures().row(`Check failures, ${MANY} failures`).waitFor({ timeout: 60_000 });
  });

  after(async () => {
    await workbench?.close();
    home?.dispose();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('show the first row within 150 ms of the click that opens the view, as far as VS Code can', async () => {
    const times = { Firedrill: [] as number[], Plain: [] as number[] };
    for (let n = 0; n < 3; n += 1) {
      for (const [container, row] of [
        ['Firedrill', 'check failure'],
        ['Plain', 'plain row'],
      ] as const) {
        // A new browser: its window shows the Explorer, and the view was never made.
        const context = await workbench.browser.newContext({ viewport: { width: 1280, height: 900 } });
        const page = await context.newPage();
        await page.goto(workbenchUrl(workbench.server, { folder }));
        await page.locator('.statusbar-item', { hasText: String(MANY) }).waitFor({ timeout: 30_000 });
        await pause(1500); // until the window has come to rest
        assert.equal(await page.getByRole('treeitem', { name: row }).count(), 0);
        const drawn = await watchFirstRow(page, row);
        await page.locator(`.part.activitybar .action-item:has(a[aria-label^="${container}"])`).click();
        times[container].push(await drawn());
        await context.close();
      }
    }
    const text = (all: readonly number[]) => all.map((time) => time.toFixed(0)).join(', ');
    console.log(`        first row after ${text(times.Firedrill)} ms; of constant rows ${text(times.Plain)} ms`);
    // A window on constant rows says how much is VS Code's own, and how busy the machine is.
    const [ours, plain] = [percentile(times.Firedrill, 0.5), percentile(times.Plain, 0.5)];
    assert.ok(ours < Math.max(150, 2 * plain), `median ${ours} ms`);
  });

  it('are grouped by what one chooses, and the view says by what', async () => {
    const group = async (by: string, begins: RegExp, text: string) => {
      await workbench.run('Firedrill: Group Failures By…');
      await workbench.choose(by);
      await failures().row(begins).waitFor();
      await says(text);
    };
    const issue = /^discrepancies on audi\/…\/prices, WARN, 334 failures$/;
    await group('Sentry issue', issue, 'by issue');
    await failures().expand(issue);
    await failures().row('check failure discrepancies on audi/2015/prices, WARN').waitFor();
    await workbench.screenshot('failures.issue');
    await group('Asset', /^audi\/2015\/prices, 1000 failures$/, 'by asset');
    await group('OEM and code location', /^audi, no code location, 10000 failures$/, 'by location');
    await group('Kind', /^Check failures, 10000 failures$/, '');
  });

  it('are searched while one types, and nothing found says how to get back', async () => {
    await workbench.run('Firedrill: Search Failures…');
    const input = picker().locator('input.input');
    await input.fill('2020 STOCK disc');
    await failures().row('Check failures, 1000 failures').waitFor();
    await input.fill('no such thing');
    const none = workbench.welcome('Failures');
    await none.getByText('No failure matches the filter').waitFor();
    await input.press('Enter');
    await says('“no such thing”');
    await workbench.screenshot('failures.none-matches');
    await none.getByRole('button', { name: 'Clear Filter' }).click();
    await failures().row(`Check failures, ${MANY} failures`).waitFor();
    await says('');
  });

  it('are filtered by what one checks', async () => {
    await workbench.run('Firedrill: Filter Failures…');
    await picker().getByText('Severity').waitFor();
    await workbench.screenshot('failures.filter');
    await picker().locator('input.input').fill('WARN');
    await picker().locator('.monaco-list-row', { hasText: 'WARN' }).click();
    await workbench.page.keyboard.press('Enter');
    await failures().row('Check failures, 3334 failures').waitFor();
    await says('WARN');
    await workbench.run('Firedrill: Clear Filter');
    await failures().row(`Check failures, ${MANY} failures`).waitFor();
  });

  it('are compared, dismissed and taken back several at once, by keys', async () => {
    const { page } = workbench;
    const rows = failures().pane.getByRole('treeitem', { name: /^check failure/ });
    await page.keyboard.down('Control');
    await rows.nth(0).click();
    await rows.nth(2).click();
    await page.keyboard.press('d');
    await page.keyboard.up('Control');
    await page.locator('.part.editor .monaco-diff-editor').waitFor();
    assert.match((await workbench.editors()).join(), /integrity|discrepancies/);
    await workbench.screenshot('failures.compared');
    await workbench.run('Firedrill: Focus on Failures View');
    await page.keyboard.press('Delete');
    await failures()
      .row(`Check failures, ${MANY - 2} failures`)
      .waitFor();
    await page.keyboard.press('Control+z');
    await failures().row(`Check failures, ${MANY} failures`).waitFor();
    await workbench.run('View: Close All Editors');
  });

  it('open menus within 100 ms and keep selection, scroll and expansion while 200 arrive a second', async () => {
    const tree = failures().pane.getByRole('tree');
    const scrolledTo = () =>
      tree
        .locator('.monaco-list-rows')
        .first()
        .evaluate((rows) => rows.style.top);
    const box = await tree.boundingBox();
    assert.ok(box);
    const { page } = workbench;
    // Opened by hand: the group below all others, which is closed by itself.
    await tree.focus();
    await page.keyboard.press('End');
    await failures().expand('Before Firedrill');
    await page.keyboard.press('Escape'); // nothing is selected any more
    await tree.hover();
    await page.mouse.wheel(0, -100_000);
    await page.mouse.wheel(0, 3000);
    await pause(300);
    await page.keyboard.down('Control'); // chooses a row without opening it
    await page.mouse.click(box.x + 80, box.y + 66);
    await page.keyboard.up('Control');
    const copyRunId = async () => {
      await page.keyboard.press('Control+Shift+C');
      await pause(200);
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const selected = await copyRunId();
    assert.match(selected, /^run-\d+$/);
    const scroll = await scrolledTo();
    assert.notEqual(scroll, '0px');
    const told = (times: readonly number[]) =>
      `median ${percentile(times, 0.5).toFixed(0)} ms, 95th percentile ${percentile(times, 0.95).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms`;
    let added = 0;
    /** Opens menus while they arrive; answers the time that 95 of 100 keep to. */
    const round = async (): Promise<number> => {
      const stop = await watchTree(page);
      const [began, before] = [Date.now(), added];
      const writer = setInterval(() => {
        const due = before + Math.min(A_SECOND * SECONDS, Math.floor(((Date.now() - began) / 1000) * A_SECOND));
        if (due > added) fail(due - added);
        added = Math.max(added, due);
      }, 50);
      try {
        await openMenus(page, box);
      } catch (error) {
        await workbench.screenshot('failures.menu-failed');
        throw error;
      } finally {
        clearInterval(writer);
      }
      const { menus, refreshes } = await stop();
      console.log(
        `        ${menus.length} menus: ${told(menus)}; ${refreshes.length} refreshes, at most ${mostInASecond(refreshes)} a second; ${added - before} arrived`,
      );
      assert.ok(menus.length >= 20, `${menus.length} menus`);
      assert.ok(refreshes.length >= 10);
      assert.ok(mostInASecond(refreshes) <= 4);
      return percentile(menus, 0.95);
    };
    /** The same in a tree of plain rows that move as often, with nothing behind them. */
    const ofPlainRows = async (): Promise<number> => {
      const empty = path.join(folder, 'empty');
      await mkdir(empty, { recursive: true });
      const window = await workbench.openWindow(empty);
      await window.openContainer('Plain');
      const rows = window.tree('Rows');
      await rows.row(/^plain row/).waitFor();
      const place = await rows.pane.getByRole('tree').boundingBox();
      assert.ok(place);
      await rows.pane.getByRole('tree').hover();
      await window.page.mouse.wheel(0, 3000);
      await window.run('Plain: Move Rows');
      const stop = await watchTree(window.page, 'plain row');
      await openMenus(window.page, place);
      const { menus, refreshes } = await stop();
      await window.page.close();
      console.log(`        of plain rows: ${menus.length} menus: ${told(menus)}; ${refreshes.length} refreshes`);
      assert.ok(refreshes.length >= 10);
      return percentile(menus, 0.95);
    };
    // What VS Code itself takes depends on the machine, and on what else runs there at the moment.
    const rounds: number[] = [];
    const isQuick = async (): Promise<boolean> => {
      const slowest = await round();
      rounds.push(slowest);
      return slowest < 100 || slowest < 2 * (await ofPlainRows());
    };
    while (!(await isQuick())) assert.ok(rounds.length < 3, `95th percentiles ${rounds} ms`);
    await failures()
      .pane.getByRole('treeitem', { name: `Check failures, ${MANY + added} failures` })
      .or(failures().pane.locator('.monaco-tree-sticky-row', { hasText: String(MANY + added) }))
      .first()
      .waitFor();
    assert.equal(await scrolledTo(), scroll, 'scrolled as before');
    assert.equal(await copyRunId(), selected, 'selected as before');
    await page.keyboard.press('End');
    await failures().row('check failure integrity on before/firedrill').waitFor();
  });

  it('show more of them by keys alone', async () => {
    const { page } = workbench;
    const keys = async (...all: string[]) => {
      for (const key of all) await page.keyboard.press(key);
    };
    await workbench.run('Firedrill: Focus on Failures View');
    await keys('End', 'ArrowUp', 'ArrowUp');
    const notShown = async () => {
      const row = failures().row(/^Show more, \d+ are not shown/);
      return Number(/\d+/.exec((await row.getAttribute('aria-label')) ?? '')?.[0]);
    };
    const before = await notShown();
    await page.keyboard.press('Enter');
    await failures()
      .pane.getByRole('treeitem', { name: `Show more, ${before} are` })
      .waitFor({ state: 'hidden' });
    await keys('End');
    const fewer = before - (await notShown());
    assert.ok(fewer >= 499 && fewer <= 500, `${fewer} more rows`); // a selected row was kept before
  });

  it('of more assets than are shown at once have the rest behind one more row', async () => {
    const { page } = workbench;
    const now = Date.now() / 1000;
    home.index.exec('begin');
    for (let n = 0; n < ASSETS; n += 1, written += 1)
      home.evaluation(`wide-${n}`, now + n / 1e6, { asset: ['wide', String(n)] });
    home.index.exec('commit');
    await failures().row(`Check failures, ${written} failures`).waitFor();
    await workbench.run('Firedrill: Group Failures By…');
    await workbench.choose('Asset');
    await says('by asset');
    await workbench.run('Firedrill: Focus on Failures View');
    await page.keyboard.press('End');
    const more = failures().row(/^Show more, \d+ groups are not shown$/);
    const hidden = Number(/\d+/.exec((await more.getAttribute('aria-label')) ?? '')?.[0]);
    assert.equal(hidden, ASSETS + 11 - 500, 'of ten assets, one from before, and these');
    await page.keyboard.press('Enter');
    await more.waitFor({ state: 'detached' });
    await page.keyboard.press('End');
    await failures().row('Before Firedrill, 1 failure').waitFor();
    await workbench.run('Firedrill: Group Failures By…');
    await workbench.choose('Kind');
    await says('');
    await failures().row(`Check failures, ${written} failures`).waitFor();
  });

  it('are sent many at once, and what is left is kept when that is cancelled', async () => {
    const { page } = workbench;
    await workbench.run('Firedrill: Focus on Failures View');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+Shift+Enter');
    const progress = await workbench.toast(/Sending \d+ failures/);
    const sending = Number(/Sending (\d+)/.exec(await progress.innerText())?.[1]);
    assert.ok(sending >= 500, `${sending} selected`);
    await progress.getByRole('button', { name: 'Cancel' }).click();
    await progress.waitFor({ state: 'hidden' });
    // Every row is in one of the two lists, once both have followed.
    const inSent = async () => {
      const rows = await workbench.tree('Sent').rows();
      return Number(rows.map(({ name }) => /^Accepted, (\d+)/.exec(name)?.[1]).find(Boolean));
    };
    await page.keyboard.press('Home');
    let sent = await inSent();
    for (const end = Date.now() + 10_000; ; sent = await inSent()) {
      const rows = await failures().rows();
      if (rows.some(({ name }) => name === `Check failures, ${written - sent} failures`)) break;
      assert.ok(Date.now() < end, `${sent} sent; ${rows[0]?.name}`);
      await pause(100);
    }
    console.log(`        cancelled after ${sent} of ${sending}`);
    assert.ok(sent > 0 && sent < sending);
  });
});
