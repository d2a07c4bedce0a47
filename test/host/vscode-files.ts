import { createHash } from 'node:crypto';
import { cp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { npm } from '../../scripts/npm.mjs';
import { root } from '../../scripts/paths.ts';
import { prepared } from '../../scripts/prepared.ts';
import { Problem } from '../../scripts/say.ts';

const own = path.join(import.meta.dirname, 'vscode-server');
const source = path.join(root, 'node_modules', 'code-server', 'lib', 'vscode');

/** Built-in extensions that are large or reach out to the network, and that no test touches. */
const leftOut = /^(copilot|mermaid-markdown-features|microsoft-authentication|ms-vscode\..*)$/;

/** Modules of @vscode without a prebuilt binary. */
const standIns = ['spdlog', 'native-watchdog'];
const standIn = (name: string) => path.join('stand-ins', `${name}.cjs`);

/** Folders with prebuilt binaries of every platform: only this machine's is kept. */
const prebuilt = ['node-pty/prebuilds', '@vscode/ripgrep-universal/bin'];

/**
 * The VS Code server: code-server's copy of it, with the dependencies that it needs at run time (locked in
 * `vscode-server/`). Made on first use in `.cache/vscode-<hash>`. Returns the path of its `server-main.js`.
 */
export async function vscodeServer(): Promise<string> {
  const hash = createHash('sha256').update(
    await readFile(path.join(root, 'node_modules', 'code-server', 'package.json')),
  );
  for (const file of ['package-lock.json', ...standIns.map(standIn)]) hash.update(await readFile(path.join(own, file)));
  const folder = await prepared(`vscode-${hash.digest('hex').slice(0, 12)}`, 'the VS Code server', make);
  return path.join(folder, 'out', 'server-main.js');
}

async function make(folder: string): Promise<void> {
  await Promise.all([copyServer(folder), installDependencies(folder)]);
  // VS Code reads its version from its own manifest, npm has read ours: the copy comes last.
  await cp(path.join(source, 'package.json'), path.join(folder, 'package.json'));
  for (const name of standIns) {
    await cp(path.join(own, standIn(name)), path.join(folder, 'node_modules', '@vscode', name, 'index.js'));
  }
  await Promise.all(prebuilt.map((name) => keepThisPlatform(path.join(folder, 'node_modules', name))));
}

async function copyServer(folder: string): Promise<void> {
  const filter = (from: string) => !leftOut.test(path.relative(path.join(source, 'extensions'), from));
  await Promise.all(
    ['out', 'extensions', 'product.json', 'resources'].map((name) =>
      cp(path.join(source, name), path.join(folder, name), { recursive: true, filter }),
    ),
  );
}

async function installDependencies(folder: string): Promise<void> {
  for (const name of ['package.json', 'package-lock.json']) await cp(path.join(own, name), path.join(folder, name));
  const code = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], folder);
  if (code === undefined) throw new Problem('npm is missing. Install Node 20 or later together with npm.');
  if (code !== 0) throw new Problem(`npm ci for the VS Code server ended with ${code}; its words are above.`);
}

async function keepThisPlatform(folder: string): Promise<void> {
  const wanted = `${process.platform}-${process.arch}`;
  const names = await readdir(folder);
  if (!names.includes(wanted)) return;
  await Promise.all(
    names.filter((name) => name !== wanted).map((name) => rm(path.join(folder, name), { recursive: true })),
  );
}
