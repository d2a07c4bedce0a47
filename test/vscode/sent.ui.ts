import assert from 'node:assert/strict';
import { root } from '../../scripts/paths.ts';
import { accepted, type Behaviour, type Endpoint, openEndpoint, reply } from '../delivery/endpoint.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';

const FAILED = /integrity on .*\(413\)/;
const RUN = /run failure audi\/failing\/plain with ValueError/;
const REFUSED = /audi\/failing\/plain .*\(403\)/;
const KEY = '0123456789abcdef0123456789abcdef';

describe('receipts in the Sent view', function () {
  this.timeout(120_000);
  let endpoint: Endpoint;
  let project: Project;
  let workbench: Workbench;

  before(async () => {
    endpoint = await openEndpoint();
    project = await makeProject({ ai_audi: `http://${KEY}@127.0.0.1:${endpoint.port}/42` });
    const provoker = await project.instance.serve();
    await provoker.provoke('run-exception');
    workbench = await openWorkbench({ folder: project.folder, extensions: [root], size: { width: 1280, height: 900 } });
    await workbench.openContainer('Firedrill');
    await workbench.tree('Failures').row('Before Firedrill').waitFor();
    await provoker.provoke('check-discrepancies', 'check-integrity', 'check-unresolved-refs', 'run-exception');
    // All are there: a row that comes later would move the others away from the pointer.
    await workbench.tree('Failures').row('Check failures, 3 failures').waitFor();
    await workbench.tree('Failures').row('Run failures, 1 failure').waitFor();
  });
  after(async () => {
    await workbench?.close();
    await project?.dispose();
    await endpoint?.close();
  });

  const send = async (row: RegExp): Promise<void> => {
    await workbench.tree('Failures').row(row).waitFor();
    await workbench.tree('Failures').action(row, 'Send');
  };
  const sent = () => workbench.tree('Sent');

  it('say what was accepted, what failed with the endpoint’s words, and until when the rest waits', async () => {
    endpoint.answer(
      accepted,
      reply(413, { 'content-type': 'application/json' }, '{"detail":"event too large <b>$(flame)"}'),
      reply(403, { 'content-type': 'application/json' }, '{"detail":"event submission rejected"}'),
      reply(429, { 'retry-after': '90' }),
    );
    // By its key, which goes on to the next row once nothing is to be asked any more.
    const first = workbench.tree('Failures').row(/check failure discrepancies on /);
    await first.click();
    await workbench.page.keyboard.press('Control+Enter');
    assert.match(await workbench.dialog(), /^Send “.*discrepancies.*” to Sentry project 42 on 127\.0\.0\.1:\d+\?/);
    assert.equal(await first.getAttribute('aria-selected'), 'true');
    await workbench.screenshot('sent.question');
    await workbench.answer('Send');
    await sent()
      .row(/discrepancies on audi\/2024\/prices \(WARN\), .*accepted/)
      .waitFor();
    // Its row goes, and the others move up: a button that is pressed in that moment is another's, or none.
    await workbench
      .tree('Failures')
      .row(/check failure discrepancies on /)
      .waitFor({ state: 'detached' });
    await send(/check failure integrity on /);
    const failed = sent().row(FAILED);
    await failed.waitFor();
    assert.match(await failed.innerText(), /event too large <b>\$\(flame\)/, 'as text');
    await send(RUN);
    await sent().row(REFUSED).waitFor();
    await send(/check failure unresolved_refs on /);
    await sent()
      .row(/unresolved_refs on .*, until \d\d:\d\d/)
      .waitFor();
    // Another inbox may have the usual port.
    const groups = (await sent().rows()).filter(({ level }) => level === 1).map(({ name }) => name);
    assert.deepEqual(
      groups.map((name) => name.replace(/, .*$/, '').replace(/ 127\.0\.0\.1:\d+$/, '')),
      ['Waiting', 'Failed', 'Accepted', 'Inbox'],
    );
    await workbench.screenshot('sent');
  });

  it('are told in the failure’s own row too, and on hover in a sentence', async () => {
    const failures = workbench.tree('Failures');
    const failed = await failures.tooltip(/^refused, run failure audi\/failing\/plain/, 'failed at');
    assert.match(failed, /^Sending to Sentry project 42 failed at \d\d:\d\d:\d\d: Refused \(403\)\..*rejected$/m);
    assert.doesNotMatch(failed, /Not sent/);
    await workbench.screenshot('sent.refused-row');
    const waits = await failures.tooltip(/^waiting, check failure unresolved_refs on /, 'Waits until');
    assert.match(waits, /^Waits until \d\d:\d\d:\d\d to be sent to Sentry project 42: Rate limited by Sentry \(429\)/m);
    await workbench.screenshot('sent.waiting-row');
  });

  it('are cancelled in the failure’s row too, which can be sent anew', async () => {
    const failures = workbench.tree('Failures');
    await failures.menu(/^waiting, check failure unresolved_refs on /, 'Cancel Delivery');
    const waits = /unresolved_refs on .*, until/;
    await sent().row(waits).waitFor({ state: 'detached' });
    await send(/^check failure unresolved_refs on /);
    await sent().row(waits).waitFor();
  });

  it('tell on hover each try, and no key', async () => {
    const text = await sent().tooltip(FAILED, 'refused (413)');
    assert.match(text, /To Sentry project 42 on 127\.0\.0\.1/);
    assert.ok(!text.includes(KEY));
    await workbench.screenshot('sent.tries');
  });

  it('are cancelled only while they wait; one that failed is removed, by its menu and by its name', async () => {
    await sent().offers(REFUSED, 'Retry Delivery');
    const buttons = sent().row(REFUSED).getByRole('button');
    assert.deepEqual(await buttons.evaluateAll((all) => all.map((each) => each.getAttribute('aria-label'))), [
      'Retry Delivery',
    ]);
    await sent().row(REFUSED).click({ button: 'right' });
    const menu = workbench.page.locator('.monaco-menu');
    await menu.getByRole('menuitem', { name: 'Remove Failed Delivery from List' }).waitFor();
    assert.equal(await menu.getByRole('menuitem', { name: 'Cancel Delivery' }).count(), 0);
    await workbench.screenshot('sent.menu');
    await workbench.page.keyboard.press('Escape');
    await sent().menu(REFUSED, 'Remove Failed Delivery from List');
    await sent().row(REFUSED).waitFor({ state: 'detached' });
    await sent().row(FAILED).waitFor();
    await workbench
      .tree('Failures')
      .row(/^run failure audi\/failing\/plain/)
      .waitFor();
    const waits = /unresolved_refs on .*, until/;
    await sent().action(waits, 'Cancel Delivery');
    await sent().row(waits).waitFor({ state: 'detached' });
    await workbench
      .tree('Failures')
      .row(/^check failure unresolved_refs on /)
      .waitFor();
  });

  it('and what the inbox received goes only after a question that says how much it is', async () => {
    await workbench.tree('Failures').menu(RUN, 'Send to Inbox');
    const inbox = /^Inbox 127\.0\.0\.1:\d+, /;
    await sent()
      .row(/^Inbox .*, 1 sender/)
      .waitFor();
    const clear = sent().pane.locator('.pane-header').getByRole('button', { name: 'Clear Inbox' });
    assert.equal(await clear.count(), 0, 'no button of the whole view');
    await sent().offers(inbox, 'Clear Inbox');
    await workbench.screenshot('sent.inbox');
    await sent().action(inbox, 'Clear Inbox');
    assert.match(await workbench.dialog(), /Delete the event that the inbox received\?/);
    await workbench.screenshot('sent.clear');
    await workbench.answer('Cancel');
    await sent()
      .row(/^Inbox .*, 1 sender/)
      .waitFor();
    await sent().action(inbox, 'Clear Inbox');
    await workbench.answer('Clear Inbox');
    await sent()
      .row(/^Inbox .*, nothing received/)
      .waitFor();
    assert.equal(await sent().row(inbox).getByRole('button', { name: 'Clear Inbox' }).count(), 0);
  });

  it('let a failed one be tried again, from its failure too, and lead to its preview', async () => {
    endpoint.answer(accepted);
    const row = /integrity on .*/;
    await workbench.tree('Failures').menu(/^refused, check failure integrity on /, 'Retry Delivery');
    // The 429 holds the whole project: what is tried again waits for it too.
    await sent()
      .row(/integrity on .*, until \d\d:\d\d/)
      .waitFor();
    await sent().action(row, 'Retry Delivery');
    await sent().click(row);
    const preview = await workbench.webview('Payload Preview');
    await preview.getByTestId('title').filter({ hasText: 'integrity on ' }).waitFor();
    await sent().menu(row, 'Copy Event ID');
    assert.match(await workbench.copied(/^[0-9a-f]{32}$/), /^[0-9a-f]{32}$/);
  });

  it('are confirmed once an auth token is set, also those from before, and lead to their issue', async () => {
    const before = sent().row(/discrepancies on .*, accepted,/);
    endpoint.answer(likeSentry);
    await workbench.run('Firedrill: Set Sentry Auth Token…');
    await workbench.page.locator('.quick-input-widget input[type=password]').waitFor(); // masked
    await workbench.type(TOKEN);
    const confirmed = /discrepancies on .*, confirmed \d\d:\d\d/;
    await sent().row(confirmed).waitFor();
    assert.equal(await before.count(), 0);
    const questions = endpoint.received.filter(({ method }) => method === 'GET');
    assert.ok(questions.length >= 2);
    for (const { headers } of questions) assert.equal(new Map(headers).get('authorization'), `Bearer ${TOKEN}`);
    assert.ok(!(await sent().tooltip(confirmed, 'Sentry has it')).includes(TOKEN));
    await workbench.screenshot('sent.confirmed');
    // VS Code in a browser opens a link in another tab, and asks first for a host that it does not trust.
    const opened = workbench.page.context().waitForEvent('page');
    await sent().action(confirmed, 'Open Issue in Sentry');
    const page = await opened;
    // Its own address, or the one under which this VS Code hands a port of its machine on.
    await page
      .waitForURL(/\/organizations\/acme\/issues\/7\/events\/[0-9a-f]{32}\/$/)
      .catch((error) => assert.fail(`${page.url()}: ${error}`));
    await page.close();
  });
});

const TOKEN = 'sntryu_5ec2e7';

/** Sentry's API as its reference has it (docs.sentry.io/api), for one project and any event. */
const likeSentry: Behaviour = (socket, request) => {
  const { pathname } = new URL(request.path, 'http://sentry');
  const json = (body: unknown) => reply(200, { 'content-type': 'application/json' }, JSON.stringify(body));
  const [, event] = /^\/api\/0\/projects\/acme\/alerts\/events\/([0-9a-f]{32})\/$/.exec(pathname) ?? [];
  if (pathname === '/api/0/projects/')
    json([{ id: '42', slug: 'alerts', organization: { slug: 'acme' } }])(socket, request);
  else if (event !== undefined) json({ eventID: event, groupID: '7' })(socket, request);
  else if (pathname.startsWith('/api/0/')) reply(404)(socket, request);
  else reply(200, { 'content-type': 'text/html' }, '<title>An issue</title>')(socket, request);
};
