import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { exec } from '../../scripts/exec.ts';
import { copyParts } from '../../scripts/packing.ts';
import { root } from '../../scripts/paths.ts';
import { prepared } from '../../scripts/prepared.ts';
import { vscodeServer } from './vscode-files.ts';

/**
 * An extension as VS Code installs it: packed with vsce if a folder is given, then installed from that VSIX by VS Code
 * itself. Made once for the same content. Returns an extensions folder that holds this one.
 */
export async function installed(extension: string): Promise<string> {
  if (path.resolve(extension) !== root) return await install(extension);
  const folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'firedrill-extension-')), path.basename(root));
  try {
    await copyParts(folder);
    await cp(path.join(root, 'dist'), path.join(folder, 'dist'), { recursive: true });
    return await install(folder);
  } finally {
    await rm(path.dirname(folder), { recursive: true, force: true, maxRetries: 5 });
  }
}

async function install(extension: string): Promise<string> {
  const vsix = !(await stat(extension)).isDirectory();
  const hash = createHash('sha256');
  if (vsix) hash.update(await readFile(extension));
  else {
    const files = await listFiles({ cwd: extension, packageManager: PackageManager.None });
    for (const file of files.sort()) {
      hash.update(`\n${file}\n`).update(await readFile(path.join(extension, file)));
    }
  }
  const name = path.basename(path.resolve(extension), '.vsix');
  return prepared(`extension-${name}-${hash.digest('hex').slice(0, 12)}`, `the extension ${name}`, async (folder) => {
    const file = vsix ? path.resolve(extension) : path.join(folder, 'packed.vsix');
    if (!vsix) await pack(extension, file);
    const dirs = ['--extensions-dir', folder, '--user-data-dir', path.join(folder, '.install')];
    dirs.push('--server-data-dir', path.join(folder, '.install'));
    const ran = await exec(process.execPath, [await vscodeServer(), ...dirs, '--install-extension', file], {
      env: { ...process.env, EXTENSIONS_GALLERY: '{}' },
    });
    if (ran.code !== 0) throw new Error(`VS Code did not install ${file}: ${ran.stdout}${ran.stderr}`);
  });
}

/** Packs an extension folder as a VSIX, offline. */
export async function pack(folder: string, file: string): Promise<void> {
  const vsce = path.join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = [
    '--no-dependencies',
    '--allow-missing-repository',
    '--no-rewrite-relative-links',
    '--skip-license',
    '--out',
    file,
  ];
  const ran = await exec(process.execPath, [vsce, 'package', ...options], { cwd: folder });
  if (ran.code !== 0) throw new Error(`vsce did not pack ${folder}: ${ran.stdout}${ran.stderr}`);
}
