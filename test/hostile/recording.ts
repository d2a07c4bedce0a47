import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { pythonEnvironment } from '../dagster/provoker.ts';

export type HostileCase = 'texts' | 'long' | 'keys' | 'deep' | 'run';

/** Lets Dagster record these failures of `hostile.py` in an instance. */
export async function recordHostile(home: string, ...cases: readonly HostileCase[]): Promise<void> {
  const { python } = await pythonEnv();
  const program = path.join(import.meta.dirname, 'hostile.py');
  const ran = await exec(python, [program, '--home', home, '--only', ...cases], { env: pythonEnvironment(home) });
  if (ran.code !== 0) throw new Error(`hostile.py ended with ${ran.code}:\n${ran.stderr.slice(-4000)}`);
}
