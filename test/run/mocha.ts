import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { runNode } from '../../scripts/child.ts';
import { root } from '../../scripts/paths.ts';
import { judge, type Outcome } from './outcome.ts';
import { readRows } from './rows.ts';

export interface MochaRun {
  files: string[];
  /** How long a test may take, in milliseconds, unless it says otherwise. */
  timeout: number;
  /** How long all may take, in milliseconds; 8 minutes when not given. */
  limit?: number;
  grep?: string | undefined;
  /** Node's executable; the one that runs this when not given. */
  node?: string;
  /** Throws the output away. */
  quiet?: boolean;
  /** Descriptor of the file that the output goes to; this process's own output when not given. */
  output?: number | undefined;
}

/** Runs test files with mocha in a process of their own and counts what came of it. */
export async function runMocha({
  files,
  timeout,
  limit = 480_000,
  grep,
  node,
  quiet = false,
  output,
}: MochaRun): Promise<Outcome> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'firedrill-mocha-'));
  const file = path.join(folder, 'rows.jsonl');
  try {
    const mocha = path.join(root, 'node_modules', 'mocha', 'bin', 'mocha.js');
    const args = [mocha, '--no-config', '--forbid-only', '--forbid-pending', '--exit', '--timeout', String(timeout)];
    args.push('--reporter', path.join(import.meta.dirname, 'reporter.ts'));
    if (grep !== undefined) args.push('--grep', grep);
    const end = await runNode([...args, ...files], {
      env: { FIREDRILL_ROWS: file },
      timeout: limit,
      quiet,
      output,
      ...(node === undefined ? {} : { node }),
    });
    return judge(await readRows(file), end, grep !== undefined);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
