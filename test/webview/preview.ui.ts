import assert from 'node:assert/strict';
import { failureId } from '../../src/failure/ids.ts';
import { type Harness, type Opened, startHarness } from './harness/harness.ts';
import { previewMessage } from './harness/previewStates.ts';
import { receivedFromJs, receivedMessage } from './harness/receivedSamples.ts';
import {
  chained,
  delivery,
  discrepancies,
  dismissedMessage,
  everyType,
  hostile,
  hugeRun,
  inbox,
  many,
  partlyShown,
  previewOf,
  runFailure,
  testFailure,
} from './harness/samples.ts';

const accepted = delivery({ kind: 'accepted', at: Date.now(), status: 200, durationMs: 34, mayRepeat: false });
const refused = delivery({
  kind: 'failed',
  at: Date.now(),
  status: 403,
  reason: 'event submission rejected: ProjectId',
});

describe('the payload preview', function () {
  this.timeout(60_000);
  let harness: Harness;
  let view: Opened;

  before(async () => {
    harness = await startHarness();
  });
  after(() => harness.close());
  afterEach(async () => {
    // Whatever a test did: no policy violation, no error in the page.
    assert.deepEqual(await view.problems(), []);
    await view.close();
  });

  it('loads until there is something to show, and says what went wrong', async () => {
    view = await harness.open('preview');
    assert.equal(await view.page.getByRole('progressbar', { name: 'Loading the preview' }).count(), 1);
    assert.deepEqual(await view.serious(), []);
    await view.tell({ type: 'error', message: 'This failure is no longer stored.' });
    assert.match(await view.page.getByRole('alert').innerText(), /This failure is no longer stored\./);
    await view.tell(previewMessage(discrepancies));
    assert.equal(await view.page.getByRole('alert').count(), 0);
  });

  it('says so when it cannot be drawn, and draws the next', async () => {
    view = await harness.open('preview');
    await view.tell({
      ...previewMessage(discrepancies),
      preview: { ...previewOf(discrepancies), grouping: null },
    });
    assert.match(await view.page.getByRole('alert').innerText(), /The preview cannot be drawn: .*null/);
    await view.tell(previewMessage(discrepancies));
    assert.ok(await view.page.getByTestId('title').isVisible());
    assert.ok((await view.problems()).length > 0, 'the browser tells of it too');
    await view.close();
    view = await harness.open('preview');
  });

  it('shows what a pipeline wrote as text, wherever it stands', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(hostile));
    for (const name of ['JSON', 'Request', 'Event']) await view.page.getByRole('tab', { name }).click();
    await view.page.locator('.grid td').first().click();
    await view.page.getByRole('button', { name: 'JSON', exact: true }).click();
    assert.equal(await view.page.evaluate('window.hacked'), undefined);
    for (const made of ['img', 'script:not([nonce])', 'a', 'main b[onclick]', 'iframe']) {
      assert.equal(await view.page.locator(`firedrill-preview ${made}`).count(), 0, made);
    }
    const title = await view.page.getByTestId('title').innerText();
    assert.ok(title.includes('<img src=x onerror="window.hacked=true"><script>'), title);
  });

  it('sends to the target it shows, once for a double click', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies));
    await view.page.getByTestId('send').dblclick();
    assert.deepEqual(await view.posted('send'), [{ type: 'send', target: 'sentry' }]);
  });

  it('sends with Ctrl+Enter, and to the inbox with its button', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies));
    await view.page.getByTestId('send-inbox').click();
    await view.page.keyboard.press('Control+Enter');
    assert.deepEqual(await view.posted('send'), [
      { type: 'send', target: 'inbox' },
      { type: 'send', target: 'sentry' },
    ]);
  });

  it('shows which tab is chosen also where the system’s colours replace all others', async () => {
    view = await harness.open('preview');
    await view.page.emulateMedia({ forcedColors: 'active' });
    await view.tell(previewMessage(discrepancies));
    const outlines = await view.page
      .getByRole('tab')
      .evaluateAll((tabs) => tabs.map((tab) => getComputedStyle(tab).outlineStyle));
    assert.deepEqual(outlines, ['solid', 'none', 'none']);
  });

  it('says with each click of what it was asked', async () => {
    view = await harness.open('preview');
    const shown = [previewMessage(discrepancies), previewMessage(runFailure())];
    for (const message of shown) {
      await view.tell(message);
      await view.page.getByRole('button', { name: 'Copy JSON' }).click();
    }
    assert.deepEqual(
      await view.about('copy'),
      shown.map(({ subject }) => subject),
    );
  });

  it('offers the inbox first where there is no DSN, says why, and offers to set one', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(runFailure(), { target: inbox, targetNote: 'No DSN is set for ai_bmw.' }));
    assert.equal(await view.page.getByTestId('send').innerText(), 'Send to inbox');
    assert.ok(await view.page.getByText('No DSN is set for ai_bmw.').isVisible());
    await view.page.getByTestId('set-dsn').click();
    await view.page.getByTestId('send').click();
    assert.deepEqual((await view.posted()).slice(1), [{ type: 'set-dsn' }, { type: 'send', target: 'inbox' }]);
  });

  it('changes the target from the target line', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies));
    await view.page.getByRole('button', { name: /^Target: Sentry project 450812/ }).click();
    await view.tell(previewMessage(discrepancies, { target: inbox }));
    await view.page.getByRole('button', { name: /^Target: Local inbox/ }).click();
    assert.deepEqual(await view.posted('switch-target'), [
      { type: 'switch-target', target: 'inbox' },
      { type: 'switch-target', target: 'sentry' },
    ]);
  });

  it('shows the receipt as it comes: sending, accepted, refused with the endpoint’s words', async () => {
    view = await harness.open('preview');
    const receipt = view.page.getByTestId('receipt');
    await view.tell(previewMessage(discrepancies, { deliveries: [delivery({ kind: 'sending' })] }));
    assert.match(await receipt.innerText(), /^Sending to project 450812/);
    assert.equal(await view.page.getByTestId('send').getAttribute('aria-disabled'), 'true');
    await view.tell(previewMessage(discrepancies, { deliveries: [accepted] }));
    assert.match(await view.page.getByRole('main').getByRole('status').innerText(), /Accepted in 34 ms with HTTP 200/);
    assert.equal(await view.page.getByTestId('event-id').innerText(), '04ca1f238da2b000d80c04cb081079c4');
    assert.equal(await view.page.getByTestId('send').innerText(), 'Send again…');
    await view.tell(previewMessage(discrepancies, { deliveries: [refused] }));
    const words = await view.page.getByRole('alert').innerText();
    assert.match(words, /Not delivered to project 450812 on o4507\.ingest\.us\.sentry\.io/);
    assert.match(words, /event submission rejected: ProjectId/);
    assert.equal(await view.page.getByTestId('retry').count(), 0, 'one button for it');
    assert.equal(await view.page.getByTestId('send').innerText(), 'Try again');
    await view.page.getByTestId('send').click();
    assert.deepEqual(await view.posted('send'), [{ type: 'send', target: 'sentry' }]);
  });

  it('tries again in its own row what another target refused', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies, { target: inbox, deliveries: [refused] }));
    assert.equal(await view.page.getByTestId('send').innerText(), 'Send to inbox');
    await view.page.getByTestId('retry').click();
    assert.deepEqual(await view.posted('retry'), [{ type: 'retry', delivery: 7 }]);
  });

  it('says that a failure was dismissed, and takes that back', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(chained));
    assert.equal(await view.page.getByTestId('dismissed').count(), 0);
    await view.tell(dismissedMessage);
    assert.match(await view.page.locator('header').innerText(), /Dismissed Undo/);
    await view.page.getByRole('button', { name: 'Undo', exact: true }).click();
    assert.deepEqual((await view.posted()).slice(1), [{ type: 'restore' }]);
  });

  it('leads to the failing line, and says of the error’s causes that they are not sent', async () => {
    view = await harness.open('preview');
    const message = previewMessage(chained, {}, 'projects/ai_audi/prices.py:31');
    await view.tell(message);
    const words = await view.page.getByTestId('unsent').innerText();
    assert.match(
      words,
      /^Not sent: caused by TimeoutError: no answer of .* in 30 s\ncaused by OSError: \[Errno 110\] .*\nand the stack trace$/,
    );
    assert.ok(!JSON.stringify(message.preview.request.envelope).includes('TimeoutError'), 'that is so');
    await view.page.getByRole('button', { name: 'projects/ai_audi/prices.py:31' }).click();
    assert.deepEqual((await view.posted()).slice(1), [{ type: 'open-failing-line' }]);
    await view.tell(previewMessage(discrepancies));
    assert.equal(await view.page.locator('.below').count(), 0);
  });

  it('says how much there is of what is shown in part, and copies all of it', async () => {
    view = await harness.open('preview', { height: 1400 });
    const { page } = view;
    const { failure, over } = partlyShown();
    await view.tell(previewMessage(failure, over));
    assert.ok(await page.getByText('3 entries, type as Dagster recorded it; 2 of them below').isVisible());
    const dump = page.locator('firedrill-text');
    assert.match(await dump.locator('h2').innerText(), /^metadata\.dump\s+150,000 characters/);
    await dump.getByRole('button', { name: 'Show the first 100,000 characters' }).click();
    await dump.getByRole('button', { name: 'Copy text' }).click();
    await page
      .getByRole('row', { name: /^where/ })
      .getByRole('button', { name: 'Copy path' })
      .click();
    const rows = page.locator('firedrill-records');
    assert.match(await rows.locator('h2').innerText(), /^metadata\.rows\s+json, 70,000 rows/);
    await rows.locator('td', { hasText: 'A1' }).first().click();
    await rows.getByRole('button', { name: 'Copy value' }).click();
    await page.getByText('Shown: the first 100,000 of 150,000 characters.').getByRole('button').click();
    assert.deepEqual((await view.posted()).slice(1), [
      ...['dump', 'where', 'rows/1/model'].map((path) => ({ type: 'copy-value', path: `/extra/metadata/${path}` })),
      { type: 'open-json' },
    ]);
    assert.deepEqual(await view.serious(), []);
  });

  it('says until when a delivery waits, and why', async () => {
    view = await harness.open('preview');
    const until = Date.now() + 42_000;
    const waiting = delivery({ kind: 'waiting', until, reason: 'HTTP 429: over quota' });
    await view.tell(previewMessage(discrepancies, { deliveries: [waiting] }));
    assert.match(
      await view.page.getByTestId('receipt').innerText(),
      /Waiting until [\d-]* ?\d\d:\d\d:\d\d[\s\S]*HTTP 429: over quota/,
    );
  });

  it('shows the request’s own hash, and the key as dots', async () => {
    view = await harness.open('preview');
    const preview = previewMessage(discrepancies);
    await view.tell(preview);
    await view.page.getByRole('tab', { name: 'Request' }).click();
    assert.equal(await view.page.getByTestId('sha256').innerText(), preview.preview.request.sha256);
    assert.ok(await view.page.getByText('sentry_key=••••••••').isVisible());
    await view.page.getByRole('button', { name: 'Copy SHA-256' }).click();
    assert.deepEqual(await view.posted('copy'), [{ type: 'copy', what: 'sha256' }]);
    await view.page.getByRole('button', { name: /^item: event/ }).click();
    const payload = await view.page.getByRole('region', { name: 'item: event' }).innerText();
    assert.deepEqual(JSON.parse(payload), preview.preview.event);
  });

  it('shows what the inbox received: the event, its sender, and the request with its key masked', async () => {
    view = await harness.open('preview');
    await view.tell(receivedMessage);
    assert.match(await view.page.locator('header').innerText(), /discrepancies on audi[\s\S]*Received[\s\S]*warning/);
    assert.match(await view.page.locator('.bar').innerText(), /Sent by sentry\.python 2\.75\.0/);
    assert.equal(await view.page.getByTestId('send').count(), 0, 'it has arrived');
    assert.ok(await view.page.getByRole('grid', { name: 'metadata.records' }).isVisible());
    const facts = view.page.locator('.facts');
    assert.match(await facts.innerText(), /Its sender cut 1 value: the rest never came\s+extra\.metadata\.records/);
    assert.match(await facts.innerText(), /64 items: the sender kept the first 10\./);
    assert.match(
      await view.page.getByTestId('issue').innerText(),
      /^Would join the issue discrepancies on audi\/…\/prices \(WARN\) with 3 other received events, 1 pending failure; 2024 makes no difference$/,
    );
    const modules = view.page.getByRole('row', { name: /^modules/ });
    await modules.getByRole('button', { name: 'modules, 60 fields' }).click();
    assert.ok(await modules.getByText('"module_59"').isVisible());
    await view.page.getByRole('tab', { name: 'Request' }).click();
    const pane = view.page.locator('.pane:visible');
    assert.match(await pane.innerText(), /1,322 bytes as received in gzip, \d,\d+ unpacked/);
    assert.match(await pane.innerText(), /sentry_key=••••••••/);
    await view.page.getByRole('button', { name: /^item: attachment/ }).click();
    assert.ok(await view.page.getByText('These bytes are no text, or too many to be kept.').isVisible());
    for (const name of ['Copy JSON', 'Open as document', 'Compare with…', 'preview it', 'compare both'])
      await view.page.getByRole('button', { name }).click();
    assert.deepEqual((await view.posted()).slice(1), [
      { type: 'copy', what: 'json' },
      { type: 'open-json' },
      { type: 'compare' },
      { type: 'show-failure' },
      { type: 'compare-failure' },
    ]);
  });

  it('says of an event of another SDK what was put in the place of values, and by what it is grouped', async () => {
    view = await harness.open('preview');
    await view.tell(receivedFromJs);
    const facts = await view.page.locator('.facts').innerText();
    assert.match(facts, /Its sender cut 2 values/);
    assert.match(facts, /extra\.batch\.source\.feed/);
    assert.match(facts, /Sentry would cut 1 value[\s\S]*it has 240 characters/);
    assert.match(facts, /Would make the issue TypeError: Cannot read .*; by the fingerprint that its sender gave/);
    await view.page.getByRole('button', { name: 'Show where extra.batch.source.feed is' }).click();
    assert.ok(await view.page.getByRole('row', { name: /^batch/ }).isVisible());
    const untold = { ...receivedFromJs.received, cuts: [] };
    await view.tell({ ...receivedFromJs, received: untold });
    assert.match(
      await view.page.locator('.facts').innerText(),
      /Its sender tells of no cut; not every SDK marks the texts that it shortens/,
    );
  });

  it('tells a test failure from the real thing', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(testFailure));
    const head = await view.page.locator('header').innerText();
    assert.match(head, /Test failure/);
    assert.match(head, /environment firedrill-test/);
    assert.equal(await view.page.getByTestId('send').innerText(), 'Send test');
  });

  it('changes a test failure as it is typed, says what was there before, and takes it back', async () => {
    view = await harness.open('preview', { height: 1000 });
    const { page } = view;
    await view.tell(previewMessage(testFailure));
    await page.getByRole('button', { name: 'Edit' }).click();
    const form = page.getByRole('region', { name: 'Edit the test failure' });
    await form.getByLabel('Severity').selectOption('ERROR');
    await form.getByLabel('Value of count').fill('12');
    await form.getByRole('button', { name: 'Add tag' }).click();
    assert.ok(await form.getByLabel('Name of tag new tag').evaluate((field) => field === document.activeElement));
    await page.keyboard.type('drill');
    await form.getByLabel('Value of tag drill').fill('night-shift');
    await form.getByRole('button', { name: 'Remove check_name' }).click();
    const edits = await view.posted('edit');
    assert.deepEqual(edits.at(-1), {
      type: 'edit',
      fields: {
        kind: 'check',
        severity: 'ERROR',
        partition: '2026-05-01',
        metadata: [{ name: 'count', type: 'int', value: 12 }],
        tags: { check_name: null, drill: 'night-shift' },
      },
    });
    assert.match(await form.innerText(), /was WARN[\s\S]*was 3[\s\S]*removed[\s\S]*added/);
    assert.match(await form.getByRole('status').innerText(), /^4 changes; the preview follows/);
    assert.deepEqual(await view.serious(), []);

    await form.getByLabel('Value of count').fill('many');
    assert.equal((await view.posted('edit')).length, edits.length, 'what cannot be read is not told');
    assert.ok(await form.getByText('A whole number.').isVisible());
    const waiting = [page.getByTestId('send'), page.getByTestId('send-inbox'), page.getByTestId('save-specimen')];
    for (const button of waiting) {
      assert.equal(await button.getAttribute('aria-disabled'), 'true');
      assert.equal(await button.getAttribute('title'), 'Nothing is sent or saved until what is marked can be read.');
      await button.click({ force: true });
      assert.ok(await form.getByLabel('Value of count').evaluate((field) => field === document.activeElement));
      await page.getByLabel('Partition').focus();
    }
    await page.keyboard.press('Control+Enter');
    assert.deepEqual([...(await view.posted('send')), ...(await view.posted('save-specimen'))], []);
    assert.deepEqual(await view.serious(), []);
    await form.getByRole('button', { name: 'Undo changes' }).click();
    assert.deepEqual((await view.posted('edit')).at(-1)?.fields, previewMessage(testFailure).preview.test?.fields);
    await view.tell({ type: 'edit-refused', message: 'It was sent already.' });
    assert.equal(await form.getByRole('status').innerText(), 'It was sent already.');
    await form.getByRole('button', { name: 'Save as specimen…' }).click();
    assert.equal((await view.posted('save-specimen')).length, 1);
  });

  it('keeps what cannot be read while another failure is shown, and when the page was thrown away', async () => {
    view = await harness.open('preview', { height: 1000 });
    const { page } = view;
    const value = page.getByLabel('Value of count');
    await view.tell(previewMessage(testFailure));
    await page.getByRole('button', { name: 'Edit' }).click();
    await value.fill('[1, ');
    await view.tell(previewMessage(discrepancies));
    assert.equal(await value.count(), 0);
    assert.equal(await page.getByTestId('send').getAttribute('aria-disabled'), 'false', 'the other can be sent');
    await view.tell(previewMessage(testFailure));
    assert.equal(await value.inputValue(), '[1, ');
    await page.reload();
    await page.waitForFunction('posted.some(({ type }) => type === "ready")');
    await view.tell(previewMessage(testFailure));
    assert.equal(await value.inputValue(), '[1, ');
    assert.equal(await page.getByTestId('send').getAttribute('aria-disabled'), 'true');
    assert.deepEqual(await view.posted('unread'), [{ type: 'unread', unread: true }], 'the extension hears it again');
    await page.getByRole('button', { name: 'Close the form' }).click();
    await page.getByTestId('send').click({ force: true });
    assert.ok(await value.evaluate((field) => field === document.activeElement), 'the form opens where it is wrong');
    await value.fill('4');
    assert.deepEqual((await view.posted('unread')).at(-1), { type: 'unread', unread: false });
    await page.getByTestId('send').click();
    assert.equal((await view.posted('send')).length, 1);
  });

  it('keeps what is typed while the preview follows, and changes a copy of what was sent', async () => {
    view = await harness.open('preview', { height: 1000 });
    const { page } = view;
    await view.tell(previewMessage(testFailure));
    await page.getByRole('button', { name: 'Edit' }).click();
    const partition = page.getByLabel('Partition');
    await partition.fill('2026-06-0');
    await view.tell(previewMessage({ ...testFailure, partition: '2026-06-0' }));
    await page.keyboard.type('1');
    assert.equal(await partition.inputValue(), '2026-06-01');
    const sent = previewMessage(testFailure, { deliveries: [accepted] });
    const { test } = sent.preview;
    await view.tell({ ...sent, preview: { ...sent.preview, test: test && { ...test, editable: false } } });
    assert.equal(await partition.count(), 0, 'what was sent stays as it was');
    await page.getByRole('button', { name: 'Edit a copy' }).click();
    assert.equal((await view.posted('edit-copy')).length, 1);
    await view.tell(previewMessage({ ...testFailure, id: failureId('test-2') }));
    assert.ok(await partition.isVisible(), 'the copy opens with its form');
  });

  it('opens runs and assets in Dagster, lists the issue’s failures, and asks for the cURL with the key', async () => {
    view = await harness.open('preview', { height: 1400 });
    await view.tell(previewMessage(everyType));
    await view.page.getByRole('button', { name: 'Open asset in Dagster' }).click();
    await view.page.getByRole('row', { name: /^run / }).getByRole('button', { name: 'Open run in Dagster' }).click();
    await view.page.getByRole('button', { name: 'show them' }).click();
    await view.page.getByRole('tab', { name: 'Request' }).click();
    await view.page.getByRole('button', { name: 'Copy as cURL with the key…' }).click();
    assert.deepEqual((await view.posted()).slice(1), [
      { type: 'open-in-dagster', what: { kind: 'asset', key: ['audi', '2024', 'prices'] } },
      { type: 'open-in-dagster', what: { kind: 'run', id: '00000000-0000-0000-0000-000000000000' } },
      { type: 'show-issue' },
      { type: 'curl-with-key' },
    ]);
  });

  it('says that something was copied once the extension has copied it: by sign, name and aloud, for a while', async () => {
    view = await harness.open('preview', { height: 1400 });
    const { page } = view;
    await view.tell(previewMessage(everyType, { deliveries: [accepted] }));
    const said = page.locator('firedrill-preview > [role=status]');
    const signs = page.locator('firedrill-copy vscode-toolbar-button[icon=check]');
    const press = async (name: string) => page.getByRole('button', { name }).first().click();
    await press('Copy as cURL (without key)');
    assert.deepEqual([await signs.count(), await said.innerText()], [0, ''], 'nothing is copied yet');
    await view.copied();
    assert.equal(await said.innerText(), 'Copied');
    assert.equal(await signs.getAttribute('title'), 'Copied');
    assert.ok(await signs.evaluate((sign) => sign === document.activeElement), 'the focus stays');
    await page.getByRole('button', { name: 'Copied' }).waitFor({ state: 'detached' });
    assert.equal(await said.innerText(), '');
    const pressed = page.locator('firedrill-copy:focus-within vscode-toolbar-button');
    for (const name of ['Copy as cURL (without key)', 'Copy event id', 'Copy URL', 'Copy run id']) {
      await press(name);
      await view.copied();
      assert.equal(await pressed.getAttribute('title'), 'Copied', name);
      assert.equal(await said.innerText(), 'Copied', name);
    }
    await page.getByRole('tab', { name: 'Request' }).click();
    await press('Copy SHA-256');
    await press('Copy as cURL with the key…');
    await view.copied();
    await page
      .getByRole('row', { name: /key masked/ })
      .getByRole('button', { name: 'Copied' })
      .waitFor();
    assert.ok(await page.getByRole('button', { name: 'Copy SHA-256' }).isVisible(), 'another was not answered');
  });

  it('selects tabs with arrows and Space, and keeps the tab when it is loaded again', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies));
    await view.page.getByRole('tab', { name: 'Event' }).focus();
    await view.page.keyboard.press('ArrowRight');
    await view.page.keyboard.press(' ');
    assert.ok(await view.page.getByRole('group', { name: 'Event as JSON' }).isVisible());
    await view.page.reload();
    await view.tell(previewMessage(discrepancies));
    assert.ok(await view.page.getByRole('group', { name: 'Event as JSON' }).isVisible());
  });

  it('folds and unfolds JSON by keyboard', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies));
    await view.page.getByRole('tab', { name: 'JSON' }).click();
    const fold = view.page.getByRole('button', { name: 'records, 50 items' });
    assert.equal(await fold.getAttribute('aria-expanded'), 'false');
    await fold.focus();
    await view.page.keyboard.press('Enter');
    assert.ok(await view.page.getByText('"model": "A49"').first().isVisible());
    assert.equal(await fold.getAttribute('aria-expanded'), 'true');
  });

  it('draws a part of 10,000 rows, says which are sent, and shows a whole cell', async () => {
    view = await harness.open('preview');
    const shortened = [
      { path: '/extra/metadata/sample/records', shown: 10_000, actual: 200_000, unit: 'items' },
    ] as const;
    await view.tell(previewMessage(many, { shortened }));
    const note = view.page.getByText('Shown: the first 10,000 of 200,000 items.');
    assert.ok(await note.isVisible());
    assert.equal(await note.getByRole('button').count(), 0, 'the document has what is sent');
    assert.ok(await view.page.getByText('Rows 1 to 50 are sent. The rest is in the log only.').isVisible());
    const grid = view.page.getByRole('grid', { name: 'metadata.sample' });
    assert.equal(await grid.getAttribute('aria-rowcount'), '10001');
    assert.ok((await grid.getByRole('row').count()) < 100);
    await grid.getByRole('gridcell').first().click();
    await view.page.keyboard.press('Control+End');
    const cell = view.page.locator('td[aria-selected="true"]');
    assert.equal(await cell.innerText(), 'oem_feed');
    assert.equal(await cell.locator('xpath=..').getAttribute('aria-rowindex'), '10001');
    await view.page.keyboard.press('Home');
    assert.equal(await view.page.getByRole('region', { name: 'Value of vin' }).innerText(), 'WAUZZZ8K9BA020000');
  });

  it('shows where a value that will be cut stands', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(hugeRun));
    await view.page.getByRole('tab', { name: 'JSON' }).click();
    await view.page.getByRole('button', { name: 'Show where extra.error is' }).click();
    assert.ok(await view.page.locator('[data-path="/extra/error"]').isVisible());
    assert.ok(await view.page.getByText('Sentry keeps the first 16,381 characters').isVisible());
  });

  it('opens the run only where it can be opened', async () => {
    view = await harness.open('preview');
    await view.tell(previewMessage(discrepancies, { canOpenRun: false }));
    assert.equal(await view.page.getByRole('button', { name: /run 9e94b908/ }).count(), 0);
    await view.tell(previewMessage(discrepancies));
    await view.page.getByRole('button', { name: /run 9e94b908/ }).click();
    assert.deepEqual(await view.posted('open-run'), [{ type: 'open-run' }]);
  });

  it('fits beside an editor without scrolling sideways', async () => {
    view = await harness.open('preview', { width: 420, height: 800 });
    for (const failure of [everyType, hostile, hugeRun]) {
      await view.tell(previewMessage(failure, { deliveries: [refused, { ...accepted, target: { kind: 'inbox' } }] }));
      assert.equal(await view.page.evaluate('document.documentElement.scrollWidth'), 420);
    }
  });

  it('speaks the language of its strings', async () => {
    view = await harness.open('preview', {
      strings: { Send: 'Senden', 'partition {0}': '{0} (Partition)', '{0} tag': '', Tags: 5 },
    });
    await view.tell(previewMessage(discrepancies));
    assert.equal(await view.page.getByTestId('send').innerText(), 'Senden');
    assert.match(await view.page.locator('header').innerText(), /2026-05-01 \(Partition\)/);
    assert.ok(await view.page.getByRole('heading', { name: /^Tags/ }).isVisible());
  });
});
