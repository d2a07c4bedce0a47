import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { exec } from '../../../scripts/exec.ts';
import { root } from '../../../scripts/paths.ts';
import { prepared } from '../../../scripts/prepared.ts';
import { findPython, installPackages, type PythonEnv, pythonIn } from '../../../scripts/python.ts';

const here = import.meta.dirname;

/** The Python with Bugsink in it, and an empty database beside it: made once (some 30 s). */
export async function bugsinkFiles(): Promise<{ readonly python: PythonEnv; readonly database: string }> {
  const interpreter = await findPython(13, 11);
  const packages = await readFile(path.join(here, 'requirements.txt'), 'utf8');
  const settings = await readFile(path.join(here, 'bugsink_conf.py'), 'utf8');
  const hash = createHash('sha256')
    .update(packages)
    .update(settings)
    .update(`3.${interpreter.minor} ${root}`)
    .digest('hex')
    .slice(0, 12);
  const make = async (folder: string): Promise<void> => {
    await installPackages(interpreter, packages, folder);
    for (const database of ['default', 'snappea']) {
      const args = ['migrate', '--verbosity', '0', '--database', database];
      const done = await exec(pythonIn(folder).bin('bugsink-manage'), args, { env: environment(folder) });
      if (done.code !== 0) throw new Error(`Bugsink made no database: ${done.stderr}`);
    }
  };
  const folder = await prepared(`bugsink-${hash}`, 'Bugsink', make);
  return { python: pythonIn(folder), database: folder };
}

const hello = v.object({ port: v.number(), project: v.string(), key: v.string(), token: v.string() });

/** A running Bugsink with one project. */
export interface Bugsink {
  readonly url: string;
  readonly dsn: string;
  readonly project: string;
  /** May read events. */
  readonly token: string;
  stop(): Promise<void>;
}

export async function startBugsink(): Promise<Bugsink> {
  const { python, database } = await bugsinkFiles();
  const folder = await mkdtemp(path.join(tmpdir(), 'firedrill-bugsink-'));
  for (const file of ['db.sqlite3', 'snappea.sqlite3']) await cp(path.join(database, file), path.join(folder, file));
  const child = spawn(python.python, [path.join(here, 'serve.py')], {
    env: environment(folder),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const gone = once(child, 'exit').then(() => Promise.reject(new Error(`Bugsink did not start: ${errors}`)));
  gone.catch(() => undefined);
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), gone]);
  const { port, project, key, token } = v.parse(hello, JSON.parse(String(line)));
  return {
    url: `http://127.0.0.1:${port}`,
    dsn: `http://${key}@127.0.0.1:${port}/${project}`,
    project,
    token,
    stop: async () => {
      child.stdin.end();
      await gone.catch(() => undefined);
      await rm(folder, { recursive: true });
    },
  };
}

const environment = (folder: string): NodeJS.ProcessEnv => ({
  ...process.env,
  PYTHONPATH: here,
  PYTHONDONTWRITEBYTECODE: '1',
  DJANGO_SETTINGS_MODULE: 'bugsink_conf',
  BUGSINK_FOLDER: folder,
});
