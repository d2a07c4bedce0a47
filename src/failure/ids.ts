declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

/** Names one Dagster instance: `instance_info.run_storage_id`, or a hash of the home folder where that is empty. */
export type InstanceId = Branded<string, 'InstanceId'>;
/** A Dagster run id (a UUID as text). */
export type RunId = Branded<string, 'RunId'>;
/** The row number in the event log, which orders it. On SQLite it can be used again after a run is deleted. */
export type StorageId = Branded<number, 'StorageId'>;
/** Firedrill's name for one failure: the same evaluation or run failure gets the same id however often it is read. */
export type FailureId = Branded<string, 'FailureId'>;
/** A Sentry event id: 32 lower-case hex digits. */
export type EventId = Branded<string, 'EventId'>;
/** A one-way name of a DSN (host, project and key), so that state can say which DSN a row is for without holding it. */
export type DsnFingerprint = Branded<string, 'DsnFingerprint'>;

export const instanceId = (value: string): InstanceId => value as InstanceId;
export const runId = (value: string): RunId => value as RunId;
export const storageId = (value: number): StorageId => value as StorageId;
export const failureId = (value: string): FailureId => value as FailureId;
export const eventId = (value: string): EventId => value as EventId;
export const dsnFingerprint = (value: string): DsnFingerprint => value as DsnFingerprint;
