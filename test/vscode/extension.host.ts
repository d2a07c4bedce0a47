import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { DELIVERY_GROUPS } from '../../src/delivery/delivery.ts';
import type { FailureRow } from '../../src/engine/api.ts';
import type { Firedrill } from '../../src/extension.ts';
import type { FailureNode } from '../../src/ui/failures/tree.ts';
import { COMMANDS, EVENT_LANGUAGE } from '../../src/ui/ids.ts';
import type { SensorNode } from '../../src/ui/sensors/tree.ts';
import { DagsterInstance, fullHistory } from '../dagster/dagsterInstance.ts';
import type { ManifestEntry } from '../dagster/manifest.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { freePort } from '../freePort.ts';

const extension = vscode.extensions.getExtension<Firedrill>('firedrill.firedrill');

/** Waits until `get` answers something. */
type Answer<T> = T | undefined | null | false;
async function until<T>(what: string, get: () => Answer<T> | Promise<Answer<T>>, timeout = 15_000): Promise<T> {
  for (const end = Date.now() + timeout; ; await pause(20)) {
    const value = await get();
    if (value !== undefined && value !== null && value !== false) return value;
    if (Date.now() > end) assert.fail(`not in ${timeout} ms: ${what}`);
  }
}

/** Into the user's settings: the folder that is open may be the repository's own. */
async function configure(name: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('firedrill').update(name, value, vscode.ConfigurationTarget.Global);
}

