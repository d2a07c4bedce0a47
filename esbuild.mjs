// Builds dist/: `node scripts/start.mjs build [--watch] [--release]`. A release is minified and has no source maps.

import { readdirSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { writeIcons } from './scripts/icons.mjs';

const root = import.meta.dirname;

/** The webviews: each folder of src/webview that has a main.ts. */
const pages = readdirSync(path.join(root, 'src', 'webview'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(path.join(entry.parentPath, entry.name)).includes('main.ts'))
  .map((entry) => entry.name);

/** CommonJS packages in an ES module need a `require` for Node's own modules. */
const requireBanner = {
  js: "import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);",
};

/** esbuild splits only ES modules; VS Code loads CommonJS from its first version on: each part is turned into that. */
const asCommonJs = {
  name: 'as-commonjs',
  setup(builder) {
    const { outdir: dist, minify, target, sourcemap } = builder.initialOptions;
    builder.onEnd(async ({ outputFiles = [] }) => {
      await mkdir(dist, { recursive: true });
      const parts = await Promise.all(
        outputFiles.map(async ({ path: file, text }) => {
          const options = { format: 'cjs', platform: 'node', target, minify, sourcemap, sourcefile: file };
          const { code } = await esbuild.transform(text, { ...options, supported: { 'dynamic-import': false } });
          await writeFile(file, code);
          return path.basename(file);
        }),
      );
      for (const old of await readdir(dist)) {
        if (old.endsWith('.cjs') && !parts.includes(old)) await rm(path.join(dist, old)); // of an earlier build
      }
    });
  },
};

/**
 * axios brings a package for multipart forms, and that a list of all media types (a fifth of the worker's bundle), and
 * its ways of sending in a browser. Firedrill sends no form, and from Node only.
 */
const leanAxios = {
  name: 'lean-axios',
  setup(builder) {
    const empty = 'lean-axios';
    builder.onResolve({ filter: /^form-data$/ }, ({ path: name }) => ({ path: name, namespace: empty }));
    builder.onResolve({ filter: /^\.\/(xhr|fetch)\.js$/ }, ({ path: name, importer }) =>
      /axios[/\\]lib[/\\]adapters[/\\]/.test(importer) ? { path: name, namespace: empty } : undefined,
    );
    builder.onLoad({ filter: /^form-data$/, namespace: empty }, () => ({
      contents: 'export default class FormData {}',
    }));
    // What adapters.js takes where a way is not supported.
    builder.onLoad({ filter: /(xhr|fetch)\.js$/, namespace: empty }, () => ({
      contents: 'export default null; export const getFetch = () => null;',
    }));
  },
};

/** The packages for proxies and redirects trace what they do, addresses and all, where the environment asks: not here. */
const noTraces = {
  name: 'no-traces',
  setup(builder) {
    builder.onResolve({ filter: /^debug$/ }, ({ path: name }) => ({ path: name, namespace: 'no-traces' }));
    builder.onLoad({ filter: /^debug$/, namespace: 'no-traces' }, () => ({
      contents: 'module.exports = () => () => {};',
    }));
  },
};

/** What both bundles that hold the engine have in common. */
const engine = {
  format: 'esm',
  banner: requireBanner,
  plugins: [leanAxios, noTraces],
  // pg asks for these where they are installed, or in another runtime.
  external: ['pg-native', 'pg-cloudflare'],
  // Its ES modules, which esbuild can take apart: for Node it hands out CommonJS, all or nothing.
  alias: { yaml: path.join(root, 'node_modules', 'yaml', 'browser', 'dist', 'index.js') },
};

/** The command line, which is no part of the extension. */
export const cliBundle = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node24',
  entryPoints: ['src/cli.ts'],
  outfile: 'dist/cli.js',
  ...engine,
  sourcemap: 'linked',
  logLevel: 'warning',
};

/** The files that validate something at activation; see the test of what activation loads. */
const VALIDATING_AT_ACTIVATION = /src[/\\]ui[/\\](settings|failures[/\\]arrangement)\.ts$/;

/** What activation uses of valibot stands apart from the rest of it, which the parts loaded on demand use. */
const valibotApart = {
  name: 'valibot-apart',
  setup(builder) {
    builder.onResolve({ filter: /^valibot$/ }, async ({ importer, kind, resolveDir, pluginData }) => {
      if (pluginData === 'resolving' || !VALIDATING_AT_ACTIVATION.test(importer)) return undefined;
      const found = await builder.resolve('valibot', { kind, resolveDir, pluginData: 'resolving' });
      return { ...found, suffix: '?activation' };
    });
  },
};

const dist = path.join(root, 'dist');

/**
 * What esbuild makes in the folder `to`, by the name of its meta-<name>.json; `release` minifies and leaves out source
 * maps.
 */
export function bundles(release, to = dist) {
  const common = {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    minify: release,
    sourcemap: release ? false : 'linked',
    legalComments: 'none', // scripts/package.ts gathers the licences themselves
    logLevel: 'warning',
  };
  // The oldest supported VS Code runs Node 22.
  const node = { ...common, platform: 'node', target: 'node22' };
  return {
    // dist/extension.cjs, and beside it what it imports on demand.
    extension: {
      ...node,
      entryPoints: ['src/extension.ts'],
      outdir: to,
      outExtension: { '.js': '.cjs' },
      chunkNames: '[name].part-[hash]',
      format: 'esm',
      splitting: true,
      external: ['vscode'],
      sourcemap: release ? false : 'inline',
      write: false,
      plugins: [valibotApart, asCommonJs],
      // What the host uses of the engine's files speaks through VS Code.
      alias: { '@vscode/l10n': path.join(root, 'src', 'ui', 'hostL10n.ts') },
    },
    worker: {
      ...node,
      entryPoints: ['src/engine/worker.ts'],
      outfile: path.join(to, 'worker.js'),
      ...engine,
    },
    webview: {
      ...common,
      // dist/webview/<name>.js and <name>.css, and what two pages share; of more pages there would be more such parts.
      entryPoints: pages.flatMap((name) =>
        ['main.ts', 'style.css'].map((file) => ({ in: `src/webview/${name}/${file}`, out: name })),
      ),
      outdir: path.join(to, 'webview'),
      splitting: true,
      chunkNames: 'shared',
      format: 'esm',
      platform: 'browser',
      target: ['chrome128'],
      minify: true,
    },
  };
}

async function writeMeta(name, { metafile }, to) {
  await writeFile(path.join(to, `meta-${name}.json`), JSON.stringify(metafile));
}

/** Builds all of dist/ (or of `to`) once. Rejects with esbuild's messages when the source does not hold together. */
export async function build({ release = false, to = dist } = {}) {
  if (release) await rm(to, { recursive: true, force: true });
  await Promise.all(
    Object.entries(bundles(release, to)).map(async ([name, options]) =>
      writeMeta(name, await esbuild.build(options), to),
    ),
  );
  await writeIcons(path.join(to, 'webview'), root);
}

/** Builds again whenever a source changes, until interrupted. What it prints is what .vscode/tasks.json waits for. */
async function watch() {
  await build();
  let running = 0;
  const announce = {
    name: 'announce',
    setup(builder) {
      builder.onStart(() => {
        if (running++ === 0) console.log('build started');
      });
      builder.onEnd(() => {
        if (--running === 0) console.log('built all');
      });
    },
  };
  const contexts = Object.values(bundles(false)).map((options) => {
    const plugins = [...(options.plugins ?? []), announce];
    return esbuild.context({ ...options, plugins });
  });
  for (const context of await Promise.all(contexts)) await context.watch();
}

if (process.argv[1] && pathToFileURL(process.argv[1]).href === import.meta.url) {
  if (process.argv.includes('--watch')) await watch();
  else {
    await build({ release: process.argv.includes('--release') }).catch((error) => {
      if (!('errors' in error)) throw error;
      process.exitCode = 1; // esbuild has said what and where
    });
  }
}
