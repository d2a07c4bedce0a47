import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { exec } from '../../scripts/exec.ts';
import { root } from '../../scripts/paths.ts';

/** A repository of its own with our start.mjs, our packages, and a given task in the place of the demo. */
async function repository(task: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-start-'));
  await mkdir(path.join(folder, 'scripts'));
  for (const name of ['start.mjs', 'cliFlags.mjs', 'lock.mjs', 'npm.mjs', 'parent-guard.mjs']) {
    await cp(path.join(root, 'scripts', name), path.join(folder, 'scripts', name));
  }
  for (const name of ['package.json', 'package-lock.json']) await cp(path.join(root, name), path.join(folder, name));
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  await writeFile(path.join(folder, 'scripts', 'demo.ts'), task);
  return folder;
}

const start = (folder: string, ...args: string[]) => [path.join(folder, 'scripts', 'start.mjs'), ...args];

async function running(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return state !== undefined && !state.includes(') Z ');
}

async function until(what: () => Promise<boolean>, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !(await what()); await pause(50)) assert.ok(Date.now() < end, 'in time');
}

describe('scripts/start.mjs', function () {
  this.timeout(20_000);
  let folder: string;

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('runs TypeScript on Node 24 with the arguments, keeps standard output clean and passes the exit code on', async () => {
    folder = await repository(`
      const words: string[] = process.argv.slice(2);
      console.log(JSON.stringify([process.version.split('.')[0], ...words]));
      process.exitCode = 7;`);
    const ran = await exec(process.execPath, start(folder, 'demo', 'preview', '--home', 'a b'));
    assert.deepEqual([ran.stdout, ran.stderr, ran.code], ['["v24","preview","--home","a b"]\n', '', 7]);
  });

  it('names the tasks when it does not know one, and exits with 2', async () => {
    folder = await repository('');
    const ran = await exec(process.execPath, start(folder, 'toString'));
    assert.equal(ran.code, 2);
    assert.match(ran.stderr, /^firedrill: unknown task "toString". One of: audit, bench, build, cli, demo, .*\n$/);
  });

  it('says in one line what to install when npm is missing', async () => {
    folder = await repository('');
    await rm(path.join(folder, 'node_modules')); // the link alone
    const env = { PATH: '/nowhere' };
    const ran = await exec(process.execPath, start(folder, 'demo'), { env });
    assert.equal(ran.code, 1);
    assert.match(ran.stderr.trim().split('\n').at(-1) ?? '', /^firedrill: npm is missing\. Install Node 20 or later/);
  });

  describe('with a task that waits', () => {
    const waits = `
      process.on('SIGINT', () => { console.log('interrupted'); process.exit(5); });
      process.on('SIGTERM', () => { console.log('asked to end'); process.exit(6); });
      console.log(process.pid);
      setInterval(() => {}, 1000);`;

    async function begin(): Promise<{ child: ChildProcess; task: number; said: () => string }> {
      folder = await repository(waits);
      const child = spawn(process.execPath, start(folder, 'demo'), { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.on('data', (chunk) => {
        said += chunk;
      });
      await once(child.stdout, 'data');
      return { child, task: Number(said), said: () => said };
    }

    for (const [signal, word, code] of [
      ['SIGINT', 'interrupted', 5],
      ['SIGTERM', 'asked to end', 6],
    ] as const) {
      it(`passes ${signal} on and leaves with the task's exit code`, async () => {
        const { child, task, said } = await begin();
        child.kill(signal);
        assert.deepEqual(await once(child, 'close'), [code, null]);
        assert.match(said(), new RegExp(word));
        assert.equal(await running(task), false);
      });
    }

    it('leaves no task running when it is killed', async () => {
      const { child, task, said } = await begin();
      child.kill('SIGKILL');
      await until(async () => !(await running(task)));
      await until(async () => said().includes('asked to end'));
    });

    it('ends the task within 2 s when npm alone is terminated', async () => {
      folder = await repository(waits);
      const npm = spawn('npm', ['run', '--silent', 'demo'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      npm.stdout.on('data', (chunk) => {
        said += chunk;
      });
      await once(npm.stdout, 'data');
      const task = Number(said);
      try {
        npm.kill('SIGTERM');
        await until(async () => !(await running(task)), 2000);
        await until(async () => said.includes('asked to end'));
      } finally {
        if (await running(task)) process.kill(task, 'SIGKILL');
      }
    });
  });
});

describe('a lock between processes', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-lock-'));
  });

  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it('lets one at a time work', async () => {
    const script = `
      import { withLock } from ${JSON.stringify(path.join(root, 'scripts', 'lock.mjs'))};
      import { appendFileSync } from 'node:fs';
      await withLock('lock', async () => {
        appendFileSync('log', 'in '); await new Promise((r) => setTimeout(r, 100)); appendFileSync('log', 'out ');
      });`;
    const ran = await Promise.all(
      [1, 2, 3, 4].map(() => exec(process.execPath, ['--input-type=module', '--eval', script], { cwd: folder })),
    );
    assert.deepEqual(
      ran.map(({ code }) => code),
      [0, 0, 0, 0],
    );
    assert.equal(await readFile(path.join(folder, 'log'), 'utf8'), 'in out '.repeat(4));
    assert.equal(existsSync(path.join(folder, 'lock')), false);
  });

  it('is taken over from an owner that is gone', async () => {
    const { withLock } = await import('../../scripts/lock.mjs');
    const file = path.join(folder, 'lock');
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(gone, 'exit');
    await writeFile(file, String(gone.pid));
    assert.equal(await withLock(file, async () => 'mine'), 'mine');
    await writeFile(file, ''); // one that ended while taking it
    await utimes(file, new Date(0), new Date(0));
    assert.equal(await withLock(file, async () => 'mine again'), 'mine again');
  });
});