describe('Firedrill in VS Code', function () {
  this.timeout(60_000);
  let drill: Firedrill;
  let instance: DagsterInstance;
  let provoker: Provoker;

  /** The rows of a group as the tree has them. */
  const rows = async (key: string): Promise<readonly FailureRow[]> => {
    const children = await drill.failures.getChildren({ kind: 'group', key });
    return children.flatMap((child) => (child.kind === 'failure' ? [child.row] : []));
  };
  const state = () => drill.session.overview?.instance.state;
  const find = async (entry: ManifestEntry) =>
    (await rows(entry.kind)).find((row) => row.storageId === entry.storage_id && row.title === entry.expected.message);
  /** Makes a case happen in the instance and waits for its rows. */
  async function provoke(name: string): Promise<FailureRow> {
    const [entry] = await provoker.provoke(name);
    assert.ok(entry);
    return await until(`the row of ${name}`, () => find(entry));
  }
  /** The first row of a group as VS Code shows it. */
  async function shown(row: FailureRow): Promise<vscode.TreeItem> {
    // A group that was empty until now stands in the tree with its next refresh.
    const node = await until(`${row.label} in the tree`, async () => {
      const groups = await drill.failures.getChildren();
      const all = (await Promise.all(groups.map((group) => drill.failures.getChildren(group)))).flat();
      return all.find((child) => child.kind === 'failure' && child.row.id === row.id);
    });
    return await drill.failures.resolveTreeItem(drill.failures.getTreeItem(node), node);
  }

  before(async function () {
    this.timeout(240_000);
    assert.ok(extension);
    drill = await extension.activate();
    await fullHistory();
    instance = await DagsterInstance.withHistory();
    provoker = await instance.serve();
    await configure('inboxPort', await freePort());
    await configure('webserverUrl', `http://127.0.0.1:${await freePort()}`);
  });

  after(async () => {
    for (const name of ['dagsterHome', 'inboxPort', 'webserverUrl', 'delivery', 'tickInterval'])
      await configure(name, undefined);
    await instance?.dispose();
  });

  it('registers every command that it declares', async () => {
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(COMMANDS).filter((command) => !registered.has(command)),
      [],
    );
  });

  it('says where it looked while there is no instance', async () => {
    const looked = await until('no instance', () => {
      const status = drill.session.overview?.instance;
      return status?.state === 'none' && status.looked;
    });
    assert.ok(
      looked.some((place) => place.includes('127.0.0.1')),
      looked.join('\n'),
    );
  });

  it('sends a test failure to the inbox without any instance, and shows its preview', async () => {
    const id = await vscode.commands.executeCommand<string>(COMMANDS.sendTestRun);
    const delivery = await until('the receipt', () =>
      drill.sent.deliveries('accepted').find((one) => one.failureId === id),
    );
    assert.equal(delivery.target.kind, 'inbox');
    const received = await until('the event', () =>
      drill.sent.events.find((event) => event.eventId === delivery.eventId),
    );
    assert.equal(received.title, delivery.title);
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const previews = tabs.filter(
      (tab) => tab.input instanceof vscode.TabInputWebview && tab.input.viewType.endsWith('firedrill.preview'),
    );
    assert.equal(previews.length, 1);
  });

  it('follows the instance that the setting names', async () => {
    await configure('dagsterHome', instance.home);
    await until('following', () => state() === 'following');
    assert.equal(drill.session.overview?.sensors.filter((sensor) => sensor.running).length, 2);
  });

  it('lists what a real Dagster recorded before, apart and without counting it as pending', async () => {
    const entries = (await instance.manifest()).filter((entry) => entry.storage_id !== null);
    await vscode.commands.executeCommand(COMMANDS.lookBack, 8760);
    await until('the earlier failures', async () => (await rows('before')).length >= entries.length);
    const titles = new Map((await rows('before')).map((row) => [row.storageId, row.title]));
    for (const { storage_id, expected } of entries) assert.equal(titles.get(Number(storage_id)), expected.message);
    assert.deepEqual(drill.session.overview?.pending, { check: 0, run: 0 });
  });

  it('lists a check failure as it happens, in the words of the mark, asset, time, severity and partition', async () => {
    const row = await provoke('check-discrepancies');
    const item = await shown(row);
    assert.equal(item.label, 'discrepancies');
    assert.match(String(item.description), /^audi\/2024\/prices · \d\d:\d\d · WARN · 2026-05-01$/);
    assert.match(
      item.accessibilityInformation?.label ?? '',
      /^check failure discrepancies on audi\/2024\/prices, WARN/,
    );
    assert.equal(typeof item.tooltip, 'string');
    assert.match(String(item.tooltip), /storage id \d+[\s\S]+records: [\s\S]+Not sent\.$/);
    assert.equal(drill.session.overview?.pending.check, 1);
  });

  it('sends it to the inbox with the title that the specification gives, and it is no longer pending', async () => {
    const row = (await rows('check'))[0];
    assert.ok(row);
    await vscode.commands.executeCommand(COMMANDS.send, row.id);
    await until('sent', async () => (await rows('check')).length === 0);
    const delivery = await until('accepted', () =>
      drill.sent.deliveries('accepted').find((one) => one.failureId === row.id),
    );
    assert.equal(delivery.title, 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)');
  });

  it('previews what the inbox received, and has it as read-only JSON', async () => {
    const event = drill.sent.events.find(({ title }) => title.includes('discrepancies'));
    assert.ok(event);
    await vscode.commands.executeCommand(COMMANDS.openInboxEvent, { kind: 'inboxEvent', event });
    await until('the preview', () =>
      vscode.window.tabGroups.all
        .flatMap((group) => group.tabs)
        .find((tab) => tab.input instanceof vscode.TabInputWebview && tab.label === 'discrepancies'),
    );
    const uri = vscode.Uri.parse(`firedrill:/firedrill/inbox/${event.id}/discrepancies`);
    const document = await vscode.workspace.openTextDocument(uri);
    const json = JSON.parse(document.getText());
    assert.equal(json.tags.oem, 'audi');
    assert.equal(json.message, event.title);
    assert.equal(document.languageId, EVENT_LANGUAGE);
    const sorted = await vscode.workspace.openTextDocument(uri.with({ query: 'sorted' }));
    const keys = Object.keys(JSON.parse(sorted.getText()));
    assert.deepEqual(keys, [...keys].sort(), 'sorted for the diff editor');
    assert.deepEqual(JSON.parse(sorted.getText()), json);
  });

  it('dismisses several failures at once and takes that back', async () => {
    const one = await provoke('check-integrity');
    const two = await provoke('check-discrepancies');
    const nodes = [one, two].map((row): FailureNode => ({ kind: 'failure', row }));
    await vscode.commands.executeCommand(COMMANDS.dismiss, nodes[0], nodes);
    await until('dismissed', async () => (await rows('check')).length === 0);
    await vscode.commands.executeCommand(COMMANDS.undoDismiss);
    await until('restored', async () => (await rows('check')).length === 2);

    for (const node of nodes) await vscode.commands.executeCommand(COMMANDS.dismiss, node);
    await until('dismissed one by one', async () => (await rows('check')).length === 0);
    await vscode.commands.executeCommand(COMMANDS.undoDismiss, nodes[0]);
    const left = await until('that row restored, not the last one', async () => {
      const pending = await rows('check');
      return pending.length > 0 && pending;
    });
    assert.deepEqual(
      left.map(({ id }) => id),
      [one.id],
    );
    await vscode.commands.executeCommand(COMMANDS.undoDismiss);
    await until('the other restored', async () => (await rows('check')).length === 2);
    await vscode.commands.executeCommand(COMMANDS.dismiss, nodes[0], nodes);
    await until('dismissed again', async () => (await rows('check')).length === 0);
  });

  it('copies run id and message of a failed run', async () => {
    const row = await provoke('run-exception');
    await vscode.commands.executeCommand(COMMANDS.copyRunId, row.id);
    assert.equal(await vscode.env.clipboard.readText(), row.runId);
    await vscode.commands.executeCommand(COMMANDS.copyMessage, row.id);
    assert.equal(await vscode.env.clipboard.readText(), row.title);
  });

  it('opens the line of the workspace that raised, whatever stands behind it in the stack', async () => {
    const row = (await rows('run'))[0];
    assert.ok(row);
    await vscode.commands.executeCommand(COMMANDS.openFailingLine, row.id);
    const editor = await until('the file', () => {
      const open = vscode.window.activeTextEditor;
      return open?.document.uri.path.endsWith('.py') && open;
    });
    assert.match(editor.document.uri.path, /\/projects\/ai_audi\/ai_audi\/assets\/ways_to_fail\.py$/);
    assert.match(editor.document.lineAt(editor.selection.active).text, /raise ValueError/);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('compares the events of two failures', async () => {
    const [one] = await rows('run');
    const two = await provoke('check-integrity');
    assert.ok(one);
    const nodes = [one, two].map((row): FailureNode => ({ kind: 'failure', row }));
    await vscode.commands.executeCommand(COMMANDS.compareFailures, nodes[0], nodes);
    const input = await until('the diff editor', () => {
      const tab = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return tab instanceof vscode.TabInputTextDiff && tab;
    });
    const texts = await Promise.all(
      [input.original, input.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()),
    );
    assert.deepEqual(
      texts.map((text) => JSON.parse(text).message),
      [one.title, two.title],
    );
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('stops a sensor, which then finds nothing, and starts it again where it stood', async () => {
    await vscode.commands.executeCommand(COMMANDS.stopSensor, 'asset_check_sentry_sensor');
    await until('stopped', () => drill.session.overview?.sensors.some((sensor) => !sensor.running));
    const [entry] = await provoker.provoke('check-integrity');
    assert.ok(entry);
    await pause(1000);
    assert.equal(await find(entry), undefined);
    await vscode.commands.executeCommand(COMMANDS.startSensor, 'asset_check_sentry_sensor');
    await until('found after the start', () => find(entry));
  });

  it('ticks now', async () => {
    const last = () =>
      Math.min(...(drill.session.overview?.sensors.map((sensor) => sensor.lastTick?.lastStartedAt ?? 0) ?? [0]));
    const begin = Date.now();
    await vscode.commands.executeCommand(COMMANDS.tickNow);
    await until('both ticked', () => last() >= begin);
  });

  it('holds although a settings file says automatic, as nobody has agreed', async () => {
    await configure('delivery', 'automatic');
    const row = await provoke('check-discrepancies');
    await pause(500);
    assert.equal(drill.session.overview?.deliveryMode, 'hold');
    const listed = DELIVERY_GROUPS.flatMap((group) => drill.sent.deliveries(group));
    assert.equal(listed.filter((delivery) => delivery.failureId === row.id).length, 0);
    await configure('delivery', undefined);
  });

  it('goes on with a setting that is out of range', async () => {
    await configure('tickInterval', -5);
    await provoke('check-integrity');
    await configure('tickInterval', undefined);
  });

  it('says that the instance was lost, keeps the list, and finds the instance again', async () => {
    const listed = (await rows('check')).length;
    assert.ok(listed > 0);
    await provoker.stop();
    await rename(instance.home, `${instance.home}-away`);
    await until('lost', () => state() === 'lost');
    assert.equal((await rows('check')).length, listed);
    const texts = async (node?: SensorNode): Promise<(string | boolean | undefined)[]> =>
      await Promise.all(
        (await drill.sensors.getChildren(node)).map(
          async (each) => (await drill.sensors.getTreeItem(each)).description,
        ),
      );
    assert.deepEqual(await texts(), ['2 waiting, instance lost']);
    for (const text of await texts({ kind: 'hosted' })) assert.match(String(text), /^waits · \d\d:\d\d:\d\d$/);
    await rename(`${instance.home}-away`, instance.home);
    await until('following again', () => state() === 'following');
    assert.equal((await rows('check')).length, listed);
  });
});
