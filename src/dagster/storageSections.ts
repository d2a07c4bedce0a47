import path from 'node:path';
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import type { InstanceStorage, PostgresStorage, SchedulesPlace, SqliteStorage } from './instance.ts';
import { PostgresConfig, postgresServer } from './postgres/config.ts';
import type { PostgresServer } from './postgres/server.ts';
import { type ConfigContext, ConfigProblem, folderOf, Source } from './storageSources.ts';

/** A configurable class of dagster.yaml, as of the storages' older sections. */
const Section = v.object({
  class: v.optional(v.string()),
  config: v.optional(v.nullable(v.looseObject({ base_dir: v.optional(Source), ...PostgresConfig.entries }))),
});
type Section = v.InferOutput<typeof Section>;

/** The parts of dagster.yaml that say where the instance keeps its data. */
export const StorageSections = v.looseObject({
  storage: v.optional(
    v.nullable(
      v.looseObject({
        sqlite: v.optional(v.object({ base_dir: Source })),
        postgres: v.optional(PostgresConfig),
        custom: v.optional(Section),
      }),
    ),
  ),
  event_log_storage: v.optional(v.nullable(Section)),
  run_storage: v.optional(v.nullable(Section)),
  schedule_storage: v.optional(v.nullable(Section)),
});
type StorageSections = v.InferOutput<typeof StorageSections>;

/** Where the instance keeps its data. @throws ConfigProblem where Firedrill cannot read it there. */
export function storageOf(home: string, sections: StorageSections, context: ConfigContext): InstanceStorage {
  const { storage } = sections;
  if (!storage) return separateStorages(home, sections, context);
  if (storage.sqlite) {
    const base = folderOf(storage.sqlite.base_dir, 'storage.sqlite.base_dir', 'history/runs/index.db', home, context);
    return sqliteStorageIn(base);
  }
  if (storage.postgres) {
    const server = postgresServer(storage.postgres, 'storage.postgres', home, context);
    return postgresStorageAt(server);
  }
  const custom = storage.custom?.class;
  if (storage.custom?.config && custom === 'DagsterPostgresStorage') {
    const server = postgresServer(storage.custom.config, 'storage.custom.config', home, context);
    return postgresStorageAt(server);
  }
  const [name] = Object.keys(storage);
  if (name === undefined) return sqliteStorageIn(home);
  throw unreadableStorage(home, custom ?? name);
}

/** Where the default storage keeps its files under a base folder. */
export function sqliteStorageIn(base: string): SqliteStorage {
  return {
    kind: 'sqlite',
    layout: 'sharded',
    eventLog: path.join(base, 'history', 'runs', 'index.db'),
    runs: path.join(base, 'history', 'runs.db'),
    schedules: { kind: 'sqlite', file: path.join(base, 'schedules', 'schedules.db') },
  };
}

/** Where Dagster's Postgres storage keeps all its tables. */
export const postgresStorageAt = (server: PostgresServer): PostgresStorage => ({
  kind: 'postgres',
  eventLog: server,
  runs: server,
  schedules: { kind: 'postgres', server },
});

/** The sections for each storage by itself. One that is missing means SQLite in the home. */
function separateStorages(home: string, sections: StorageSections, context: ConfigContext): InstanceStorage {
  const { event_log_storage: eventLog, run_storage: runs } = sections;
  const kinds = [kindOf(home, 'EventLogStorage', eventLog), kindOf(home, 'RunStorage', runs)];
  if (kinds.every((kind) => kind === 'postgres')) {
    return {
      kind: 'postgres',
      eventLog: postgresServer(eventLog?.config ?? {}, 'event_log_storage.config', home, context),
      runs: postgresServer(runs?.config ?? {}, 'run_storage.config', home, context),
      schedules: schedulesPlace(home, sections, context),
    };
  }
  if (kinds.includes('postgres')) {
    throw new ConfigProblem(
      kinds[0] === 'postgres'
        ? l10n.t(
            'The Dagster instance in {0} keeps its event log in Postgres and its runs in SQLite. Firedrill reads them only where both are of one kind: set run_storage and event_log_storage, or storage, in dagster.yaml.',
            home,
          )
        : l10n.t(
            'The Dagster instance in {0} keeps its event log in SQLite and its runs in Postgres. Firedrill reads them only where both are of one kind: set run_storage and event_log_storage, or storage, in dagster.yaml.',
            home,
          ),
    );
  }
  const defaults = sqliteStorageIn(home);
  const fileOf = (name: string, section: Section | null | undefined, file: string, byDefault: string) =>
    fileIn(home, context, name, section, file) ?? byDefault;
  const isConsolidated = kinds[0] === 'consolidated';
  return {
    kind: 'sqlite',
    layout: isConsolidated ? 'consolidated' : 'sharded',
    eventLog: fileOf('event_log_storage', eventLog, isConsolidated ? 'event_log.db' : 'index.db', defaults.eventLog),
    runs: fileOf('run_storage', runs, 'runs.db', defaults.runs),
    schedules: schedulesPlace(home, sections, context),
  };
}

/** The file under a section's folder; null where it names none. */
function fileIn(
  home: string,
  context: ConfigContext,
  name: string,
  section: Section | null | undefined,
  file: string,
): string | null {
  const base = section?.config?.base_dir;
  return base === undefined ? null : path.join(folderOf(base, `${name}.config.base_dir`, file, home, context), file);
}

/** The schedules are only of use beside the rest: a storage of theirs that cannot be read hides no failure. */
function schedulesPlace(
  home: string,
  { schedule_storage: section }: StorageSections,
  context: ConfigContext,
): SchedulesPlace {
  if (!section) return sqliteStorageIn(home).schedules;
  try {
    switch (section.class) {
      case 'SqliteScheduleStorage': {
        const file = fileIn(home, context, 'schedule_storage', section, 'schedules.db');
        return file === null ? sqliteStorageIn(home).schedules : { kind: 'sqlite', file };
      }
      case 'PostgresScheduleStorage':
        return {
          kind: 'postgres',
          server: postgresServer(section.config ?? {}, 'schedule_storage.config', home, context),
        };
      default:
        return null;
    }
  } catch (error) {
    if (error instanceof ConfigProblem) return null;
    throw error;
  }
}

type StorageKind = 'sqlite' | 'consolidated' | 'postgres';

/** @throws ConfigProblem for a class that Firedrill does not know. */
function kindOf(home: string, base: string, section: Section | null | undefined): StorageKind {
  if (!section) return 'sqlite';
  switch (section.class) {
    case `Sqlite${base}`:
      return 'sqlite';
    case 'ConsolidatedSqliteEventLogStorage':
      return 'consolidated';
    case `Postgres${base}`:
      return 'postgres';
    default:
      throw unreadableStorage(home, section.class ?? l10n.t('an unnamed class'));
  }
}

function unreadableStorage(home: string, name: string): ConfigProblem {
  if (/mysql/i.test(name)) {
    return new ConfigProblem(
      l10n.t(
        'The Dagster instance in {0} keeps its event log in {1}, which Firedrill cannot read. Firedrill reads SQLite and Postgres storage: to test alerts, follow an instance of your own on one of them, e.g. what dagster dev makes when DAGSTER_HOME is not set.',
        home,
        /^mysql$/i.test(name) ? 'MySQL' : `MySQL (${name})`,
      ),
    );
  }
  return new ConfigProblem(
    l10n.t(
      'The Dagster instance in {0} keeps its event log in {1}, which Firedrill cannot read. Firedrill reads SQLite and Postgres storage.',
      home,
      name,
    ),
  );
}
