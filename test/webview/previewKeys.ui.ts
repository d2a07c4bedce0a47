import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Harness, type Opened, startHarness } from './harness/harness.ts';
import { previewMessage, previewStates } from './harness/previewStates.ts';
import { receivedMessage } from './harness/receivedSamples.ts';
import { delivery, discrepancies, editedTest } from './harness/samples.ts';

const accepted = { kind: 'accepted', at: Date.now(), status: 200, durationMs: 34, mayRepeat: false } as const;
const refused = { kind: 'failed', at: Date.now(), status: 403, reason: 'no' } as const;

/** The page's own window, as far as these tests look into it. */
declare const window: { tabbed: Set<Element> };

/** Presses Tab from the title on until the focus leaves the page; answers what was focused, by name, in order. */
async function tabThrough({ page }: Opened): Promise<readonly string[]> {
  await page.getByTestId('title').click(); // from where the next Tab goes on
  await page.evaluate(() => {
    window.tabbed = new Set();
  });
  const stops: string[] = [];
  for (let most = 200; most > 0; most -= 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return null;
      window.tabbed.add(element);
      const label = element.getAttribute('aria-label') ?? element.getAttribute('title');
      return (label ?? element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 40) || element.id;
    });
    if (stop === null) return stops;
    stops.push(stop);
  }
  return stops;
}

/** What can be pressed or typed into and was never focused. */
const missed = ({ page }: Opened): Promise<readonly string[]> =>
  page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'button, input, select, textarea, vscode-button, vscode-toolbar-button, [tabindex="0"]',
      ),
    ]
      .filter((element) => element.checkVisibility() && !element.hasAttribute('disabled'))
      .filter((element) => !window.tabbed.has(element))
      .map((element) => element.outerHTML.slice(0, 200)),
  );

const focused = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'nothing';
    return element.getAttribute('data-testid') ?? element.getAttribute('class') ?? element.id;
  });

/** Waits for it: the focus is brought back with the next frame. */
async function focusedSoon(page: Page, expected: string): Promise<void> {
  for (const end = Date.now() + 2000; (await focused(page)) !== expected && Date.now() < end; ) await pause(20);
  assert.equal(await focused(page), expected);
}

describe('the payload preview by keyboard', function () {
  this.timeout(60_000);
  let harness: Harness;
  let view: Opened;

  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());
  afterEach(async () => {
    assert.deepEqual(await view.problems(), []);
    await view.close();
  });

  it('goes from the run over target, sending, tools and receipt to what is lost, the tabs and the event', async () => {
    view = await harness.open('preview', { height: 1000 });
    await view.tell(previewMessage(discrepancies, { deliveries: [delivery(accepted)] }));
    assert.deepEqual((await tabThrough(view)).slice(0, 13), [
      'Open run 9e94b908-5cb0-46e2-9e84-a50914e',
      'Preview it for the local inbox instead',
      'Ctrl+Enter or ⌘Enter',
      'Send to inbox',
      'Copy JSON',
      'Copy as cURL (without key)',
      'Open as document',
      'Compare with…',
      'Copy event id',
      'Show where extra.metadata.records.0.src.',
      'Show where extra.metadata.records is',
      'show them',
      'Event',
    ]);
  });

  it('reaches everything that can be pressed or typed into, in every state', async () => {
    for (const name of [
      ...[
        'check',
        'types',
        'chained',
        'dismissed',
        'edit',
        'edit-run',
        'refused',
        'request',
        'json',
        'received',
        'narrow',
      ],
    ]) {
      const state = previewStates(Date.now())[name];
      assert.ok(state);
      view = await harness.open('preview', state.size);
      await view.tell(state.message);
      await state.act?.(view);
      assert.ok((await tabThrough(view)).length > 5, name);
      assert.deepEqual(await missed(view), [], name);
      await view.close();
    }
    view = await harness.open('preview');
  });

  it('keeps the focus where it is while receipts, edits and tabs are drawn', async () => {
    view = await harness.open('preview');
    const { page, tell } = view;
    const send = async (...deliveries: Parameters<typeof delivery>[0][]) =>
      await tell(previewMessage(discrepancies, { deliveries: deliveries.map((state) => delivery(state)) }));
    await send();
    await page.getByTestId('send').focus();
    await page.keyboard.press('Enter');
    for (const state of [{ kind: 'sending' }, accepted] as const) {
      await send(state);
      assert.equal(await focused(page), 'send', state.kind);
    }
    await page.getByRole('tab', { name: 'Event' }).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press(' ');
    await send(refused);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'JSON');

    await tell(previewMessage(editedTest));
    await page.getByRole('button', { name: 'Edit', exact: true }).focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'edit');
    await page.getByLabel('Partition').fill('2026-07-01');
    await tell(previewMessage(editedTest));
    assert.equal(await focused(page), 'edit-partition');
    const remove = page.getByRole('button', { name: 'Remove count' });
    await remove.focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('title')), 'Take count back');
  });

  it('never loses it: where a drawing takes its place away, it goes to what stands nearest', async () => {
    view = await harness.open('preview', { height: 1000 });
    const { page, tell } = view;
    const elsewhere = { target: { kind: 'inbox' } } as const;
    await tell(previewMessage(discrepancies, { deliveries: [delivery(refused, elsewhere)] }));
    await page.getByTestId('retry').focus();
    await page.keyboard.press('Enter');
    await tell(previewMessage(discrepancies, { deliveries: [delivery({ kind: 'sending' }, elsewhere)] }));
    await focusedSoon(page, 'receipts'); // where the next receipt will stand

    await tell(previewMessage(editedTest));
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Remove sample' }).focus();
    await page.keyboard.press('Enter');
    await focusedSoon(page, 'edit-name'); // a row that was added is gone
    await page.getByTestId('undo-changes').focus();
    await page.keyboard.press('Enter');
    await focusedSoon(page, 'save-specimen');

    await tell(receivedMessage);
    await page.waitForFunction(() => document.activeElement?.getAttribute('title') === 'Copy JSON');
  });

  it('moves nothing for who wants less motion, and draws every state at once', async () => {
    view = await harness.open('preview');
    const { page, tell } = view;
    const moving = () => page.evaluate(() => document.getAnimations().length);
    assert.equal(await moving(), 0, 'the system says so');
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    assert.equal(await moving(), 1, 'the loading bar alone moves');
    await page.evaluate(() => document.body.classList.add('vscode-reduce-motion'));
    assert.equal(await moving(), 0, 'VS Code says so');
    await page.evaluate(() => document.body.classList.remove('vscode-reduce-motion'));
    await tell(previewMessage(discrepancies, { deliveries: [delivery(accepted)] }));
    assert.equal(await moving(), 0);
  });
});
