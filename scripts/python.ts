import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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

interface Interpreter {
  command: string[];
  /** The second number of the version: 11 for 3.11. */
  minor: number;
}

/** The exact-version lists in test/dagster, and the newest Python (3.x) each can be installed on. */
const lists = {
  '1.13.27': { file: 'requirements.txt', newest: 13 },
  '1.8.13': { file: 'requirements-1.8.13.txt', newest: 12 },
} as const;

export type DagsterVersion = keyof typeof lists;

const oldest = 10;

/**
 * The project's Python environment with the given Dagster, made on first use (some 20 s) in `.cache/python-<hash>`
 * from the exact versions in test/dagster. A missing Python is a {@link Problem} that says what to install.
 */
export async function pythonEnv(version: DagsterVersion = '1.13.27'): Promise<PythonEnv> {
  const { file, newest } = lists[version];
  const requirements = path.join(root, 'test', 'dagster', file);
  const interpreter = await findPython(newest);
  const hash = createHash('sha256')
    .update(await readFile(requirements))
    .update(`3.${interpreter.minor} ${root}`) // a venv holds its own path
    .digest('hex')
    .slice(0, 12);
  const what = `Python 3.${interpreter.minor} with Dagster ${version}`;
  const dir = await prepared(`python-${hash}`, what, (folder) => install(interpreter, requirements, folder));
  return environment(dir);
}

function environment(dir: string): PythonEnv {
  const windows = process.platform === 'win32';
  const bin = (name: string) => path.join(dir, windows ? 'Scripts' : 'bin', windows ? `${name}.exe` : name);
  return { dir, python: bin('python'), bin };
}

async function install({ command, minor }: Interpreter, requirements: string, folder: string): Promise<void> {
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
  const pip = await exec(environment(folder).python, ['-m', 'pip', 'install', ...options, '-r', requirements]);
  if (pip.code !== 0) {
    throw new Problem(`pip could not install ${path.relative(root, requirements)}: ${lastLine(pip.stderr)}`);
  }
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** The first Python from 3.10 to 3.`newest` on this machine that can make a venv. */
async function findPython(newest: number): Promise<Interpreter> {
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
