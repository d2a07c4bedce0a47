import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Delivery } from '../../src/engine/api.ts';
import { accepted, type Endpoint, openEndpoint, reply } from '../delivery/endpoint.ts';
import { HostedEngine, until } from './hostedEngine.ts';

describe('deliveries whose target is held', function () {
  this.timeout(30_000);
  let folder: string;
  let endpoint: Endpoint;
  let hosted: HostedEngine;

  before(async () => {
    endpoint = await openEndpoint();
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-held-'));
    const dsn = `http://0123456789abcdef0123456789abcdef@127.0.0.1:${endpoint.port}/42`;
    await writeFile(path.join(folder, '.env'), `SENTRY_DSN=${dsn}\n`);
    hosted = await HostedEngine.start({ workspaceFolders: [folder], approvedDsns: 'all' });
  });
  after(async () => {
    await hosted?.dispose();
    await endpoint?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = async (): Promise<void> => {
    const { id } = await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: null });
    assert.equal((await hosted.engine.send(id, 'sentry', false)).outcome, 'queued');
  };
  const waiting = async (): Promise<readonly Delivery[]> =>
    (await hosted.engine.deliveries({ group: 'waiting', limit: 9, before: null })).rows;
  const untils = async (): Promise<readonly (number | null)[]> =>
    (await waiting()).map(({ state }) => (state.kind === 'waiting' ? state.until : null));

  it('are told anew when another’s try makes them wait longer', async () => {
    endpoint.answer(reply(502));
    await send();
    const [first] = await until(async () => {
      const all = await untils();
      return all.length === 1 && all[0] !== null && all;
    }, 'the first to wait');
    assert.ok(first);
    // A view that reads again only when it is told to.
    let told = hosted.reloads;
    let shown = await untils();
    await send();
    await until(async () => {
      if (hosted.reloads === told) return false;
      told = hosted.reloads;
      shown = await untils();
      return shown.length === 2 && shown.every((each) => each !== null && each > first);
    }, 'both to be shown as waiting longer');
    assert.deepEqual(shown, await untils());
  });

  it('are taken out of the queue when their failure is dismissed, and the rest goes on', async () => {
    const [one, other] = await waiting();
    assert.ok(one && other);
    const told = hosted.reloads;
    await hosted.engine.dismiss([one.failureId]);
    await until(() => hosted.reloads > told, 'the view to be told');
    assert.deepEqual(
      (await waiting()).map(({ id }) => id),
      [other.id],
    );
    endpoint.answer(accepted);
    const before = endpoint.received.length;
    await hosted.engine.retry(other.id);
    await until(async () => (await waiting()).length === 0, 'the other to be sent');
    await hosted.engine.restore([one.failureId]);
    assert.equal((await hosted.engine.preview(one.failureId, 'default')).row.status, 'pending');
    assert.equal(endpoint.received.length, before + 1, 'undoing it sends nothing');
  });
});
