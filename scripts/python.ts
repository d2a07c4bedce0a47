import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exec } from './exec.ts';
import { root } from './paths.ts';
import { prepared } from './prepared.ts';
import { Problem } from './say.ts';

/** A Python environment with a Dagster in it. */
export interface PythonEnv {
  /** The environment's folder. */
  dir: string;
  /** Path of its Python. */
  python: string;
  /** Path of a program it holds, as `dagster` or `dagster-webserver`. */
  bin(name: string): string;
}

/** A Python on this machine. */
export interface Interpreter {
  command: string[];
  /** The second number of the version: 11 for 3.11. */
  minor: number;
}

/** The last patch of each minor release of Dagster that Firedrill reads, oldest first. */
export const dagsterVersions = ['1.8.13', '1.9.13', '1.10.21', '1.11.16', '1.12.22', '1.13.27'] as const;
export type DagsterVersion = (typeof dagsterVersions)[number];

/** The one that everything but the tests of the versions runs on. */
export const newestDagster = '1.13.27' satisfies DagsterVersion;

/** The newest Python (3.x) on which each can be installed. */
const newestPython: Readonly<Record<DagsterVersion, number>> = {
  '1.8.13': 12,
  '1.9.13': 12,
  '1.10.21': 12,
  '1.11.16': 13,
  '1.12.22': 13,
  '1.13.27': 13,
};

/**
 * The project's Python environment with the given Dagster, made on first use (some 20 s) in `.cache` from the exact
 * versions in test/dagster. A missing Python is a {@link Problem} that says what to install.
 */
export async function pythonEnv(version: DagsterVersion = newestDagster): Promise<PythonEnv> {
  const interpreter = await findPython(newestPython[version]);
  const packages = await lockedPackages(version);
  const hash = createHash('sha256')
    .update(packages)
    .update(`3.${interpreter.minor} ${root}`) // a venv holds its own path
    .digest('hex')
    .slice(0, 12);
  const what = `Python 3.${interpreter.minor} with Dagster ${version}`;
  const name = version === newestDagster ? `python-${hash}` : `python-${version}-${hash}`;
  const dir = await prepared(name, what, (folder) => installPackages(interpreter, packages, folder));
  return pythonIn(dir);
}

/**
 * The exact versions of all packages that go with a Dagster, as pip reads them: test/dagster/requirements.txt, where for
 * an older Dagster the packages that versions/<version>.txt names stand as that file has them.
 */
export async function lockedPackages(version: DagsterVersion): Promise<string> {
  const folder = path.join(root, 'test', 'dagster');
  const list = await readFile(path.join(folder, 'requirements.txt'), 'utf8');
  if (version === newestDagster) return list;
  const instead = await readFile(path.join(folder, 'versions', `${version}.txt`), 'utf8');
  const nameOf = (line: string) => /^[\w.-]+/.exec(line)?.[0];
  const replaced = new Set(instead.split('\n').map(nameOf));
  const kept = list.split('\n').filter((line) => !replaced.has(nameOf(line)));
  return [...kept, instead].join('\n');
}

/** The Python environment in a folder. */
export function pythonIn(dir: string): PythonEnv {
  const windows = process.platform === 'win32';
  const bin = (name: string) => path.join(dir, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);
  return { dir, python: bin('python'), bin };
}

/** Makes a Python environment in a folder, with the packages of a list in pip's form that leaves none out. */
export async function installPackages(
  { command, minor }: Interpreter,
  packages: string,
  folder: string,
): Promise<void> {
  const [program = 'python3', ...args] = command;
  const venv = await exec(program, [...args, '-m', 'venv', folder]);
  if (venv.code !== 0) {
    throw new Problem(
      `Python 3.${minor} cannot make a venv. Install its venv package (Debian: apt install python3-venv). ` +
        `It said: ${lastLine(venv.stdout + venv.stderr)}`,
    );
  }
  // Every dependency is in the list, so none is looked for; wheels only, so no compiler is needed. Modules are
  // compiled when they are first imported: most never are.
  const options = ['--no-deps', '--only-binary=:all:', '--no-compile', '--disable-pip-version-check', '--quiet'];
  const list = path.join(folder, 'requirements.txt');
  await writeFile(list, packages);
  const pip = await exec(pythonIn(folder).python, ['-m', 'pip', 'install', ...options, '-r', list]);
  if (pip.code !== 0) {
    throw new Problem(`pip could not install the packages of ${list}: ${lastLine(pip.stderr)}`);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The first Python from 3.`oldest` to 3.`newest` on this machine that can make a venv. */
export async function findPython(newest: number, oldest = 10): Promise<Interpreter> {
  const numbered = Array.from({ length: newest - oldest + 1 }, (_, i) => [`python3.${newest - i}`]);
  const candidates = [['python3'], ['python'], ...numbered, ['py', '-3']];
  const seen: string[] = [];
  let withoutVenv: number | undefined;
  for (const command of candidates) {
    const minor = await ask(command);
    if (minor === undefined) continue;
    seen.push(`3.${minor.version}`);
    if (minor.version < oldest || minor.version > newest) continue;
    if (minor.venv) return { command, minor: minor.version };
    withoutVenv = minor.version;
  }
  if (withoutVenv !== undefined) {
    throw new Problem(`Python 3.${withoutVenv} has no venv. Install it (Debian: apt install python3-venv).`);
  }
  const found = seen.length > 0 ? ` (found ${[...new Set(seen)].join(', ')})` : '';
  throw new Problem(
    `Python 3.${oldest} to 3.${newest} with venv is missing${found}. Install it: https://www.python.org/downloads`,
  );
}

const question = `import sys, importlib.util as u
print(sys.version_info[0], sys.version_info[1], int(all(u.find_spec(m) for m in ("venv", "ensurepip"))))`;

async function ask(command: string[]): Promise<{ version: number; venv: boolean } | undefined> {
  const [program = '', ...args] = command;
  const answer = await exec(program, [...args, '-c', question]).catch(() => undefined); // not on this machine
  const [major, minor, venv] = answer?.stdout.trim().split(' ').map(Number) ?? [];
  return answer?.code === 0 && major === 3 && minor !== undefined ? { version: minor, venv: venv === 1 } : undefined;
}
