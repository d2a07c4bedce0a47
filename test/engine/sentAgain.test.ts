import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FailureId } from '../../src/failure/ids.ts';
import { accepted, type Endpoint, openEndpoint } from '../delivery/endpoint.ts';
import { HostedEngine, until } from './hostedEngine.ts';

describe('a failure that was sent, and whose receipts are forgotten since', function () {
  this.timeout(20_000);
  let folder: string;
  let endpoint: Endpoint;
  let hosted: HostedEngine;
  let failure: FailureId;

  before(async () => {
    endpoint = await openEndpoint();
    endpoint.answer(accepted);
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-again-'));
    const dsn = `http://0123456789abcdef0123456789abcdef@127.0.0.1:${endpoint.port}/42`;
    await writeFile(path.join(folder, '.env'), `SENTRY_DSN=${dsn}\n`);
    hosted = await HostedEngine.start({ workspaceFolders: [folder], approvedDsns: 'all' });
    failure = (await hosted.engine.makeTest({ kind: 'test', failureKind: 'check', codeLocation: null })).id;
    assert.equal((await hosted.engine.send(failure, 'sentry', false)).outcome, 'queued');
    await until(() => isSent(), 'the receipt');
    const files = readdirSync(hosted.stateFolder, { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.db') && !name.endsWith('inbox.db'))) {
      const state = new DatabaseSync(path.join(hosted.stateFolder, file));
      assert.equal(state.prepare('delete from outbox').run().changes, 1);
      state.close();
    }
  });
  after(async () => {
    await hosted?.dispose();
    await endpoint?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const isSent = async (): Promise<boolean> => (await hosted.engine.preview(failure, 'sentry')).row.status === 'sent';
  const eventIds = (): unknown[] =>
    endpoint.received.map(({ body }) => JSON.parse(body.toString().split('\n')[0] ?? '').event_id);

  it('is sent again only when that is wanted, as another event', async () => {
    assert.equal((await hosted.engine.deliveries({ group: null, limit: 5, before: null })).total, 0);
    assert.ok(await isSent());
    assert.equal((await hosted.engine.send(failure, 'sentry', false)).outcome, 'sent-before');
    assert.equal(endpoint.received.length, 1);
    assert.equal((await hosted.engine.send(failure, 'sentry', true)).outcome, 'queued');
    await until(() => endpoint.received.length === 2, 'the second event');
    assert.equal(new Set(eventIds()).size, 2);
  });
});
