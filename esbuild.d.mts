import type { BuildOptions } from 'esbuild';

/**
 * What esbuild makes in the folder `to` (dist/ when not given), by the name of its meta-<name>.json; `release` minifies
 * and leaves out source maps.
 */
export function bundles(release: boolean, to?: string): Record<'extension' | 'worker' | 'webview', BuildOptions>;

/** The command line, which is no part of the extension. */
export const cliBundle: BuildOptions;

/** Builds all of dist/ (or of `to`) once. Rejects with esbuild's messages when the source does not hold together. */
export function build(options?: { release?: boolean; to?: string }): Promise<void>;
