import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { PSEUDO, pseudo, pseudoExtension } from './pseudo.ts';

/** Not ours to translate: what VS Code adds, there being no language pack of its own for this locale, and keys. */
const VSCODE = [
  /(?:More|Views and More) Actions\.\.\.|Actions for |Drag a view here to display\.|Progress$|actions$|Section$/g,
  /^Inspect this in the accessible view \(Shift\+Alt\+F2\)\.|: (?:Not completed|Completed)$|^Image showing /g,
  /\((?:Ctrl|Shift|Alt|Enter|Del|[+A-Z0-9 ])+\)|^(?:Control|Shift|Alt|Del|[+A-Z0-9 ])+$/g,
];
/** Names and data, in every language the same: whole texts first, then words. */
const DATA = [
  // The request as it is, and titles of alerts.
  /^\{"(?:event_id|type)":[\s\S]*$/g,
  /^Dagster (?:asset check|run) failure: .*$|^Sentry sentry_version=7, .*$/gm,
  /\b(?:POST|Content-Type|application\/x-sentry-envelope|User-Agent|X-Sentry-Auth|SHA-256)\b/g,
  /(?:\/tmp|http:\/)\/[\w.:/-]+|\.env/g,
  /[Ff]iredrill(?:[./-][\w./-]+)?/g,
  /(?:asset_check|run_failure)_sentry_sensor|\b(?:FiredrillTest|DagsterAssetCheckFailed|Value)Error\b/g,
  /\b(?:ai_)?(?:audi|bmw)(?:\/\w+)*|\b(?:discrepancies|integrity|has_rows|options|prices|plain|warning|error|WARN|ERROR)\b/g,
  /\b(?:oem|check_name|severity|partition_date|asset_key|run_id|metadata\.records|model|field|price_[ab]|source)\b/g,
  /\b(?:price|currency|EUR|CHF|test|TEST-\w+)\b/g,
  /^(?:sdk|tags|extra|metadata|records)(?=, \d)/g,
  // Metadata's types as Dagster names them, units, ids.
  /\b(?:text|json|run|MiB|min|event|[\da-f]{8}(?:-[\da-f-]+)?|[\da-f]{32,})\b/g,
];

describe('every text of the interface in another language', function () {
  this.timeout(120_000);
  let project: Project;
  let extension: string;
  let workbench: Workbench;

  before(async () => {
    project = await makeProject();
    const provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
    extension = await pseudoExtension();
    const size = { width: 1400, height: 1000 };
    workbench = await openWorkbench({ folder: project.folder, extensions: [extension], language: PSEUDO, size });
    await workbench.openContainer('Firedrill');
    await workbench.tree(pseudo('Failures')).row(pseudo('Before Firedrill')).waitFor();
    await provoker.provoke('check-discrepancies', 'run-exception', 'check-blocking');
    await workbench
      .tree(pseudo('Failures'))
      .row(/audi\/failing\/plain/)
      .waitFor();
  });
  after(async () => {
    await workbench?.close();
    await project?.dispose();
    if (extension) await rm(extension, { recursive: true, force: true });
  });

  it('in the side bar: views, rows, buttons, and what the pointer finds over a row', async () => {
    await workbench.tree(pseudo('Failures')).titleAction(pseudo('Send Test Check Failure'));
    const sent = workbench.tree(pseudo('Sent'));
    await sent.row(/^firedrill \d/).waitFor();
    assert.deepEqual(await untranslated(workbench.page, '.part.sidebar'), []);
    await sent.tooltip(/discrepancies/, pseudo('Event'));
    assert.deepEqual(await untranslated(workbench.page, '.monaco-hover:visible'), []);
  });

  it('in the menus of rows, and in a message', async () => {
    const { page } = workbench;
    for (const [view, row] of [
      ['Failures', /audi\/failing\/plain/],
      ['Sensors', /asset_check_sentry_sensor/],
      ['Sent', /discrepancies/],
    ] as const) {
      await workbench.tree(pseudo(view)).row(row).click({ button: 'right' });
      const items = page.locator('.monaco-menu .action-label:not(.separator)');
      await items.first().waitFor();
      const labels = await items.allInnerTexts();
      await page.keyboard.press('Escape');
      await items.first().waitFor({ state: 'hidden' });
      assert.ok(labels.length > 1, view);
      assert.deepEqual(labels.filter(isPlain), [], view);
    }
    await workbench.run(`Firedrill: ${pseudo('Undo Dismiss')}`);
    await workbench.toast(pseudo('No failure was dismissed.'));
    await workbench.clearNotifications();
  });

  it('in the preview', async () => {
    const preview = await workbench.webview(pseudo('Payload Preview'));
    await preview.locator('[data-testid=receipt][data-state=accepted]').waitFor();
    for (const tab of ['Event', 'JSON', 'Request']) {
      await preview.getByRole('tab', { name: pseudo(tab) }).click();
      assert.deepEqual(await untranslated(preview, 'body'), [], tab);
    }
  });

  it('in the panel', async () => {
    await workbench.tree(pseudo('Sensors')).titleAction(pseudo('Show Sensor Ticks'));
    const ticks = await workbench.webview(pseudo('Sensor Ticks'));
    await ticks.getByTestId('tick').first().click();
    await ticks.getByTestId('details').waitFor();
    assert.deepEqual(await untranslated(ticks, 'body'), []);
  });

  it('in the palette, and in a choice', async () => {
    const { page } = workbench;
    await page.keyboard.press('F1');
    const picker = page.locator('.quick-input-widget');
    await picker.locator('input.input').fill('>Firedrill:');
    await picker.getByRole('option').nth(8).waitFor();
    const names = await picker
      .getByRole('option')
      .evaluateAll((all) => all.map((option) => option.getAttribute('aria-label') ?? ''));
    // What stands behind the comma is the key.
    const own = names.map((name) => name.split(',')[0] ?? '').filter((name) => /^Firedrill: (?!Focus on)/.test(name));
    assert.ok(own.length > 5);
    assert.deepEqual(own.filter(isPlain), []);
    await picker.getByRole('option', { name: pseudo('Choose Instance…') }).click();
    await picker.getByRole('option', { name: pseudo('Choose Folder…') }).waitFor();
    const choices = await picker
      .getByRole('option')
      .evaluateAll((all) => all.map((option) => option.getAttribute('aria-label') ?? ''));
    assert.deepEqual(
      choices.filter((name) => !name.startsWith('Firedrill: ') && isPlain(name)),
      [],
    );
    await page.keyboard.press('Escape');
  });

  it('in the walkthrough', async () => {
    const { page } = workbench;
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input.input').fill('>Firedrill: Get Started');
    await page.getByRole('option', { name: pseudo('Get Started') }).click();
    await page.getByText(pseudo('Get your first alert')).first().waitFor();
    assert.deepEqual(await untranslated(page, ':has(> .getting-started-step)'), []);
  });

  it('in a question that has to be answered', async () => {
    await workbench.run(`Firedrill: ${pseudo('Turn On Automatic Delivery…')}`);
    const question = workbench.page.locator('.monaco-dialog-box');
    await question.waitFor();
    assert.deepEqual(await untranslated(workbench.page, '.monaco-dialog-box .dialog-message-container'), []);
    await workbench.page.keyboard.press('Escape');
    await question.waitFor({ state: 'hidden' });
  });

  it("in the engine's own words, where they tell why there is no instance", async () => {
    await workbench.changeSettings({ 'firedrill.dagsterHome': path.join(project.folder, 'nowhere') });
    await workbench.page.locator('.part.sidebar').getByText(pseudo('is no folder on this machine')).waitFor();
    assert.deepEqual(await untranslated(workbench.page, '.part.sidebar'), []);
  });
});

function isPlain(text: string): boolean {
  const own = [...VSCODE, ...DATA].reduce((rest, other) => rest.replaceAll(other, ''), text);
  return /[A-Za-z]{3}/.test(own);
}

/** Texts, names and titles below an element that hold a word in plain letters. */
async function untranslated(page: Page | Frame, selector: string): Promise<string[]> {
  const texts = await page
    .locator(selector)
    .first()
    .evaluate((start) => {
      const found: string[] = [];
      const visit = (node: Node): void => {
        if (node instanceof HTMLScriptElement || node instanceof HTMLStyleElement) return;
        if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
        if (node instanceof Element) {
          if (node.matches('.json-line .foreign')) {
            // The event itself; what folds it is ours.
            for (const fold of node.querySelectorAll('button')) visit(fold);
            return;
          }
          for (const name of ['aria-label', 'title', 'placeholder', 'aria-description'])
            found.push(node.getAttribute(name) ?? '');
          for (const child of node.shadowRoot?.childNodes ?? []) visit(child);
        }
        for (const child of node.childNodes) visit(child);
      };
      visit(start);
      return found;
    });
  return [...new Set(texts.map((text) => text.trim()))].filter(isPlain);
}
