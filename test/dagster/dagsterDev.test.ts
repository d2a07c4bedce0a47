import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { DagsterDev } from './dagsterDev.ts';
import { DagsterInstance } from './dagsterInstance.ts';

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/server_info`).then(
    (response) => response.ok,
    () => false,
  );

describe('a running dagster dev', function () {
  this.timeout(120_000);
  let instance: DagsterInstance;

  beforeEach(async () => {
    instance = await DagsterInstance.empty();
  });
  afterEach(() => instance.dispose());

  it('runs the cases that are launched through its webserver, and stops whole', async () => {
    const dev = await DagsterDev.start({ home: instance.home });
    try {
      const provoker = await instance.serve(dev.url);
      const entries = await provoker.provoke('check-integrity', 'run-location-removed', 'check-reported-rest');
      assert.deepEqual(
        entries.map((entry) => [entry.case, entry.kind]),
        [
          ['check-integrity', 'check'],
          ['run-location-removed', 'run'],
          ['check-reported-rest', 'check'],
        ],
      );
    } finally {
      await dev.stop();
    }
    assert.equal(await answers(dev.url), false);
  });

  it('leaves nothing behind when the process that started it is killed', async () => {
    const program = `
      import { DagsterDev } from ${JSON.stringify(path.join(import.meta.dirname, 'dagsterDev.ts'))};
      const dev = await DagsterDev.start({ home: ${JSON.stringify(instance.home)} });
      console.log(dev.url);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await createInterface({ input: starter.stdout })[Symbol.asyncIterator]().next();
    const url = String(line.value);
    assert.equal(await answers(url), true);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    const deadline = Date.now() + 15_000;
    while (await answers(url)) {
      assert.ok(Date.now() < deadline, 'the webserver still answers');
      await pause(200);
    }
  });
});
