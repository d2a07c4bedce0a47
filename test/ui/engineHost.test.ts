import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import type { EngineSettings } from '../../src/engine/api.ts';
import { EngineHost, type EngineState } from '../../src/ui/engineHost.ts';
import { english } from '../../src/ui/l10n.ts';
import { tempFolder } from '../store/samples.ts';

const settings: EngineSettings = {
  dagsterHome: '/srv/one',
  webserverUrl: 'http://127.0.0.1:3000',
  workspaceFolders: [],
  confirmedHomes: [],
  deliveryMode: 'hold',
  skipRetried: false,
  environment: null,
  oemPattern: '^ai_(.+)$',
  tickInterval: 60,
  peekInterval: 250,
  inboxPort: 8969,
  approvedDsns: [],
  proxy: NO_PROXY_SET,
};

describe('the engine’s host', function () {
  this.timeout(20_000);
  const open: EngineHost[] = [];
  const state = tempFolder();
  after(() => state.remove());

  function start(
    environment: Record<string, string> = {},
    workerFile = path.join(import.meta.dirname, 'fixtureEngine.ts'),
    texts?: Record<string, string>,
  ) {
    const states: EngineState[] = [];
    const logs: string[] = [];
    const given = { current: settings };
    const host = new EngineHost({
      workerFile,
      workerData: { stateFolder: state.path, version: '0', env: environment, texts },
      settings: () => given.current,
      onState: (state) => states.push(state),
      l10n: english,
      firstPause: 40,
      host: {
        secretDsn: async (location) => `dsn of ${location}`,
        authToken: async () => null,
        changed: () => {},
        notify: (message) => logs.push(`notice: ${message}`),
        log: (level, message) => logs.push(`${level}: ${message}`),
      },
    });
    open.push(host);
    const until = async (kind: EngineState['kind'], times = 1) => {
      for (const end = Date.now() + 10_000; Date.now() < end; await pause(10)) {
        if (states.filter((state) => state.kind === kind).length >= times) return;
      }
      assert.fail(`never ${kind} ${times} times: ${states.map((state) => state.kind)} ${logs.join('\n')}`);
    };
    return { host, states, logs, given, until };
  }

  afterEach(async () => {
    for (const host of open.splice(0)) await host.stop();
  });

  it('starts the engine with the first call, and hands it the settings before anything else', async () => {
    const { host, states } = start();
    assert.equal(host.state.kind, 'off');
    const answer = await host.call((engine) => engine.checkDsn('settings'));
    assert.deepEqual(JSON.parse(answer.ok ? '' : answer.message), settings);
    assert.deepEqual(
      states.map((state) => state.kind),
      ['starting', 'running'],
    );
  });

  it('hands the engine the texts of its language, also where a text has none', async () => {
    const real = path.join(import.meta.dirname, '..', '..', 'src', 'engine', 'worker.ts');
    const { host } = start({}, real, { 'The DSN is empty.': 'Die DSN ist leer.' });
    const said = async (text: string) => {
      const answer = await host.call((engine) => engine.checkDsn(text));
      return answer.ok ? '' : answer.message;
    };
    assert.equal(await said(''), 'Die DSN ist leer.');
    assert.equal(await said('"'), 'The DSN has quotation marks in it. Remove them.');
  });

  it('hands over changed settings', async () => {
    const { host, given } = start();
    host.start();
    given.current = { ...settings, dagsterHome: '/srv/two' };
    await host.configure();
    const answer = await host.call((engine) => engine.checkDsn('settings'));
    assert.match(answer.ok ? '' : answer.message, /srv\/two/);
  });

  it('answers what the engine asks, and gives it the environment it was given and no other', async () => {
    const { host } = start({ DAGSTER_HOME: '/srv/one' });
    const secret = await host.call((engine) => engine.checkDsn('secret'));
    assert.deepEqual(secret, { ok: false, message: 'dsn of ai_audi' });
    const env = await host.call((engine) => engine.checkDsn('env'));
    assert.deepEqual(JSON.parse(env.ok ? '' : env.message), { DAGSTER_HOME: '/srv/one' });
  });

  it('passes on the engine’s own words when a call cannot be carried out', async () => {
    const { host } = start();
    await assert.rejects(
      host.call((engine) => engine.dismiss([])),
      { message: 'There is no such failure.' },
    );
  });

  it('rejects what is pending when the engine ends, and starts it again with growing pauses', async () => {
    const { host, states, until, logs } = start();
    await assert.rejects(
      host.call((engine) => engine.clearInbox()),
      /engine stopped \(exit code 7\)\. It starts again in 1 s\./,
    );
    await assert.rejects(
      host.call((engine) => engine.checkDsn('settings')),
      /starts again/,
    );
    await until('running', 2);
    await assert.rejects(
      host.call((engine) => engine.searchInstance()),
      /lost my mind/,
    );
    await until('running', 3);
    const answer = await host.call((engine) => engine.checkDsn('settings'));
    assert.ok(!answer.ok);
    const crashes = states.flatMap((state) => (state.kind === 'crashed' ? [state] : []));
    assert.deepEqual(
      crashes.map(({ crashes: count }) => count),
      [1, 2],
    );
    assert.ok(
      logs.some((line) => /Starting again in 40 ms/.test(line)) &&
        logs.some((line) => /Starting again in 80 ms/.test(line)),
    );
  });

  it('starts at once when it is asked to, also in the pause after a crash', async () => {
    const { host, until } = start();
    await assert.rejects(host.call((engine) => engine.clearInbox()));
    host.restartNow();
    await host.call((engine) => engine.checkDsn('settings'));
    await until('running', 2);
  });

  it('treats an engine that refuses its settings as one that ended', async () => {
    const { host, until, logs } = start({ FIXTURE: 'refuse' });
    await assert.rejects(
      host.call((engine) => engine.checkDsn('settings')),
      /no such settings/,
    );
    await until('crashed');
    assert.ok(logs.some((line) => line.includes('no such settings')));
  });

  it('tells why the engine refused its settings, in its own words', async () => {
    const { host, until, states } = start({ FIXTURE: 'refuse' });
    host.start();
    await until('crashed');
    const crashed = states.find((state) => state.kind === 'crashed');
    assert.equal(crashed?.message, 'There are no such settings. Ask the baker');
    await assert.rejects(
      host.call((engine) => engine.checkDsn('settings')),
      /no such settings|Ask the baker/,
    );
  });

  it('starts the engine anew with its state on disk when it is asked to', async () => {
    const { host, logs, until, given } = start();
    await host.call((engine) => engine.checkDsn('settings'));
    given.current = { ...settings, inboxPort: 4711 };
    await host.restart();
    const answer = await host.call((engine) => engine.checkDsn('settings'));
    assert.match(answer.ok ? '' : answer.message, /4711/);
    await until('running', 2);
    assert.equal(logs.filter((line) => line === 'info: stopped with everything on disk').length, 1);
  });

  it('stops the engine with its state on disk, and starts nothing afterwards', async () => {
    const { host, logs } = start();
    await host.call((engine) => engine.checkDsn('settings'));
    await host.stop();
    assert.ok(logs.includes('info: stopped with everything on disk'));
    await assert.rejects(
      host.call((engine) => engine.checkDsn('settings')),
      /closing/,
    );
    assert.equal(host.state.kind, 'off');
  });

  it('ends an engine that does not stop by itself', async () => {
    const { host } = start({ FIXTURE: 'hang' });
    await host.call((engine) => engine.checkDsn('settings'));
    const begin = Date.now();
    await host.stop();
    assert.ok(Date.now() - begin < 6000);
  });
});
