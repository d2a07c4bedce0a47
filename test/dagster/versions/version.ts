import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { DagsterVersion } from '../../../scripts/python.ts';
import { assertSpecified, type PreviewLine, previewed } from '../../cli/previewed.ts';
import { fullHistory, versionHistory } from '../dagsterInstance.ts';
import { type ManifestEntry, readManifest } from '../manifest.ts';

/** Failures that every version makes. */
const AT_LEAST = 51;

const isBefore = (version: DagsterVersion, minor: number): boolean => Number(version.split('.')[1]) < minor;

/** The one failure that Dagster before 1.12 does not record as later ones do: without a step failure. */
const TOLD_OTHERWISE =
  'run-resource-multiprocess-before-1.12: Dagster run failure: ai_audi/__ASSET_JOB (DagsterSubprocessError)';

/** The tests of one version: a real instance that it wrote, read by `preview`. */
export function describeVersion(version: DagsterVersion): void {
  describe(`an instance written by Dagster ${version}`, function () {
    this.timeout(300_000);
    let home: string;
    let manifest: readonly ManifestEntry[];
    let lines: readonly PreviewLine[];

    before(async () => {
      home = await versionHistory(version);
      manifest = await readManifest(home);
      lines = await previewed(home);
    });

    it('is previewed as specified, failure by failure', () => {
      assert.ok(manifest.length >= AT_LEAST, `${manifest.length} failures`);
      assert.equal(lines.length, manifest.length);
      const byKey = new Map(lines.map((line) => [keyOfLine(line), line]));
      for (const entry of manifest) {
        const line = byKey.get(keyOf(entry));
        assert.ok(line, entry.case);
        assertSpecified(line, entry);
        assert.equal(line.storage_id, entry.storage_id, entry.case);
      }
    });

    it('renders the same events as the newest version’s, but for what every run has of its own', async () => {
      const newest = await fullHistory();
      const there = eventsByCase(await readManifest(newest), await previewed(newest));
      const others: string[] = [];
      for (const [name, event] of eventsByCase(manifest, lines)) {
        if (there.has(name)) assert.deepEqual(event, there.get(name), name);
        else others.push(name);
      }
      assert.deepEqual(others, isBefore(version, 12) ? [TOLD_OTHERWISE] : []);
    });

    it('keeps its evaluations where this version does', () => {
      const { logged, outside } = evaluationsIn(home);
      const [here, elsewhere] = isBefore(version, 12) ? [outside, logged] : [logged, outside]; // since 1.12.11
      assert.ok(here > 20 && elsewhere === 0, `${logged} in the log, ${outside} outside`);
    });
  });
}

const keyOf = ({ kind, run_id, expected }: ManifestEntry): string => `${kind} ${run_id ?? ''} ${expected.message}`;
const keyOfLine = ({ kind, event }: PreviewLine): string => `${kind} ${event.extra.run_id ?? ''} ${event.message}`;

/** The events by case; of each all fields but those that no two runs share. */
function eventsByCase(manifest: readonly ManifestEntry[], lines: readonly PreviewLine[]): Map<string, unknown> {
  const byKey = new Map(lines.map((line) => [keyOfLine(line), line]));
  const events = new Map<string, unknown>();
  for (const entry of manifest) {
    const line = byKey.get(keyOf(entry));
    assert.ok(line, entry.case);
    const { event_id: _, timestamp: __, extra, ...event } = line.event;
    // Words of Dagster's own, which change from version to version: as far as they are specified.
    const error = entry.expected.error_starts ?? extra.error;
    const name = `${entry.case}: ${line.event.message}`;
    events.set(name, {
      ...event,
      extra: { ...extra, ...(extra.run_id !== undefined && { run_id: 'its run' }), error },
    });
  }
  return events;
}

/** How many evaluations stand in the event log, and how many only in `asset_check_executions`. */
function evaluationsIn(home: string): { logged: number; outside: number } {
  const database = new DatabaseSync(path.join(home, 'history', 'runs', 'index.db'), { readOnly: true });
  const count = (sql: string) => Number(database.prepare(`select count(*) as n from ${sql}`).get()?.n);
  try {
    return {
      logged: count("event_logs where dagster_event_type = 'ASSET_CHECK_EVALUATION'"),
      outside: count(
        "asset_check_executions where evaluation_event_storage_id is null and execution_status in ('SUCCEEDED', 'FAILED')",
      ),
    };
  } finally {
    database.close();
  }
}
