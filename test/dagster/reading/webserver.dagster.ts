import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type DagsterVersion, pythonEnv } from '../../../scripts/python.ts';
import { discover } from '../../../src/dagster/discovery.ts';
import { Webserver } from '../../../src/dagster/webserver.ts';
import { freePort } from '../../freePort.ts';
import { DagsterDev } from '../dagsterDev.ts';
import { DagsterInstance } from '../dagsterInstance.ts';
import { pythonEnvironment, workspace } from '../provoker.ts';
import { newFolder, removeFolder } from './home.ts';

describe('a real Dagster webserver', () => {
  it('tells the instance, its code locations, its sensors and who defines an asset', async () => {
    const instance = await DagsterInstance.withHistory();
    const dev = await DagsterDev.start({ home: instance.home });
    try {
      const webserver = new Webserver(dev.url, { timeout: 20_000 });
      assert.deepEqual(await webserver.storage(), {
        outcome: 'answered',
        value: { version: '1.13.27', home: instance.home },
      });
      const found = await webserver.workspace([workspace]);
      assert.ok(found.outcome === 'answered', JSON.stringify(found));
      assert.deepEqual(found.value.codeLocations, [
        { name: 'ai_audi', workingDirectory: path.join(workspace, 'projects', 'ai_audi') },
        { name: 'ai_bmw', workingDirectory: path.join(workspace, 'projects', 'ai_bmw') },
      ]);
      const sensors = found.value.sensors.map(({ name, codeLocation }) => `${codeLocation} ${name}`);
      assert.ok(sensors.includes('ai_bmw asset_check_sentry_sensor'), sensors.join());
      assert.equal(await webserver.codeLocationOf(['bmw', '2025', 'prices']), 'ai_bmw');
      assert.equal(await webserver.codeLocationOf(['nobody', 'knows']), null);
      assert.equal((await fetch(webserver.runUrl('x'))).status, 200);

      const seen = await discover({
        settingHome: null,
        webserverUrl: dev.url,
        workspaceFolders: [path.dirname(instance.home)],
        env: {},
        webserverTimeout: 20_000,
      });
      assert.ok(seen.state === 'found', JSON.stringify(seen));
      assert.deepEqual(
        [seen.instance.foundBy, seen.instance.home, seen.instance.webserverUrl, seen.instance.runRetries],
        ['webserver', instance.home, dev.url, true],
      );
    } finally {
      await dev.stop();
      await instance.dispose();
    }
  });

  for (const version of ['1.13.27', '1.8.13'] satisfies DagsterVersion[]) {
    it(`${version} without DAGSTER_HOME is found by its temporary home, and by itself`, async () => {
      const project = path.join(newFolder(), 'project');
      mkdirSync(project);
      writeFileSync(
        path.join(project, 'defs.py'),
        'import dagster as dg\n\n@dg.asset\ndef prices(): ...\n\ndefs = dg.Definitions([prices])\n',
      );
      const { bin } = await pythonEnv(version);
      const port = await freePort();
      const { DAGSTER_HOME: _, ...env } = pythonEnvironment('');
      const child = spawn(bin('dagster-webserver'), ['-h', '127.0.0.1', '-p', String(port), '-f', 'defs.py'], {
        cwd: project,
        env,
        stdio: 'ignore',
      });
      const gone = once(child, 'exit');
      const input = { settingHome: null, webserverUrl: null, workspaceFolders: [path.dirname(project)], env: {} };
      try {
        const webserverUrl = `http://127.0.0.1:${port}`;
        const webserver = new Webserver(webserverUrl);
        for (let i = 0; (await webserver.storage()).outcome !== 'answered'; i += 1) {
          assert.ok(i < 300 && child.exitCode === null, 'the webserver does not start');
          await delay(200);
        }
        const served = await discover({ ...input, webserverUrl });
        assert.ok(served.state === 'found', JSON.stringify(served));
        assert.equal(served.instance.foundBy, 'webserver');
        assert.match(path.basename(served.instance.home), /^(\.tmp_dagster_home_|tmp)/);
        const alone = await discover(input);
        assert.ok(alone.state === 'found', JSON.stringify(alone));
        assert.deepEqual([alone.instance.foundBy, alone.instance.home], ['temporary-home', served.instance.home]);
        assert.equal(await webserver.codeLocationOf(['prices']), 'defs.py');
        const found = await webserver.workspace([project]);
        assert.ok(found.outcome === 'answered', JSON.stringify(found));
        assert.deepEqual(found.value, { codeLocations: [{ name: 'defs.py', workingDirectory: project }], sensors: [] });
      } finally {
        child.kill('SIGINT');
        await gone;
      }
      assert.deepEqual(
        readdirSync(project).filter((name) => name.startsWith('.tmp')),
        [],
      );
      assert.equal((await discover(input)).state, 'none');
      removeFolder(path.dirname(project));
    });
  }
});
