import { setTimeout as sleep } from 'node:timers/promises';
import type { ManifestEntry } from '../../test/dagster/manifest.ts';
import { Provoker } from '../../test/dagster/provoker.ts';
import { Problem } from '../say.ts';
import { writeManifest } from './keptManifest.ts';
import type { Leaving } from './leaving.ts';
import type { Stage } from './stage.ts';

/** Each of the specified checks, each way in which a run fails, and some that people ask about. */
export const demoCases: readonly string[] = [
  'check-discrepancies',
  'check-integrity',
  'check-unresolved-refs',
  'check-unresolved-refs-many',
  'run-exception',
  'run-resource',
  'run-resource-multiprocess',
  'run-executor',
  'run-worker-killed',
  'run-location-removed',
  'run-dies-at-import',
  'check-blocking',
  'check-other-location',
  'check-multi-dimensional',
  'check-every-metadata-type',
  'check-reported-rest',
  'run-several-steps',
  'run-will-retry',
  'run-cancelled',
  'check-passes-again',
];

/**
 * Makes the cases happen through Dagster's webserver, one after the other, and says what each left in the log. The
 * manifest is written after each, so that it tells what happened however the demo ends.
 */
export async function provokeAll(
  stage: Stage,
  options: { cases: readonly string[] | 'all'; pause: number; manifest: string },
  leaving: Leaving,
): Promise<ManifestEntry[]> {
  const provoker = await Provoker.start({ home: stage.home, workspace: stage.workspace, live: stage.dagster.url });
  leaving.add('The process that makes failures', () => provoker.stop());
  const cases = options.cases === 'all' ? provoker.cases : options.cases;
  const unknown = cases.find((name) => !provoker.cases.includes(name));
  if (unknown !== undefined) throw new Problem(`There is no case "${unknown}".`);

  console.log(`\nNow it fails, in ${cases.length} ways:`);
  const provoked: ManifestEntry[] = [];
  for (const [index, name] of cases.entries()) {
    if (index > 0) await sleep(options.pause * 1000, undefined, { signal: leaving.signal });
    leaving.signal.throwIfAborted();
    const entries = await provoker.provoke(name);
    provoked.push(...entries);
    await writeManifest(options.manifest, provoked);
    const rows = entries.map((entry) => `${entry.kind} failure, storage id ${entry.storage_id}`);
    const place = `${String(index + 1).padStart(String(cases.length).length)}/${cases.length}`;
    console.log(`${place} ${name}: ${provoker.describe(name)} (${rows.join('; ') || 'no failure'})`);
  }
  await provoker.stop();
  return provoked;
}
