import { type Dirent, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { sqliteStorageIn } from './storageSections.ts';

/**
 * `dagster dev` without DAGSTER_HOME makes one where it was started: `.tmp_dagster_home_` and eight characters
 * (TMP_DAGSTER_HOME_PREFIX in dagster/_cli/utils.py), with Dagster 1.8 Python's own `tmp` and eight characters.
 */
const NAME = /^(\.tmp_dagster_home_.*|tmp[a-z0-9_]{8})$/;
/** Levels of folders below a workspace folder that are looked at: `projects/<location>`. */
const DEPTH = 2;
const SKIPPED = new Set(['node_modules', '__pycache__', 'venv', 'dist', 'build', 'target']);

/**
 * The temporary homes in these folders that hold an event log. First those that a Dagster uses at the moment (it keeps
 * a write-ahead log beside the event log), then the one that changed last: a killed `dagster dev` leaves its home.
 */
export function temporaryHomes(folders: readonly string[]): readonly string[] {
  const found = folders.flatMap((folder) => homesBelow(folder, DEPTH)).flatMap((home) => lastChange(home) ?? []);
  return found.sort((a, b) => Number(b.inUse) - Number(a.inUse) || b.changedAt - a.changedAt).map(({ home }) => home);
}

function homesBelow(folder: string, depth: number): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // a folder that cannot be listed holds no home for us
  }
  const homes: string[] = [];
  for (const entry of entries) {
    if (!entry.isDirectory()) continue;
    const inside = path.join(folder, entry.name);
    if (NAME.test(entry.name)) homes.push(inside);
    else if (depth > 0 && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) {
      homes.push(...homesBelow(inside, depth - 1));
    }
  }
  return homes;
}

function lastChange(home: string) {
  const { eventLog } = sqliteStorageIn(home);
  const log = statSync(eventLog, { throwIfNoEntry: false });
  if (!log) return null;
  const wal = statSync(`${eventLog}-wal`, { throwIfNoEntry: false });
  return { home, inUse: wal !== undefined, changedAt: Math.max(log.mtimeMs, wal?.mtimeMs ?? 0) };
}
