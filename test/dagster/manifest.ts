import { readFile } from 'node:fs/promises';
import * as v from 'valibot';

const expected = v.object({
  message: v.string(),
  level: v.picklist(['warning', 'error']),
  tags: v.record(v.string(), v.string()),
  /** Without `run_id` for an evaluation that was reported without a run; without `error` where only its start is known. */
  extra: v.record(v.string(), v.unknown()),
  /** How `extra.error` begins, where the rest is Dagster's own wording. */
  error_starts: v.optional(v.string()),
  will_retry: v.optional(v.boolean()),
});

const entry = v.object({
  case: v.string(),
  kind: v.picklist(['check', 'run']),
  /** Row in `event_logs` of index.db; null for an evaluation of an old Dagster, which has none there. */
  storage_id: v.nullable(v.number()),
  run_id: v.nullable(v.string()),
  expected,
});

export const manifestEntries = v.array(entry);

/** One failure that was provoked, and what the specification says must be sent for it (written by hand). */
export type ManifestEntry = v.InferOutput<typeof entry>;

/** The failures that were provoked in an instance, in the order in which they were provoked. */
export async function readManifest(home: string): Promise<ManifestEntry[]> {
  return v.parse(manifestEntries, JSON.parse(await readFile(`${home}/manifest.json`, 'utf8')));
}
