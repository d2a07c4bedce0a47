import { type InstanceId, instanceId } from '../failure/ids.ts';
import type { PostgresServer } from './postgres/server.ts';

/** Which of the places discovery looks at, in its order, named the instance. */
export type FoundBy = 'setting' | 'dotenv' | 'environment' | 'webserver' | 'temporary-home';

/**
 * Where the ticks of the instance's own sensors are: `schedules/schedules.db` or a Postgres, by itself also beside the
 * other kind. null: in a storage that is not read; it hides no failure.
 */
export type SchedulesPlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'postgres'; readonly server: PostgresServer }
  | null;

/** Where an instance on SQLite keeps its databases (absolute paths). */
export interface SqliteStorage {
  readonly kind: 'sqlite';
  /**
   * `sharded`, the default: every run has a log of its own beside the one of all runs. `consolidated`
   * (ConsolidatedSqliteEventLogStorage): all rows of all runs stand in one file.
   */
  readonly layout: 'sharded' | 'consolidated';
  /** The event log of all runs: `history/runs/index.db`, or `event_log.db` of a consolidated one. */
  readonly eventLog: string;
  /** `history/runs.db`: runs, tags, `instance_info`. */
  readonly runs: string;
  readonly schedules: SchedulesPlace;
}

/** Where an instance on Postgres keeps its tables: nearly always both in one database. */
export interface PostgresStorage {
  readonly kind: 'postgres';
  readonly eventLog: PostgresServer;
  /** Runs, tags, `instance_info`. */
  readonly runs: PostgresServer;
  readonly schedules: SchedulesPlace;
}

export type InstanceStorage = SqliteStorage | PostgresStorage;

/** A Dagster instance that Firedrill can read. */
export interface DagsterInstance {
  readonly id: InstanceId;
  /** The id it had before Dagster gave it a name: what is known of it may be kept under that one. */
  readonly earlierId?: InstanceId;
  /**
   * When Dagster made its databases, to the microsecond, as it wrote that down; '' where it did not. Its failures are
   * named after this: unlike the id it stays the same when Dagster gives a name later, whoever reads the instance.
   */
  readonly madeAt: string;
  /** DAGSTER_HOME, absolute. */
  readonly home: string;
  readonly foundBy: FoundBy;
  readonly storage: InstanceStorage;
  /** The webserver that was seen to serve this very instance; null if none answers. */
  readonly webserverUrl: string | null;
  /** `run_retries.enabled` in dagster.yaml: Dagster marks every failed run with whether it will be retried. */
  readonly runRetries: boolean;
  /** What makes reading it doubtful, e.g. a network file system under its databases. */
  readonly warnings: readonly string[];
}

/** Who an instance is. */
export type Identity = Pick<DagsterInstance, 'id' | 'earlierId' | 'madeAt'>;

/** @param named Dagster's name for it; null while it has none: then it goes by `nameless`. */
export const identityOf = (nameless: InstanceId, named: string | null, madeAt: string): Identity =>
  named === null ? { id: nameless, madeAt } : { id: instanceId(named), earlierId: nameless, madeAt };

/** The outcome of looking for an instance. */
export type Discovery =
  | { readonly state: 'found'; readonly instance: DagsterInstance }
  /** Found, but it may be somebody else's project: read only after the user says so. */
  | {
      readonly state: 'unconfirmed';
      readonly home: string;
      readonly foundBy: FoundBy;
      readonly webserverUrl: string | null;
    }
  /** A home was named or found that cannot be read; `message` says what it is and what to do. */
  | { readonly state: 'unusable'; readonly home: string; readonly foundBy: FoundBy; readonly message: string }
  | { readonly state: 'none'; readonly looked: readonly string[] };
