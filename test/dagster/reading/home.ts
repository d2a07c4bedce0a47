import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventLog, LogEntry } from '../../../src/dagster/eventLog.ts';
import type { DagsterInstance, SqliteStorage } from '../../../src/dagster/instance.ts';
import { sqliteStorageIn } from '../../../src/dagster/storageSections.ts';
import type { Failure, FailureKind } from '../../../src/failure/failure.ts';
import { instanceId } from '../../../src/failure/ids.ts';

type SqliteInstance = DagsterInstance & { readonly storage: SqliteStorage };

/** The instance in a home with default storage. */
export function instanceIn(home: string, more: Partial<SqliteInstance> = {}): SqliteInstance {
  return {
    id: instanceId('test-instance'),
    madeAt: '2026-05-01 08:00:00.000001',
    home,
    foundBy: 'setting',
    storage: sqliteStorageIn(home),
    webserverUrl: null,
    runRetries: false,
    warnings: [],
    ...more,
  };
}

export function newFolder(): string {
  return mkdtempSync(path.join(os.tmpdir(), 'firedrill-reading-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Everything behind the cursor, page by page. */
export async function readAll(log: EventLog, kind: FailureKind, from?: string, limit = 100) {
  let cursor = from === undefined ? await log.start(kind) : (from as Awaited<ReturnType<EventLog['start']>>);
  const entries: LogEntry[] = [];
  const notes: string[] = [];
  for (let more = true; more; ) {
    const page = await log.read(kind, cursor, limit);
    entries.push(...page.entries);
    notes.push(...page.notes);
    cursor = page.cursor;
    more = page.hasMore;
  }
  return { entries, notes, cursor, failures: failuresOf(entries) };
}

export const failuresOf = (entries: readonly LogEntry[]): Failure[] =>
  entries.flatMap((entry) => (entry.outcome === 'failure' ? entry.failure : []));

// What Dagster 1.13 creates, without the tables that are not read.
const INDEX_TABLES = `
CREATE TABLE event_logs (id INTEGER NOT NULL, run_id VARCHAR(255), event TEXT NOT NULL, dagster_event_type TEXT,
  timestamp TIMESTAMP, step_key TEXT, asset_key TEXT, partition TEXT, PRIMARY KEY (id));
CREATE TABLE asset_check_executions (id INTEGER NOT NULL, asset_key TEXT, check_name TEXT, partition TEXT,
  run_id VARCHAR(255), execution_status VARCHAR(255), evaluation_event TEXT, evaluation_event_timestamp DATETIME,
  evaluation_event_storage_id INTEGER, materialization_event_storage_id INTEGER,
  create_timestamp DATETIME DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (id));
CREATE INDEX idx_event_type ON event_logs (dagster_event_type, id);
CREATE INDEX idx_events_by_run_id ON event_logs (run_id, id);`;
const RUN_TABLES = `
CREATE TABLE runs (id INTEGER NOT NULL, run_id VARCHAR(255), snapshot_id VARCHAR(255), pipeline_name TEXT, mode TEXT,
  status VARCHAR(63), run_body TEXT, partition TEXT, partition_set TEXT, create_timestamp DATETIME,
  update_timestamp DATETIME, start_time FLOAT, end_time FLOAT, PRIMARY KEY (id), UNIQUE (run_id));
CREATE TABLE run_tags (id INTEGER NOT NULL, run_id VARCHAR(255), "key" TEXT, value TEXT, PRIMARY KEY (id));
CREATE TABLE instance_info (id INTEGER NOT NULL, run_storage_id TEXT, PRIMARY KEY (id));`;

/** A home whose databases are written here, row by row, in Dagster's own shape: for what Dagster does but rarely. */
export class WrittenHome {
  readonly home = newFolder();
  readonly instance: SqliteInstance;
  readonly index: DatabaseSync;
  readonly runs: DatabaseSync;

  constructor(journal: 'wal' | 'delete' = 'wal', layout: SqliteStorage['layout'] = 'sharded') {
    const sharded = sqliteStorageIn(this.home);
    const storage =
      layout === 'sharded' ? sharded : { ...sharded, layout, eventLog: path.join(this.home, 'event_log.db') };
    this.instance = instanceIn(this.home, { storage });
    const { eventLog, runs } = storage;
    for (const file of [eventLog, runs]) mkdirSync(path.dirname(file), { recursive: true });
    this.index = new DatabaseSync(eventLog);
    this.runs = new DatabaseSync(runs);
    this.index.exec(`PRAGMA journal_mode=${journal}; PRAGMA synchronous=OFF;${INDEX_TABLES}`);
    this.runs.exec(`PRAGMA journal_mode=${journal}; PRAGMA synchronous=OFF;${RUN_TABLES}`);
  }

  /** Adds an evaluation to the log; answers its storage id. */
  evaluation(runId: string, seconds: number, more: EvaluationParts = {}): number {
    return this.event(runId, seconds, 'ASSET_CHECK_EVALUATION', evaluationJson(runId, seconds, more));
  }

  event(runId: string, seconds: number, type: string, event: string | Uint8Array): number {
    const sql = 'insert into event_logs (run_id, event, dagster_event_type, timestamp) values (?, ?, ?, ?)';
    return Number(this.index.prepare(sql).run(runId, event, type, timestampOf(seconds)).lastInsertRowid);
  }

  /** Adds a step failure where the storage keeps a run's steps: in the run's own log, or in the one file. */
  stepFailure(runId: string, seconds: number, stepKey: string): void {
    const { layout, eventLog } = this.instance.storage;
    const own = path.join(path.dirname(eventLog), `${runId}.db`);
    const database = layout === 'sharded' ? new DatabaseSync(own) : this.index;
    if (layout === 'sharded') database.exec(`${INDEX_TABLES.replaceAll(/CREATE (TABLE|INDEX)/g, '$& IF NOT EXISTS')}`);
    const sql =
      "insert into event_logs (run_id, event, dagster_event_type, timestamp) values (?, ?, 'STEP_FAILURE', ?)";
    database.prepare(sql).run(runId, stepFailureJson(runId, seconds, stepKey), timestampOf(seconds));
    if (layout === 'sharded') database.close();
  }

  /** A row of asset_check_executions as Dagster before 1.12.11 inserts it when the check is planned. */
  planned(runId: string, seconds: number, more: EvaluationParts = {}): number {
    const sql = `insert into asset_check_executions (check_name, run_id, execution_status, evaluation_event,
      evaluation_event_timestamp) values (?, ?, 'PLANNED', '{}', ?)`;
    return Number(this.index.prepare(sql).run(more.check ?? 'integrity', runId, timestampOf(seconds)).lastInsertRowid);
  }

  /** The evaluation changes its row in place. */
  evaluate(id: number, runId: string, seconds: number, more: EvaluationParts = {}): void {
    const sql = `update asset_check_executions set execution_status = ?, evaluation_event = ?,
      evaluation_event_timestamp = ?, evaluation_event_storage_id = ? where id = ?`;
    const status = more.passed ? 'SUCCEEDED' : 'FAILED';
    this.index
      .prepare(sql)
      .run(status, evaluationJson(runId, seconds, more), timestampOf(seconds), more.storageId ?? null, id);
  }

  run(runId: string, status: string, endTime: number | null = null): void {
    const sql = `insert into runs (run_id, pipeline_name, status, run_body, end_time) values (?, 'job', ?, '{}', ?)
      on conflict (run_id) do update set status = excluded.status, end_time = excluded.end_time`;
    this.runs.prepare(sql).run(runId, status, endTime);
  }

  /** What `DagsterInstance.delete_run` does to the log. */
  deleteRun(runId: string): void {
    this.index.prepare('delete from event_logs where run_id = ?').run(runId);
    this.runs.prepare('delete from runs where run_id = ?').run(runId);
  }

  /** Closes Dagster's side, as when it stops. */
  closeWriter(): void {
    if (this.index.isOpen) this.index.close();
    if (this.runs.isOpen) this.runs.close();
  }

  dispose(): void {
    this.closeWriter();
    removeFolder(this.home);
  }
}

export interface EvaluationParts {
  readonly check?: string;
  readonly passed?: boolean;
  readonly partition?: string;
  readonly metadata?: string;
  readonly asset?: readonly string[];
  readonly severity?: 'WARN' | 'ERROR';
  readonly storageId?: number;
}

/** An evaluation's stored JSON as Dagster 1.13 writes it. */
export function evaluationJson(runId: string, seconds: number, more: EvaluationParts = {}): string {
  const { check = 'integrity', passed = false, partition = null, metadata = '{}' } = more;
  const { asset = ['audi', '2024', 'prices'], severity = 'ERROR' } = more;
  return `{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "AssetCheckEvaluation", "asset_key": {"__class__": "AssetKey", "path": ${JSON.stringify(asset)}}, "blocking": false, "check_name": ${JSON.stringify(check)}, "description": null, "metadata": ${metadata}, "partition": ${JSON.stringify(partition)}, "severity": {"__enum__": "AssetCheckSeverity.${severity}"}, "success": ${passed}, "target_materialization_data": null}, "event_type_value": "ASSET_CHECK_EVALUATION", "logging_tags": {}, "message": null, "pid": 1, "pipeline_name": "job", "solid_handle": null, "step_handle": null, "step_key": null, "step_kind_value": null}, "error_info": null, "level": 10, "message": "", "pipeline_name": "job", "run_id": ${JSON.stringify(runId)}, "step_key": null, "timestamp": ${seconds}, "user_message": ""}`;
}

/** A run failure's stored JSON as Dagster writes it for a run that is marked as failed from outside. */
export function runFailureJson(runId: string, seconds: number): string {
  return `{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": null, "event_type_value": "PIPELINE_FAILURE", "message": "This run has been marked as failed from outside the execution context.", "pipeline_name": "nightly", "step_key": null}, "pipeline_name": "nightly", "run_id": "${runId}", "timestamp": ${seconds}, "user_message": ""}`;
}

/** A step failure's stored JSON, as far as it is read. */
export function stepFailureJson(runId: string, seconds: number, stepKey: string): string {
  return `{"__class__": "EventLogEntry", "dagster_event": {"__class__": "DagsterEvent", "event_specific_data": {"__class__": "StepFailureData", "error": {"__class__": "SerializableErrorInfo", "cause": null, "cls_name": "ValueError", "message": "ValueError: boom\\n", "stack": []}}, "event_type_value": "STEP_FAILURE", "message": null, "pipeline_name": "nightly", "step_key": "${stepKey}"}, "pipeline_name": "nightly", "run_id": "${runId}", "timestamp": ${seconds}, "user_message": ""}`;
}

/** Seconds since 1970 as the tables' UTC text. */
export const timestampOf = (seconds: number): string => {
  const micros = Math.round(seconds * 1e6);
  const iso = new Date(Math.floor(micros / 1e3)).toISOString();
  return `${iso.slice(0, 19).replace('T', ' ')}.${String(micros % 1e6).padStart(6, '0')}`;
};
