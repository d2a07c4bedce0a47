/** Builds all of dist/ once. Rejects with esbuild's messages when the source does not hold together. */
export function build(options?: { release?: boolean }): Promise<void>;
