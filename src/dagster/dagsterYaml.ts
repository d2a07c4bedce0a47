import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { parse as parseYaml } from 'yaml';
import type { SqliteStorage } from './instance.ts';

/** What an instance's dagster.yaml says, as far as Firedrill needs it. */
export type InstanceConfig =
  | { readonly kind: 'sqlite'; readonly storage: SqliteStorage; readonly runRetries: boolean }
  /** `message` says what the storage is, and what to do. */
  | { readonly kind: 'unusable'; readonly message: string };

export interface ConfigContext {
  /** The variables that `{env: NAME}` names. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a relative folder is looked for: Dagster takes it from wherever it was started. */
  readonly folders: readonly string[];
  /** The user's home, for `~`. */
  readonly userHome: string;
}

const FILE = 'dagster.yaml';

/** Text, or `{env: NAME}`: Dagster's StringSource. */
const Source = v.union([v.string(), v.object({ env: v.string() })]);
type Source = v.InferOutput<typeof Source>;

/** A configurable class, as of the storages' older sections. */
const Section = v.object({
  class: v.optional(v.string()),
  config: v.optional(v.nullable(v.looseObject({ base_dir: v.optional(Source) }))),
});
type Section = v.InferOutput<typeof Section>;

const Yaml = v.looseObject({
  storage: v.optional(
    v.nullable(
      v.looseObject({
        sqlite: v.optional(v.object({ base_dir: Source })),
        custom: v.optional(Section),
      }),
    ),
  ),
  event_log_storage: v.optional(v.nullable(Section)),
  run_storage: v.optional(v.nullable(Section)),
  schedule_storage: v.optional(v.nullable(Section)),
  run_retries: v.optional(v.nullable(v.looseObject({ enabled: v.optional(v.unknown()) }))),
});

/**
 * Reads `dagster.yaml` of a home; a missing or empty one means the defaults. Honoured: `storage.sqlite.base_dir`, the
 * older sections `event_log_storage`, `run_storage` and `schedule_storage`, `run_retries.enabled`, and `{env: NAME}`.
 */
export function instanceConfig(home: string, context: ConfigContext): InstanceConfig {
  const file = path.join(home, FILE);
  let yaml: unknown;
  try {
    yaml = existsSync(file) ? parseYaml(readFileSync(file, 'utf8')) : null;
  } catch (error) {
    return unusable(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  // A list is an object for valibot.
  const parsed = v.safeParse(Yaml, Array.isArray(yaml) ? 'a list' : (yaml ?? {}), { abortEarly: true });
  if (!parsed.success) {
    const field = v.getDotPath(parsed.issues[0]) ?? 'its top';
    return unusable(`${file} is not as Dagster expects it, at ${field}: ${parsed.issues[0].message}`);
  }
  const config = parsed.output;
  const storage = config.storage ? unifiedStorage(home, config.storage, context) : sections(home, config, context);
  if (typeof storage === 'string') return unusable(storage);
  return { kind: 'sqlite', storage, runRetries: config.run_retries?.enabled === true };
}

function unifiedStorage(
  home: string,
  storage: NonNullable<v.InferOutput<typeof Yaml>['storage']>,
  context: ConfigContext,
): SqliteStorage | string {
  if (storage.sqlite) {
    const base = folderOf(storage.sqlite.base_dir, 'storage.sqlite.base_dir', 'history/runs/index.db', home, context);
    return 'problem' in base ? base.problem : sqliteStorageIn(base.folder);
  }
  const [name] = Object.keys(storage);
  if (name === undefined) return sqliteStorageIn(home);
  return notSqlite(
    home,
    storage.custom?.class ?? (name === 'postgres' ? 'Postgres' : name === 'mysql' ? 'MySQL' : name),
  );
}

function sections(
  home: string,
  config: Pick<v.InferOutput<typeof Yaml>, 'event_log_storage' | 'run_storage' | 'schedule_storage'>,
  context: ConfigContext,
): SqliteStorage | string {
  const defaults = sqliteStorageIn(home);
  const eventLog = sectionFile(
    'event_log_storage',
    config.event_log_storage,
    'index.db',
    defaults.eventLog,
    home,
    context,
  );
  if ('problem' in eventLog) return eventLog.problem;
  const runs = sectionFile('run_storage', config.run_storage, 'runs.db', defaults.runs, home, context);
  if ('problem' in runs) return runs.problem;
  const schedules = sectionFile(
    'schedule_storage',
    config.schedule_storage,
    'schedules.db',
    defaults.schedules,
    home,
    context,
  );
  // The schedules are only of use beside the rest: an unknown storage for them hides no failure.
  return {
    kind: 'sqlite',
    eventLog: eventLog.file,
    runs: runs.file,
    schedules: 'problem' in schedules ? defaults.schedules : schedules.file,
  };
}

function sectionFile(
  name: string,
  section: Section | null | undefined,
  file: string,
  byDefault: string,
  home: string,
  context: ConfigContext,
): { readonly file: string } | { readonly problem: string } {
  if (!section) return { file: byDefault };
  const className = section.class ?? 'an unnamed class';
  if (!/^Sqlite\w+Storage$/.test(className)) return { problem: notSqlite(home, className) };
  if (section.config?.base_dir === undefined) return { file: byDefault };
  const base = folderOf(section.config.base_dir, `${name}.config.base_dir`, file, home, context);
  return 'problem' in base ? base : { file: path.join(base.folder, file) };
}

/** Where the default storage keeps its files under a base folder. */
export function sqliteStorageIn(base: string): SqliteStorage {
  return {
    kind: 'sqlite',
    eventLog: path.join(base, 'history', 'runs', 'index.db'),
    runs: path.join(base, 'history', 'runs.db'),
    schedules: path.join(base, 'schedules', 'schedules.db'),
  };
}

/**
 * Dagster takes a folder literally: a relative one from where it was started, `~` not expanded. The first place that
 * holds `marker` is it; where none does, the first place.
 */
function folderOf(
  source: Source,
  setting: string,
  marker: string,
  home: string,
  context: ConfigContext,
): { readonly folder: string } | { readonly problem: string } {
  const text = typeof source === 'string' ? source : context.env[source.env];
  if (!text) {
    const name = typeof source === 'string' ? '' : source.env;
    const problem = name
      ? `${path.join(home, FILE)} takes ${setting} from the environment variable ${name}, which is not set here. Add it to the workspace's .env.`
      : `${path.join(home, FILE)} has an empty ${setting}.`;
    return { problem };
  }
  const places = path.isAbsolute(text) ? [text] : [...context.folders, home].map((folder) => path.join(folder, text));
  if (text.startsWith('~')) places.push(expandHome(text, context.userHome));
  const [first = text] = places;
  return { folder: places.find((place) => existsSync(path.join(place, marker))) ?? first };
}

/** `~` and `~/…` with the user's home. */
export const expandHome = (text: string, userHome: string): string =>
  text === '~' || /^~[/\\]/.test(text) ? path.join(userHome, text.slice(1)) : text;

function notSqlite(home: string, what: string): string {
  return `The Dagster instance in ${home} keeps its event log in ${storageName(what)}. Firedrill reads Dagster's default SQLite storage only, for now.`;
}

function storageName(what: string): string {
  if (/postgres/i.test(what)) return `Postgres (${what})`.replace('(Postgres)', '').trim();
  if (/mysql/i.test(what)) return `MySQL (${what})`.replace('(MySQL)', '').trim();
  if (/consolidatedsqlite/i.test(what)) return `one consolidated SQLite file (${what})`;
  return what;
}

const unusable = (message: string): InstanceConfig => ({ kind: 'unusable', message });
