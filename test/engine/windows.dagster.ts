import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EngineSettings } from '../../src/engine/api.ts';
import type { Provoker } from '../dagster/provoker.ts';
import { makeProject, type Project } from '../endToEnd/project.ts';
import { Recorder } from '../endToEnd/recorder.ts';
import { HostedEngine, until } from './hostedEngine.ts';

const DISCREPANCIES = 'Dagster asset check failure: discrepancies on audi/2024/prices (WARN)';
const SENSOR = 'asset_check_sentry_sensor';

describe('two windows at one instance', function () {
  this.timeout(60_000);
  let project: Project;
  let provoker: Provoker;
  let recorder: Recorder;
  let one: HostedEngine;
  let two: HostedEngine;

  before(async () => {
    recorder = await Recorder.start();
    project = await makeProject({ ai_audi: recorder.dsn });
    provoker = await project.instance.serve();
    await provoker.provoke('check-integrity');
  });
  after(async () => {
    await project?.dispose();
    await recorder?.stop();
  });
  const open = (settings: Partial<EngineSettings> = {}, stateFolder?: string): Promise<HostedEngine> =>
    HostedEngine.start({ workspaceFolders: [project.folder], ...settings }, stateFolder ? { stateFolder } : {});
  beforeEach(async () => {
    one = await open();
    two = await open({}, one.stateFolder);
    recorder.requests.length = 0;
  });
  afterEach(async () => {
    await two.stop();
    await one.dispose();
  });

  const elsewhere = async ({ engine }: HostedEngine): Promise<boolean | undefined> =>
    (await engine.overview()).sensors[0]?.elsewhere;

  it('one detects, both show it at once and without reading everything anew', async () => {
    assert.deepEqual([await elsewhere(one), await elsewhere(two)], [false, true]);
    const reloads = await until(() => two.reloads, 'the first look at everything');
    await provoker.provoke('check-discrepancies');
    const [row, same] = await Promise.all([one.found(DISCREPANCIES), two.found(DISCREPANCIES)]);
    assert.deepEqual(same, row);
    const tick = await until(() => one.ticks.find(({ failuresFound }) => failuresFound > 0), 'the tick');
    await until(() => two.ticks.some(({ id }) => id === tick.id), 'the tick in the other window');
    assert.equal(one.ticks.filter(({ failuresFound }) => failuresFound > 0).length, 1, 'ticked once');
    assert.equal(two.reloads, reloads);

    await two.engine.dismiss([row.id]);
    await until(async () => (await one.engine.overview()).pending.check === 0, 'the dismissal in the first window');
    assert.equal((await one.engine.preview(row.id, 'default')).row.status, 'dismissed');
  });

  it('a delivery from one shows its receipt in the other', async () => {
    await two.configure({ approvedDsns: 'all' });
    await provoker.provoke('check-discrepancies');
    const row = await two.found(DISCREPANCIES);
    await two.engine.send(row.id, 'default', false);
    await until(() => one.deliveries.find(({ state }) => state.kind === 'accepted'), 'the receipt');
    assert.equal(recorder.requests.length, 1);
    assert.equal((await one.engine.preview(row.id, 'default')).row.status, 'sent');
  });

  it('a window that was not asked for its agreement delivers nothing that another one may', async () => {
    await one.configure({ approvedDsns: [], deliveryMode: 'hold' });
    await two.configure({ approvedDsns: 'all', deliveryMode: 'automatic' });
    await until(async () => !(await elsewhere(two)), 'the one that delivers to lead');
    await provoker.provoke('check-discrepancies');
    await recorder.atLeast(1);
    await until(() => one.deliveries.find(({ state }) => state.kind === 'accepted'), 'the receipt');
    assert.equal(recorder.requests.length, 1);
    const [delivery] = await one.engine.deliveries({ group: null, limit: 5, before: null }).then(({ rows }) => rows);
    assert.equal(delivery?.tries, 1);
  });

  it('a window that cannot resolve the DSN of a delivery never sends it, and says why it waits', async () => {
    const bare = await makeProject();
    try {
      await writeFile(path.join(bare.folder, '.env'), `DAGSTER_HOME='${project.instance.home}'\n`);
      await two.configure({ workspaceFolders: [bare.folder], approvedDsns: 'all' });
      await one.configure({ approvedDsns: 'all' });
      await provoker.provoke('check-discrepancies');
      const row = await one.found(DISCREPANCIES);
      const unreachable = recorder.dsn.replace(/127\.0\.0\.1:\d+/, '127.0.0.1:9'); // nobody listens there
      await writeFile(path.join(project.folder, 'projects', 'ai_audi', '.env'), `SENTRY_DSN=${unreachable}\n`);
      await one.configure({});
      await one.engine.send(row.id, 'sentry', false);
      await until(() => one.deliveries.find(({ state }) => state.kind === 'waiting' && state.reason), 'a first try');
      await one.stop();
      const waiting = await until(async () => {
        const { rows } = await two.engine.deliveries({ group: null, limit: 5, before: null });
        return rows.find(({ state }) => state.kind === 'waiting' && /No code location here/.test(state.reason ?? ''));
      }, 'the reason');
      const tries = waiting.tries;
      await until(async () => !(await elsewhere(two)), 'the second window to lead');
      await pause(3_000);
      const { rows } = await two.engine.deliveries({ group: null, limit: 5, before: null });
      assert.deepEqual([rows[0]?.tries, recorder.requests.length], [tries, 0]);
    } finally {
      await writeFile(path.join(project.folder, 'projects', 'ai_audi', '.env'), `SENTRY_DSN=${recorder.dsn}\n`);
      await bare.dispose();
    }
  });

  it('a tick that is wanted in the window that does not lead is made by the one that does', async () => {
    const tick = await two.engine.tickNow(SENSOR);
    assert.equal(tick.trigger, 'manual');
    await until(() => one.ticks.some(({ id }) => id === tick.id), 'the tick where it was made');
    assert.equal(await elsewhere(two), true);
  });

  it('when the one that leads is closed, the other takes over and finds what comes next', async () => {
    await one.stop();
    const closed = performance.now();
    await until(async () => !(await elsewhere(two)), 'the second window to lead');
    assert.ok(performance.now() - closed < 1_500);
    await provoker.provoke('check-discrepancies');
    await two.found(DISCREPANCIES);
  });
});
