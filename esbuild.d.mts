import type { BuildOptions } from 'esbuild';

/** What esbuild makes, by the name of its dist/meta-<name>.json; `release` minifies and leaves out source maps. */
export function bundles(release: boolean): Record<'extension' | 'worker' | 'webview', BuildOptions>;

/** The command line, which is no part of the extension. */
export const cliBundle: BuildOptions;

/** Builds all of dist/ once. Rejects with esbuild's messages when the source does not hold together. */
export function build(options?: { release?: boolean }): Promise<void>;
