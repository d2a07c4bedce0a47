import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../scripts/paths.ts';
import { program } from '../cli/previewed.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { accepted, type Endpoint, openEndpoint, reply } from '../delivery/endpoint.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { freePort } from '../freePort.ts';
import { openWorkbench, type Workbench } from '../host/workbench.ts';
import { formsIn, leaksBelow } from './leaks.ts';

const KEY = '5ec12e7000000000000000000facade5';
const STORED_KEY = '5ec12e7111111111111111111facade5';
const TOKEN = 'sntrys_5ec12e7222222222222222222facade5';
const SECRETS = [KEY, STORED_KEY, TOKEN];

/** Refuses, and repeats the key wherever an endpoint can. */
const echo = reply(
  403,
  { 'x-sentry-error': `unknown key ${KEY}` },
  JSON.stringify({ detail: `bad key ${KEY}`, causes: [KEY] }),
);

describe('secrets in VS Code', function () {
  this.timeout(120_000);
  let endpoint: Endpoint;
  let project: Project;
  let provoker: Provoker;
  let workbench: Workbench;
  let state: string;
  /** What was in the page, on the clipboard and on the command line's output. */
  const seen: string[] = [];

  before(async () => {
    state = await mkdtemp(path.join(os.tmpdir(), 'firedrill-secrets-'));
    endpoint = await openEndpoint();
    project = await makeProject({
      ai_audi: `http://${KEY}@127.0.0.1:${endpoint.port}/42`,
      ai_bmw: `https://${KEY}@127.0.0.1:${await freePort()}/43`,
    });
    provoker = await project.instance.serve();
    await provoker.provoke('run-exception');
    workbench = await openWorkbench({
      folder: project.folder,
      extensions: [root],
      size: { width: 1400, height: 1000 },
      settings: { 'firedrill.webserverUrl': `http://127.0.0.1:${await freePort()}` },
    });
    await workbench.openContainer('Firedrill');
    await workbench.tree('Failures').row('Before Firedrill').waitFor();
    await workbench.run('Developer: Set Log Level...');
    await workbench.choose('Trace');
    await provoker.provoke('check-discrepancies', 'check-integrity');
  });
  after(async () => {
    await workbench?.close();
    await project?.dispose();
    await endpoint?.close();
    await rm(state, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Keeps what every frame of the window shows now. */
  const look = async (): Promise<void> => {
    for (const frame of workbench.page.frames()) seen.push(await frame.content());
  };

  it('are used: a DSN of a project’s own, one that is stored, and a token', async () => {
    endpoint.answer(echo, accepted);
    const row = /check failure discrepancies on /;
    await workbench.tree('Failures').row(row).waitFor();
    await workbench.tree('Failures').click(row);
    const preview = await workbench.webview('Payload Preview');
    for (const tab of ['JSON', 'Request']) {
      await preview.getByRole('tab', { name: tab }).click();
      await look();
    }
    await preview.getByRole('button', { name: 'Copy as cURL (without key)' }).click();
    seen.push(await workbench.copied(/^curl /));
    await preview.getByTestId('send').click();
    seen.push(await workbench.dialog());
    await workbench.answer('Send');
    const failed = /discrepancies on .*\(403\)/;
    await workbench.tree('Sent').tooltip(failed, 'refused (403)');
    await look();
    await workbench.tree('Sent').action(failed, 'Retry Delivery');
    await workbench
      .tree('Sent')
      .row(/discrepancies on .*accepted/)
      .waitFor();
    assert.match(JSON.stringify(endpoint.received[0]?.headers), new RegExp(KEY), 'the key was on the socket');

    const shown = await workbench.webview('Payload Preview');
    await shown.getByRole('button', { name: 'Open as document' }).click();
    await workbench.editorText();
    await look();

    await workbench.run('Firedrill: Set Sentry DSN…');
    await workbench.choose('This workspace');
    const input = workbench.page.locator('.quick-input-widget input.input');
    await input.fill(`https://${STORED_KEY}@127.0.0.1/`); // malformed: what is wrong is told
    await workbench.page.locator('.quick-input-message').filter({ hasText: /./ }).first().waitFor();
    await look();
    await workbench.type(`http://${STORED_KEY}@127.0.0.1:${endpoint.port}/44`);
    await workbench.run('Firedrill: Set Sentry Auth Token…');
    await workbench.choose(`127.0.0.1:${endpoint.port}`);
    await workbench.type(TOKEN);

    await workbench.run('Firedrill: Show Log');
    await look();
  });

  it('are used for a test failure, whose code location is asked for, kept as a specimen and compared', async () => {
    await workbench.run('Firedrill: Send Test Check Failure');
    await workbench.page
      .locator('.quick-input-widget')
      .getByRole('option', { name: /^ai_bmw, would go to Sentry 43 on / })
      .waitFor();
    await look();
    await workbench.choose('ai_audi');
    await until('the test failure at the endpoint', () =>
      endpoint.received.some(({ path: url, body }) => url === '/api/42/envelope/' && body.includes('firedrill-test')),
    );
    const frame = await workbench.webview('Payload Preview');
    await frame.locator('[data-testid=receipt][data-state=accepted]').first().waitFor();
    await look();
    await frame.getByRole('button', { name: 'Edit a copy' }).click();
    await frame.getByRole('button', { name: 'Save as specimen…' }).click();
    await workbench.type('drill');
    const specimen = path.join(project.folder, '.firedrill', 'specimens', 'drill.json');
    await until('the specimen', () => existsSync(specimen));
    await frame.getByRole('button', { name: 'Compare with…' }).click();
    await workbench.page.locator('.quick-input-widget').getByRole('option').first().click();
    await workbench.page.locator('.monaco-diff-editor .view-line').first().waitFor();
    await look();
    await workbench.run('View: Close Editor');
  });

  it('are used for automatic delivery, to an endpoint that repeats the key', async () => {
    endpoint.answer(echo);
    await workbench.run('Firedrill: Turn On Automatic Delivery…');
    seen.push(await workbench.dialog());
    await workbench.answer('Turn On Automatic Delivery');
    seen.push(await workbench.dialog());
    await workbench.answer('Send'); // to the other DSN; the first was agreed to
    await provoker.provoke('check-unresolved-refs');
    await workbench
      .tree('Sent')
      .row(/unresolved_refs on .*\(403\)/)
      .waitFor();
    await look();
  });

  it('are used by the command line too', async () => {
    const args = ['watch', '--home', project.instance.home, '--deliver', 'dsn', '--state', state];
    args.push(
      '--workspace',
      project.folder,
      '--webserver',
      `http://127.0.0.1:${await freePort()}`,
      '--inbox-port',
      String(await freePort()),
    );
    const watch: ChildProcess = spawn(process.execPath, [...program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    watch.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    watch.stderr?.setEncoding('utf8').on('data', (text: string) => seen.push(text));
    await until('watch to follow', () => printed.includes('"state":"following"'));
    await provoker.provoke('check-discrepancies', 'check-integrity');
    await until('two refusals', () => printed.split('"kind":"failed"').length > 2);
    endpoint.answer(accepted);
    await provoker.provoke('check-unresolved-refs');
    await until('a receipt', () => printed.includes('"kind":"accepted"'));
    const gone = once(watch, 'exit');
    watch.kill('SIGTERM');
    assert.deepEqual(await gone, [0, null]);
    seen.push(printed);
  });

  it('stand in no log, state, setting, file of the workspace, page or copied text, in no form', async () => {
    assert.ok(seen.length > 10);
    const storage = await readFile(path.join(workbench.server.userDataDir, 'User', 'settings.json'), 'utf8');
    assert.ok(storage.length > 0);
    for (const secret of SECRETS) {
      for (const text of seen) assert.deepEqual(formsIn(Buffer.from(text), secret), [], text.slice(0, 300));
      const dotEnv = (file: string): boolean => path.basename(file) === '.env'; // where the user wrote it
      const notWritten = (file: string): boolean => file.startsWith(`extensions${path.sep}`);
      assert.deepEqual(await leaksBelow(project.folder, secret, dotEnv), []);
      assert.deepEqual(await leaksBelow(project.instance.home, secret), []);
      assert.deepEqual(await leaksBelow(workbench.server.folder, secret, notWritten), []);
      assert.deepEqual(await leaksBelow(state, secret), []);
    }
    const logs = await leaksBelow(workbench.server.folder, 'Following ', (file) => !/firedrill.*\.log$/i.test(file));
    assert.notDeepEqual(logs, [], 'Firedrill’s log was among what was searched');
    await writeFile(path.join(state, 'planted'), `dsn=${KEY}`);
    assert.notDeepEqual(await leaksBelow(state, KEY), [], 'the search finds what is there');
  });
});

async function until(what: string, isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 15_000; !isSo(); await pause(50)) {
    if (Date.now() > end) assert.fail(`waited 15 s in vain for ${what}`);
  }
}
