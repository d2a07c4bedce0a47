import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { InstanceStatus } from '../../src/engine/api.ts';
import { WrittenHome } from '../dagster/reading/home.ts';
import { HostedEngine, until } from './hostedEngine.ts';

describe('a window that was stopped in the middle of a write', function () {
  this.timeout(30_000);
  const home = new WrittenHome();
  let hosted: HostedEngine;
  let other: ChildProcess;

  before(async () => {
    const name = '7c172362-4298-46e8-9900-5eb13a891adb';
    home.runs.prepare('insert into instance_info (run_storage_id) values (?)').run(name);
    const stateFolder = mkdtempSync(path.join(os.tmpdir(), 'firedrill-state-'));
    other = fork(path.join(import.meta.dirname, 'lockHolder.ts'), [stateFolder, name], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    assert.deepEqual(await once(other, 'message'), ['leads', undefined]);
    hosted = await HostedEngine.start({ dagsterHome: home.home }, { stateFolder });
  });
  after(async () => {
    other?.kill('SIGKILL');
    await hosted?.dispose();
    home.dispose();
  });

  const status = async (): Promise<InstanceStatus> => (await hosted.engine.overview()).instance;
  const warnings = async (): Promise<readonly string[]> => {
    const now = await status();
    return now.state === 'following' ? now.warnings : assert.fail(now.state);
  };

  it('is named to the others, who go on when it does', async () => {
    assert.deepEqual(await warnings(), []);
    other.send('stop');
    const [warning] = await until(async () => {
      const all = await warnings();
      return all.some((text) => text.includes('silent')) && all;
    }, 'what holds the state');
    assert.match(String(warning), /^The state file .+ is locked by another program; .+ wait/);
    assert.match(String(warning), new RegExp(`process ${other.pid} has been silent since .+: let it go on, or end it`));
    const told = hosted.logged.filter((line) => line.includes('silent')).length;
    assert.equal(told, 1, 'told once');
    home.evaluation('meanwhile', Date.now() / 1000);
    other.kill('SIGCONT');
    await once(other, 'exit');
    await until(async () => (await warnings()).length === 0, 'nothing to stand in the way');
    const { sensors } = await hosted.engine.overview();
    assert.ok(sensors.every(({ elsewhere }) => !elsewhere));
    assert.ok(await until(() => hosted.failures.find(({ runId }) => runId === 'meanwhile'), 'what came meanwhile'));
  });
});
