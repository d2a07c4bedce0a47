// The command line, bundled first: run from its sources, `watch` would hold 50 MB more for as long as it runs.
import * as esbuild from 'esbuild';
import { cliBundle } from '../esbuild.mjs';

await esbuild.build(cliBundle);
await esbuild.stop();
await import('../dist/cli.js');
