import assert from 'node:assert/strict';
import { EventLogError } from '../../src/dagster/eventLog.ts';
import type { DagsterInstance, Discovery } from '../../src/dagster/instance.ts';
import { InstanceFollower, instanceName } from '../../src/engine/instanceFollower.ts';
import { instanceId } from '../../src/failure/ids.ts';
import { MemoryLog } from '../sensors/memoryLog.ts';

const instance = (home: string, id = home): DagsterInstance => ({
  id: instanceId(id),
  madeAt: '',
  home,
  foundBy: 'webserver',
  storage: { kind: 'sqlite', layout: 'sharded', eventLog: '', runs: '', schedules: null },
  webserverUrl: null,
  runRetries: false,
  warnings: [],
});

describe('following an instance', () => {
  let found: Discovery;
  let log: MemoryLog;
  let events: string[];
  let follower: InstanceFollower;
  const webserver = () => (follower.status.state === 'following' ? follower.status.webserverUrl : undefined);

  beforeEach(() => {
    found = { state: 'none', looked: ['here'] };
    events = [];
    follower = new InstanceFollower({
      discover: async () => found,
      open: async () => (log = new MemoryLog()),
      attach: async ({ home }) => {
        events.push(`attach ${home}`);
        return 42;
      },
      detach: async () => void events.push('detach'),
      refreshed: async () => void events.push(`refreshed with ${webserver()} told`),
      onStatus: () => undefined,
      warn: (message) => void events.push(message),
    });
  });
  afterEach(() => follower.stop());

  it('says where it looked when there is none', async () => {
    assert.equal(follower.status.state, 'searching');
    await follower.search();
    assert.deepEqual(follower.status, { state: 'none', looked: ['here'] });
  });

  it('follows what it finds, once', async () => {
    found = { state: 'found', instance: instance('/acme/.dagster_home') };
    await follower.search();
    await follower.search();
    assert.deepEqual(events, ['attach /acme/.dagster_home', 'refreshed with null told']);
    assert.ok(follower.status.state === 'following');
    assert.equal(follower.status.name, 'acme');
    assert.equal(follower.status.since, 42);
  });

  it('tells of a webserver once that was asked for what it knows', async () => {
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    found = { state: 'found', instance: { ...instance('/a'), webserverUrl: 'http://127.0.0.1:3000' } };
    await follower.search();
    assert.deepEqual(events, ['attach /a', 'refreshed with null told']);
    assert.equal(webserver(), 'http://127.0.0.1:3000');
  });

  it('attaches once, however many looks are asked for at a time', async () => {
    found = { state: 'found', instance: instance('/a') };
    await Promise.all([follower.search(), follower.search(), follower.onFault(new Error('x')), follower.search()]);
    await follower.search();
    assert.deepEqual(
      events.filter((event) => event.startsWith('attach')),
      ['attach /a'],
    );
  });

  it('reads an instance that may be somebody else’s only after it was confirmed', async () => {
    found = { state: 'unconfirmed', home: '/other', foundBy: 'webserver', webserverUrl: 'http://127.0.0.1:3000' };
    await follower.search();
    assert.equal(follower.status.state, 'unconfirmed');
    assert.deepEqual(events, []);
    found = { state: 'found', instance: instance('/other') };
    await follower.search();
    assert.equal(follower.status.state, 'following');
  });

  it('changes to another instance, and lets go of the first', async () => {
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    const first = log;
    found = { state: 'found', instance: instance('/b') };
    await follower.search();
    assert.deepEqual(events, ['attach /a', 'detach', 'attach /b']);
    assert.ok(first.closed);
  });

  it('loses an instance that is gone, tells why, and finds it again', async () => {
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    found = { state: 'none', looked: [] };
    await follower.onFault(new EventLogError('gone', 'the folder is gone'));
    assert.ok(follower.status.state === 'lost');
    assert.equal(follower.status.message, 'the folder is gone');
    assert.ok(log.closed);
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    assert.equal(follower.status.state, 'following');
    assert.deepEqual(events, ['attach /a', 'detach', 'attach /a']);
  });

  it('does not lose an instance whose log is locked or damaged for a while, but says so', async () => {
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    follower.onHindered(['locked, alas']);
    assert.ok(follower.status.state === 'following');
    assert.deepEqual(follower.status.warnings, ['locked, alas']);
    await follower.search();
    assert.deepEqual(follower.status.warnings, ['locked, alas'], 'a later look found the same instance');
    follower.onHindered([]);
    assert.deepEqual(follower.status.warnings, []);
  });

  it('loses it, too, when a look finds first that it cannot be read', async () => {
    found = { state: 'found', instance: instance('/a') };
    await follower.search();
    found = { state: 'unusable', home: '/a', foundBy: 'setting', message: 'the server is down' };
    await follower.search();
    assert.ok(follower.status.state === 'lost');
    assert.equal(follower.status.message, 'the server is down');
    assert.ok(log.closed);
  });

  it('tells what is wrong with a home that was named', async () => {
    found = { state: 'unusable', home: '/x', foundBy: 'setting', message: '/x is no Dagster home' };
    await follower.search();
    assert.deepEqual(follower.status, { state: 'unusable', home: '/x', message: '/x is no Dagster home' });
  });
});

describe('an instance’s short name', () => {
  for (const [home, name] of [
    ['/srv/acme/dagster_home', 'acme'],
    ['/srv/acme/.dagster', 'acme'],
    ['/srv/acme/.tmp_dagster_home_x1', 'acme'],
    ['/srv/prod-copy', 'prod-copy'],
    ['/', '/'],
  ] as const) {
    it(`of ${home} is ${name}`, () => assert.equal(instanceName(home), name));
  }
});
