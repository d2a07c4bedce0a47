import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { pythonEnv } from '../../../scripts/python.ts';
import { Problem } from '../../../scripts/say.ts';
import { freePort } from '../../freePort.ts';
import { postgresFiles } from './packages.ts';

/** Awkward on purpose: every sign that a URL, a shell or YAML may take for its own. */
export const PASSWORD = 'hush:/p@ss word%20#?&"\'+';
const USER = 'dagster';

/** Whom the server runs as where the tests run as root: Postgres refuses to be root. See README.md. */
const NOBODY = { uid: 65_534, gid: 65_534 };
const asRoot = process.getuid?.() === 0;

/** A real Postgres on 127.0.0.1, with data of its own that go with it. It ends when this process does. */
export class PostgresForTests {
  readonly port: number;
  readonly #folder: string;
  readonly #child: ChildProcess;
  #databases = 0;

  private constructor(folder: string, child: ChildProcess, port: number) {
    this.#folder = folder;
    this.#child = child;
    this.port = port;
  }

  /** Resolves when it answers (some 2 s). */
  static async start(): Promise<PostgresForTests> {
    const [files, { python }] = await Promise.all([postgresFiles(), pythonEnv()]);
    if (asRoot) await mustBeReachable(files);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-postgres-'));
    const program = (name: string) => path.join(files, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
    const passwordFile = path.join(folder, 'password');
    await writeFile(passwordFile, PASSWORD);
    if (asRoot) for (const place of [folder, passwordFile]) await chown(place, NOBODY.uid, NOBODY.gid);
    const data = path.join(folder, 'data');
    const initdb = ['-D', data, '-U', USER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8'];
    await run(program('initdb'), [...initdb, '--locale=C', '--no-sync'], folder);
    const port = await freePort();
    const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', 'shared_buffers=16MB'];
    const guard = [path.join(import.meta.dirname, '..', 'guard.py'), ...(asRoot ? ['--user', String(NOBODY.uid)] : [])];
    const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn(python, [...guard, program('postgres'), ...args], {
      cwd: folder,
      // The guard's own group. Its input is never written to: when it closes, the guard takes the server down.
      detached: process.platform !== 'win32',
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
    const server = new PostgresForTests(folder, child, port);
    try {
      await server.#answers();
      return server;
    } catch (error) {
      await server.stop();
      throw new Error(`Postgres did not start; it said:\n${said}`, { cause: error });
    }
  }

  /** Makes an empty database, or a copy of another that nobody is connected to; answers its name. */
  async newDatabase(template = 'template0'): Promise<string> {
    this.#databases += 1;
    const name = `instance_${this.#databases}`;
    await this.admin(`create database ${name} template ${template}`);
    return name;
  }

  /** What `postgres_url` of dagster.yaml takes. `scheme`: SQLAlchemy takes another driver where none is named. */
  url(database: string, scheme = 'postgresql+psycopg2'): string {
    return `${scheme}://${USER}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${this.port}/${database}`;
  }

  /** Connected; the caller ends it. */
  async client(database = 'postgres'): Promise<Client> {
    const client = new Client({ host: '127.0.0.1', port: this.port, user: USER, password: PASSWORD, database });
    client.on('error', () => undefined); // the server was stopped
    await client.connect();
    return client;
  }

  /** Runs one statement as the server's owner. */
  async admin(sql: string, database?: string): Promise<readonly Record<string, unknown>[]> {
    const client = await this.client(database);
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Takes a file into the server's folder, readable for the server alone; answers its path. */
  async keepFile(name: string, content: string): Promise<string> {
    const file = path.join(this.#folder, name);
    await writeFile(file, content, { mode: 0o600 });
    if (asRoot) await chown(file, NOBODY.uid, NOBODY.gid);
    return file;
  }

  /** Halts the server and all who serve a connection: it takes new ones and answers nothing. Resolves to what undoes it. */
  async freeze(): Promise<() => void> {
    const sql = "select pid from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()";
    const pids = (await this.admin(sql)).map(({ pid }) => Number(pid));
    pids.push(await this.#postmaster());
    for (const pid of pids) process.kill(pid, 'SIGSTOP');
    return () => {
      for (const pid of pids) process.kill(pid, 'SIGCONT');
    };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      // At once, without writing what nobody will read; the guard ends with it.
      const pid = await this.#postmaster().catch(() => undefined); // it did not start
      if (pid !== undefined) process.kill(pid, 'SIGQUIT');
      this.#child.stdin?.destroy();
      await gone;
    }
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }

  async #postmaster(): Promise<number> {
    const [pid] = (await readFile(path.join(this.#folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    return Number(pid);
  }

  async #answers(): Promise<void> {
    const until = Date.now() + 20_000;
    for (;;) {
      try {
        return void (await this.admin('select 1'));
      } catch (error) {
        if (Date.now() > until || this.#child.exitCode !== null) throw error;
        await pause(25);
      }
    }
  }
}

async function run(program: string, args: string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { ...(asRoot ? NOBODY : {}), cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`${path.basename(program)} ended with ${code}: ${said}`);
}

/** The other user must be able to read the programs: a clone under /root is closed to it. */
async function mustBeReachable(folder: string): Promise<void> {
  for (let place = folder; ; place = path.dirname(place)) {
    if (((await stat(place)).mode & 0o001) === 0) {
      throw new Problem(
        `Postgres refuses to run as root, and the user nobody, whom it would run as, may not enter ${place}. Run the tests as another user, or from a clone elsewhere.`,
      );
    }
    if (place === path.dirname(place)) return;
  }
}
