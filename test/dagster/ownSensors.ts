import path from 'node:path';
import { exec } from '../../scripts/exec.ts';
import { pythonEnv } from '../../scripts/python.ts';
import { pythonEnvironment } from './provoker.ts';

/** Lets Dagster's sensor daemon tick a project's own sensors in this home, so many times each (some 5 s). */
export async function tickOwnSensors(
  home: string,
  rounds: number,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { python } = await pythonEnv();
  const program = path.join(import.meta.dirname, 'own_sensors.py');
  const ran = await exec(python, [program, '--home', home, '--rounds', String(rounds)], {
    env: { ...pythonEnvironment(home), ...env },
  });
  if (ran.code !== 0) throw new Error(`own_sensors.py ended with ${ran.code}:\n${ran.stderr.slice(-4000)}`);
}
