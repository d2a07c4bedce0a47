import assert from 'node:assert/strict';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { exec } from '../../scripts/exec.ts';
import { root } from '../../scripts/paths.ts';

const folders = ['dagster', 'sensors', 'failure', 'channels', 'delivery', 'store', 'engine', 'ui', 'webview', 'cli'];

/** Which folders' files a file of a folder may import: with the data, or down to failure and store. */
const allowed: Record<string, string[]> = {
  failure: [],
  store: ['failure'],
  dagster: ['failure', 'store'],
  sensors: ['failure', 'store', 'dagster'],
  channels: ['failure', 'store', 'dagster', 'sensors'],
  delivery: ['failure', 'store', 'dagster', 'sensors', 'channels'],
  engine: ['failure', 'store', 'dagster', 'sensors', 'channels', 'delivery'],
  cli: ['failure', 'store', 'dagster', 'sensors', 'channels', 'delivery', 'engine'],
  ui: ['failure', 'store', 'dagster', 'sensors', 'channels', 'delivery', 'engine'],
  webview: ['failure'],
};

/** Single files beside the rule of their folder: the contracts. */
const contracts: [from: string, to: string][] = [
  ['store', 'dagster/eventLog.ts'],
  ['store', 'sensors/tick.ts'],
  ['store', 'channels/request.ts'],
  ['store', 'delivery/delivery.ts'],
  ['webview', 'engine/api.ts'],
  ['webview', 'sensors/tick.ts'],
  ['ui', 'webview/protocol.ts'],
];

const Report = v.object({
  diagnostics: v.array(v.object({ category: v.string(), location: v.object({ path: v.string() }) })),
});

/** Runs the project's Biome with the project's rules on the given files; returns those with a forbidden import. */
async function rejected(files: Record<string, string>): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-imports-'));
  try {
    for (const name of ['biome.json', '.gitignore']) await cp(path.join(root, name), path.join(folder, name));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const args = [biome, 'lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout } = await exec(process.execPath, args, { cwd: folder });
    const { diagnostics } = v.parse(Report, JSON.parse(stdout));
    return diagnostics
      .filter(({ category }) => category === 'lint/style/noRestrictedImports')
      .map(({ location }) => location.path.replaceAll('\\', '/').replace(/^\.\//, ''))
      .sort();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the lint rule for import directions', function () {
  this.timeout(20_000);

  it('accepts each allowed direction and rejects every other', async () => {
    const files: Record<string, string> = {};
    const wrong: string[] = [];
    for (const from of folders) {
      for (const to of folders) {
        if (from === to) continue;
        const file = `src/${from}/to-${to}.ts`;
        files[file] = `import { x } from '../${to}/x.ts';\nconsole.log(x);\n`;
        if (!allowed[from]?.includes(to)) wrong.push(file);
      }
    }
    assert.deepEqual(await rejected(files), wrong.sort());
  });

  it('accepts the contracts, but not from their neighbours', async () => {
    const files = Object.fromEntries(
      contracts.map(([from, to]) => [`src/${from}/${to.replaceAll(/\W/g, '-')}.ts`, `import '../${to}';\n`]),
    );
    files['src/engine/x.ts'] = `import '../webview/protocol.ts';\n`;
    files['src/dagster/x.ts'] = `import '../sensors/tick.ts';\n`;
    assert.deepEqual(await rejected(files), ['src/dagster/x.ts', 'src/engine/x.ts']);
  });

  it('sees every form of import, from every depth', async () => {
    const files = {
      'src/channels/sentry/deep.ts': `import { x } from '../../engine/engine.ts';\nconsole.log(x);\n`,
      'src/sensors/dynamic.ts': `export const x = await import('../engine/engine.ts');\n`,
      'src/sensors/export.ts': `export { x } from '../engine/engine.ts';\n`,
      'src/sensors/type.ts': `import type { X } from '../engine/engine.ts';\nexport const x: X = 1;\n`,
      'src/sensors/side.ts': `import '../ui/text.ts';\n`,
      'src/webview/ticks/deep.ts': `import '../../ui/text.ts';\n`,
    };
    assert.deepEqual(await rejected(files), Object.keys(files).sort());
  });

  it('keeps vscode to src/ui and src/extension.ts, and Node out of the webviews', async () => {
    const speak = `import * as vscode from 'vscode';\nconsole.log(vscode);\n`;
    const files = Object.fromEntries(folders.map((folder) => [`src/${folder}/speaks.ts`, speak]));
    Object.assign(files, { 'src/extension.ts': speak, 'src/cli.ts': speak });
    files['src/webview/preview/node.ts'] = `import 'node:fs';\n`;
    const wrong = Object.keys(files).filter((file) => file !== 'src/ui/speaks.ts' && file !== 'src/extension.ts');
    assert.deepEqual(await rejected(files), wrong.sort());
  });
});
