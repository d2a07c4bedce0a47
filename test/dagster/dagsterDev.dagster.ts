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

/** Whether any process of a group lives. */
function groupLives(pid: number): boolean {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until nothing of it lives; a code server may need a moment. */
async function allGone(pid: number): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (groupLives(pid)) {
    assert.ok(Date.now() < deadline, 'some of its processes still live');
    await pause(100);
  }
}

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
    await allGone(dev.pid);
    assert.equal(await answers(dev.url), false);
  });

  it('leaves nothing behind when the process that started it is killed', async () => {
    const program = `
      import { DagsterDev } from ${JSON.stringify(path.join(import.meta.dirname, 'dagsterDev.ts'))};
      const dev = await DagsterDev.start({ home: ${JSON.stringify(instance.home)} });
      console.log(dev.pid, dev.url);
      setInterval(() => {}, 1000);`;
    const starter = spawn(process.execPath, ['--input-type=module-typescript', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const line = await createInterface({ input: starter.stdout })[Symbol.asyncIterator]().next();
    const [pid, url = ''] = String(line.value).split(' ');
    assert.equal(await answers(url), true);
    starter.kill('SIGKILL');
    await once(starter, 'exit');
    await allGone(Number(pid));
    assert.equal(await answers(url), false);
  });
});
