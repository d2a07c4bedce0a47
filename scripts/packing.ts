import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from '../esbuild.mjs';
import { exec } from './exec.ts';
import { notices } from './notices.ts';
import { root } from './paths.ts';
import { Problem } from './say.ts';

/** What the package is made of, beside dist/; `.vscodeignore` says what of it goes in. */
const PARTS = [
  'package.json',
  'package.nls.json',
  'l10n',
  'media',
  'README.md',
  'CHANGELOG.md',
  'SUPPORT.md',
  'LICENSE',
  '.vscodeignore',
];

/** Where vsce can rewrite the relative links of the README, which the marketplace needs. */
const REWRITABLE = /^https:\/\/(?:github|gitlab)\.com\//;

/**
 * Builds a release in a folder of its own and packs it with vsce; needs no network. Repository and support addresses
 * are those of the clone's remote `origin`, so that a fork names itself. A {@link Problem} with vsce's words when it
 * cannot be packed.
 */
export async function packRelease(
  file: string,
): Promise<{ readonly repository: string | null; readonly size: number }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-package-'));
  try {
    await copyParts(folder);
    const dist = path.join(folder, 'dist');
    await mkdir(dist);
    await build({ release: true, to: dist });
    await writeFile(path.join(dist, 'THIRD_PARTY_NOTICES.txt'), await notices(dist));

    const repository = repositoryOf(await originUrl());
    const manifestFile = path.join(folder, 'package.json');
    // The packages are in the bundles, and scripts are for who has the sources.
    const { scripts, dependencies, devDependencies, optionalDependencies, ...manifest } = JSON.parse(
      await readFile(manifestFile, 'utf8'),
    );
    await writeFile(manifestFile, JSON.stringify({ ...manifest, ...addresses(repository) }));

    const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
    const options = ['--no-dependencies', '--allow-missing-repository', '--out', file];
    if (repository === null || !REWRITABLE.test(repository)) options.push('--no-rewrite-relative-links');
    const ran = await exec(process.execPath, [vsce, 'package', ...options], { cwd: folder });
    if (ran.code !== 0) throw new Problem(`vsce did not pack the extension: ${ran.stdout}${ran.stderr}`);
    return { repository, size: (await stat(file)).size };
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Copies what the package is made of, beside dist/, into a folder: vsce reads all that lies around, caches included. */
export async function copyParts(folder: string): Promise<void> {
  for (const part of PARTS) await cp(path.join(root, part), path.join(folder, part), { recursive: true });
}

async function originUrl(): Promise<string> {
  const ran = await exec('git', ['config', '--get', 'remote.origin.url'], { cwd: root }).catch(() => null); // no git
  return ran?.code === 0 ? ran.stdout.trim() : '';
}

/** A remote's address as people open it in a browser, without credentials; null for one that is no web address. */
export function repositoryOf(remote: string): string | null {
  const scp = /^[\w.-]+@([\w.-]+):(?!\/)(.+)$/.exec(remote);
  const text = scp
    ? `https://${scp[1]}/${scp[2]}`
    : remote.replace(/^ssh:\/\/(?:[^@/]+@)?([^/:]+)(?::\d+)?\//, 'https://$1/');
  if (!URL.canParse(text)) return null;
  const { protocol, host, pathname } = new URL(text);
  return protocol === 'https:' ? `https://${host}${pathname.replace(/(?:\.git)?\/*$/, '')}` : null;
}

const addresses = (repository: string | null) =>
  repository === null
    ? {}
    : {
        repository: { type: 'git', url: `${repository}.git` },
        bugs: { url: `${repository}/issues` },
        homepage: `${repository}#readme`,
      };
