/**
 * The one contract between the engine and whoever hosts it (the extension host over a worker port, or the command line
 * in its own process). Everything here can be structured-cloned; nothing here holds a DSN's key.
 */
import type { Cut, GroupingInfo, Measures } from '../channels/sentry/render.ts';
import type { FoundBy } from '../dagster/instance.ts';
import type {
  Confirmation,
  Delivery,
  DeliveryGroup,
  DeliveryId,
  DeliveryPage,
  DeliveryTarget,
  InboxEvent,
} from '../delivery/delivery.ts';
import type { EnvelopeLine, ReceivedEvent } from '../delivery/inbox/inbox.ts';
import type { CheckSeverity, Failure, FailureKind } from '../failure/failure.ts';
import type { DsnFingerprint, FailureId } from '../failure/ids.ts';
import type { JsonObject } from '../failure/json.ts';
import type { Specimen } from '../failure/specimen.ts';
import type { TestFields } from '../failure/testFields.ts';
import type { SensorName, Tick, TickEnd } from '../sensors/tick.ts';
import type { FailureFilter, FailureGrouping, FailureSelection } from '../store/failureQuery.ts';
import type { Attempt } from '../store/outbox.ts';

export type {
  Attempt,
  Confirmation,
  Cut,
  Delivery,
  DeliveryGroup,
  DeliveryId,
  DeliveryPage,
  DeliveryTarget,
  DsnFingerprint,
  EnvelopeLine,
  Failure,
  FailureFilter,
  FailureGrouping,
  FailureId,
  FailureKind,
  FailureSelection,
  FoundBy,
  GroupingInfo,
  InboxEvent,
  Measures,
  ReceivedEvent,
  SensorName,
  Specimen,
  TestFields,
  Tick,
  TickEnd,
};

/**
 * `hold`: nothing is sent unless a person says so. `automatic`: every failure found is sent to its location's DSN.
 * `inbox`: every failure found is sent to the local inbox (the command line's `--deliver inbox`).
 */
export type DeliveryMode = 'hold' | 'automatic' | 'inbox';

/** What the host tells the engine; sent whole on every change. */
export interface EngineSettings {
  /** The setting `firedrill.dagsterHome`; null when empty. */
  readonly dagsterHome: string | null;
  /** Where a Dagster webserver is looked for. */
  readonly webserverUrl: string;
  readonly workspaceFolders: readonly string[];
  /** Homes outside the workspace that the user said may be read. */
  readonly confirmedHomes: readonly string[];
  readonly deliveryMode: DeliveryMode;
  /** Leave failures that Dagster will retry out of automatic delivery. */
  readonly skipRetried: boolean;
  /** Sentry's environment of every real event; null leaves it out. */
  readonly environment: string | null;
  /** A regular expression whose first group is the OEM in a code location's name. */
  readonly oemPattern: string;
  /** Seconds between interval ticks. */
  readonly tickInterval: number;
  /** Milliseconds between peeks. */
  readonly peekInterval: number;
  readonly inboxPort: number;
  /** DSNs that the user agreed to send to, by fingerprint; `all` for the command line, where the command itself says so. */
  readonly approvedDsns: readonly DsnFingerprint[] | 'all';
  readonly proxy: { readonly url: string | null; readonly strictSsl: boolean; readonly noProxy: readonly string[] };
}

/** What a host hands the engine's worker thread at its start (`workerData`). */
export interface EngineWorkerData {
  /** Folder of the state databases, one an instance; made when missing, shared by all windows of this machine. */
  readonly stateFolder: string;
  readonly version: string;
  /** The user's environment: it may name the instance, a DSN or a proxy, and `dagster.yaml` may refer to any variable. */
  readonly env: Readonly<Record<string, string>>;
}

/** What the engine asks of its host and tells it. */
export interface HostApi {
  /** The DSN kept in the host's secret storage for a code location (null: the workspace's own); null when none is. */
  secretDsn(codeLocation: string | null): Promise<string | null>;
  /** The auth token kept in the host's secret storage for the API of a Sentry host (`sentry.io`, or host and port). */
  authToken(host: string): Promise<string | null>;
  /** Something changed; fetch what is shown. Several changes within a short time arrive as one. */
  changed(change: EngineChange): void;
  /** Something that the user has to know at once, in the engine's words. */
  notify(message: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', message: string): void;
}

/** What changed since the last call; a part that is absent did not. */
export interface EngineChange {
  readonly overview?: Overview;
  /** Another window wrote to the state, or another instance is followed: fetch everything that is shown anew. */
  readonly reload?: true;
  /** Failures were added or their state changed; counts of pending ones. */
  readonly failures?: { readonly added: readonly FailureRow[]; readonly changed: readonly FailureRow[] };
  /** New ticks, or rows of earlier ones that counted on. */
  readonly ticks?: readonly Tick[];
  readonly deliveries?: readonly Delivery[];
  readonly inbox?: readonly InboxEvent[];
}

/** The instance as the views tell it. */
export type InstanceStatus =
  | { readonly state: 'searching' }
  | { readonly state: 'none'; readonly looked: readonly string[] }
  | { readonly state: 'unusable'; readonly home: string; readonly message: string }
  | {
      readonly state: 'unconfirmed';
      readonly home: string;
      readonly foundBy: FoundBy;
      readonly webserverUrl: string | null;
    }
  | {
      readonly state: 'following';
      readonly home: string;
      /** Short name for the status bar: the last telling part of the home's path. */
      readonly name: string;
      readonly foundBy: FoundBy;
      readonly webserverUrl: string | null;
      /** When Firedrill first met this instance, ms since 1970: older failures are marked as before Firedrill. */
      readonly since: number;
      readonly warnings: readonly string[];
    }
  /** It was followed and cannot be read at the moment; Firedrill keeps looking. */
  | {
      readonly state: 'lost';
      readonly home: string;
      readonly name: string;
      readonly message: string;
      readonly since: number;
    };

export interface SensorStatus {
  readonly name: SensorName;
  readonly running: boolean;
  /** Another window or command line at the same instance ticks it; this one shows the same and takes over when it ends. */
  readonly elsewhere: boolean;
  /** A tick runs in this window. */
  readonly ticking: boolean;
  readonly lastTick: Tick | null;
  /** When the next interval tick is due, ms since 1970; null while stopped or without an instance. */
  readonly nextTickAt: number | null;
  /** Short text of the cursor; null before first contact. */
  readonly cursor: string | null;
  /** How far it is behind the log; `oldestUnread` is that row's timestamp, in seconds since 1970. */
  readonly behind: { readonly rows: number; readonly oldestUnread: number | null };
}

/** A sensor of the project itself, as Dagster's own daemon runs it. */
export interface OwnSensor {
  /** Dagster's selector id. */
  readonly id: string;
  readonly name: string;
  readonly codeLocation: string | null;
  readonly running: boolean;
  readonly ticking: boolean;
  readonly lastTick: OwnTick | null;
  /** When its interval has passed, ms since 1970: long ago where no daemon runs. null while stopped. */
  readonly nextTickAt: number | null;
  readonly cursor: string | null;
}

/** A tick of the project's own sensor; consecutive ones that ended alike without runs are one row that counts. */
export interface OwnTick {
  /** Dagster's id of the row's first tick, negated: in one list with hosted sensors' ticks no id stands twice. */
  readonly id: number;
  /** {@link OwnSensor.id}. */
  readonly sensor: string;
  /** What tells it from a hosted sensor's tick: Dagster's daemon began it. */
  readonly trigger: 'daemon';
  /** As with {@link Tick}. */
  readonly startedAt: number;
  readonly lastStartedAt: number;
  readonly count: number;
  readonly durationMs: number;
  /** `unended`: it started, and another started after it. A skip reason may be empty. */
  readonly end: TickEnd | { readonly kind: 'unended' };
  /** Runs that the tick asked for. */
  readonly runsRequested: readonly string[];
  /** Runs that a run status sensor reacted to. */
  readonly runsReported: readonly string[];
  /** What the tick before left, where it is known. */
  readonly cursorBefore: string | null;
  readonly cursorAfter: string | null;
}

export interface OwnActivity {
  /** Rises with each change of a row. */
  readonly version: number;
  /** From when on (ms since 1970) every tick is held. */
  readonly from: number;
  readonly sensors: readonly OwnSensor[];
  /** Newest first. */
  readonly ticks: readonly OwnTick[];
}

/** A DSN as people may see it. */
export type DsnStatus =
  | { readonly state: 'found'; readonly target: SentryTarget }
  | { readonly state: 'malformed'; readonly source: string; readonly message: string }
  | { readonly state: 'none' };

/** The engine's words on a DSN that somebody typed. */
export type DsnCheck =
  | { readonly ok: true; readonly host: string; readonly project: string }
  | { readonly ok: false; readonly message: string };

/** Sentry as a target. `source` says where the DSN was found, e.g. `projects/ai_audi/.env`. */
export interface SentryTarget {
  readonly kind: 'sentry';
  readonly dsn: DsnFingerprint;
  readonly host: string;
  readonly project: string;
  readonly source: string;
  readonly approved: boolean;
  /** The name of the auth token that may look its events up; null where it must not be sent (no https). */
  readonly tokenHost: string | null;
}
export interface InboxTarget {
  readonly kind: 'inbox';
  readonly host: string;
  readonly port: number;
}

export interface CodeLocationStatus {
  readonly name: string;
  readonly dsn: DsnStatus;
  /** Sensors of the project itself that run and may send the same alerts (names as Dagster has them). */
  readonly ownSensors: readonly string[];
}

export interface Overview {
  readonly instance: InstanceStatus;
  readonly sensors: readonly SensorStatus[];
  readonly deliveryMode: DeliveryMode;
  readonly codeLocations: readonly CodeLocationStatus[];
  readonly inbox:
    | { readonly state: 'listening'; readonly port: number; readonly dsn: string; readonly note: string | null }
    | { readonly state: 'off'; readonly message: string };
  /** What the badge counts: pending failures without those recorded before Firedrill met the instance. */
  readonly pending: { readonly check: number; readonly run: number };
  /** How many deliveries each group has. */
  readonly deliveries: Readonly<Record<DeliveryGroup, number>>;
}

export type FailureStatus = 'pending' | 'sent' | 'dismissed';

/** A failure as a row: what a tree shows without fetching the whole. */
export interface FailureRow {
  readonly id: FailureId;
  /** Rises with every failure that Firedrill stored; the order of pages. */
  readonly seq: number;
  readonly kind: FailureKind;
  readonly test: boolean;
  /** Recorded before Firedrill met the instance: listed, never sent by itself. */
  readonly beforeFiredrill: boolean;
  readonly status: FailureStatus;
  /** Check name; or the failed step's asset path, else the job. */
  readonly label: string;
  /** What failed; of a run that was started for no asset, what its failed step is called after; null for none. */
  readonly asset: string | null;
  /** Asset of a check failure; error class of a run failure. */
  readonly detail: string;
  readonly severity: CheckSeverity;
  readonly partition: string | null;
  readonly codeLocation: string | null;
  readonly oem: string;
  readonly runId: string | null;
  readonly storageId: number | null;
  /** Seconds since 1970, as the event log has it. */
  readonly timestamp: number;
  readonly willRetry: boolean;
  /** When a later evaluation of the same check passed, seconds since 1970; null while none has. */
  readonly passedSince: number | null;
  /** For a run failed by a blocking check: that check's failure, when it is known. */
  readonly sameCauseAs: FailureId | null;
  /** What the alert is called in Sentry. */
  readonly title: string;
}

/**
 * A group of the Failures tree. By kind the keys are `check` and `run`; each grouping has `before`, which holds what was
 * recorded before Firedrill met the instance; other keys only mean something within their grouping.
 */
export interface FailureGroup {
  readonly key: string;
  readonly total: number;
  /** The failure that names the group. */
  readonly newest: FailureRow;
  /** What Sentry's issue of that failure is called, e.g. `discrepancies on audi/…/prices (WARN)`. */
  readonly issue: string;
}

export interface FailureGroups {
  /** In an order that arrivals do not change. */
  readonly groups: readonly FailureGroup[];
  /** Groups beyond the limit. */
  readonly hidden: number;
  /** Of the failures asked for those that belong to the selection, each with its group. */
  readonly rows: readonly { readonly key: string; readonly row: FailureRow }[];
}

export interface FailingLine {
  /** Path of the real file. */
  readonly file: string;
  /** The first line is 1. */
  readonly line: number;
}

export interface FailurePage {
  /** Newest first. */
  readonly rows: readonly FailureRow[];
  readonly total: number;
}

/** What a test failure is made from: nothing but its kind, a specimen of the workspace, or another test failure. */
export type TestSubject =
  | { readonly kind: 'test'; readonly failureKind: FailureKind; readonly codeLocation: string | null }
  | { readonly kind: 'specimen'; readonly specimen: Specimen }
  | { readonly kind: 'copy'; readonly of: FailureId };

/** What can be changed of a test failure. */
export interface TestPreview {
  /** False once it was sent: what was sent stays what it was; a copy can be changed. */
  readonly editable: boolean;
  readonly fields: TestFields;
  /** What it was before its first change. */
  readonly before: TestFields;
  readonly specifiedTags: { readonly [name: string]: string };
}

/** Something that Dagster's webserver has a page for. */
export type DagsterThing =
  | { readonly kind: 'run'; readonly id: string }
  | { readonly kind: 'asset'; readonly key: readonly string[] };

/** An event that can be read: what would be sent for a failure, what one delivery sent, what the inbox received. */
export type EventSource =
  | { readonly kind: 'failure'; readonly id: FailureId }
  | { readonly kind: 'delivery'; readonly id: DeliveryId }
  | { readonly kind: 'inbox'; readonly id: number };

/** Where a send goes: the failure's own DSN when it has one, or always the inbox. */
export type TargetChoice = 'default' | 'sentry' | 'inbox';

/** A value of an event of which only the beginning is shown; its document has all. */
export interface Shortened {
  /** JSON pointer into the event. */
  readonly path: string;
  readonly shown: number;
  readonly actual: number;
  readonly unit: 'characters' | 'items';
}

/** Everything the preview shows, with what is too large to be shown shortened. `sha256` is the canonical request's, the same that delivery records. */
export interface Preview {
  readonly failure: Failure;
  readonly row: FailureRow;
  readonly event: JsonObject;
  readonly target: SentryTarget | InboxTarget;
  /** Why the inbox is the target although Sentry was meant, e.g. that a DSN is malformed; null otherwise. */
  readonly targetNote: string | null;
  readonly request: {
    readonly method: 'POST';
    readonly url: string;
    /** With the key masked. */
    readonly headers: readonly (readonly [string, string])[];
    /** The body, which is an envelope, line by line; a long line's text is only its beginning. */
    readonly envelope: readonly EnvelopeLine[];
    readonly bytes: number;
    /** What it would be as gzip, which Firedrill does not send. */
    readonly gzipBytes: number;
    readonly sha256: string;
  };
  readonly shortened: readonly Shortened[];
  readonly measures: Measures;
  readonly cuts: readonly Cut[];
  readonly grouping: GroupingInfo & { readonly otherPending: number };
  /** Deliveries of this failure, newest first. */
  readonly deliveries: readonly Delivery[];
  readonly runUrl: string | null;
  /** A webserver is known: assets and runs that metadata names can be opened there. */
  readonly webserver: boolean;
  /** Set for a test failure. */
  readonly test: TestPreview | null;
}

/**
 * The failures that an event in the inbox tells of, newest first, and how that is known: Firedrill made the event, or
 * it names their run, or it names no run and has their message. One where it is certain.
 */
export interface EventMatch {
  readonly by: 'event' | 'run' | 'message' | 'none';
  readonly rows: readonly FailureRow[];
}

export type SendResult =
  | { readonly outcome: 'queued'; readonly delivery: Delivery }
  /** Nothing was queued: the user has not agreed to this DSN yet. Ask, add it to approvedDsns, send again. */
  | { readonly outcome: 'needs-approval'; readonly target: SentryTarget }
  /** Already accepted there: sending again makes a second event. Call again with `again: true` when that is wanted. */
  | { readonly outcome: 'sent-before'; readonly delivery: Delivery }
  | { readonly outcome: 'refused'; readonly message: string };

/** Calls into the engine. A call that cannot be carried out rejects with an Error whose message is for the user. */
export interface EngineApi {
  /** Also called when a secret changed: the engine asks for secrets anew. */
  configure(settings: EngineSettings): Promise<void>;
  overview(): Promise<Overview>;
  /** Whether text is a DSN that Firedrill can send to; tells what is wrong with it otherwise. Stores nothing. */
  checkDsn(text: string): Promise<DsnCheck>;
  /** Looks for the instance again at once. */
  searchInstance(): Promise<Overview>;

  /**
   * Newest first; `before` is the `seq` of the last row already shown; `total` counts all of the selection and group.
   * `group` is the key of one; null: all of them.
   */
  failures(
    query: FailureSelection & { readonly group: string | null; readonly limit: number; readonly before: number | null },
  ): Promise<FailurePage>;
  /** The groups of a selection, at most `limit`, and what became of the failures `ids` in it. */
  failureGroups(
    query: FailureSelection & { readonly limit: number; readonly ids: readonly FailureId[] },
  ): Promise<FailureGroups>;
  failure(id: FailureId): Promise<Failure>;
  /** Where the error was raised, in a file of the workspace; null where its stack names none. */
  failingLine(id: FailureId): Promise<FailingLine | null>;
  preview(id: FailureId, target: TargetChoice): Promise<Preview>;
  /** Makes a test failure, stored like any other, and answers its row. */
  makeTest(subject: TestSubject): Promise<FailureRow>;
  /** The body of the request that the preview shows, as text and whole. */
  requestBody(id: FailureId, target: TargetChoice): Promise<string>;
  /** Changes a test failure that was not sent yet, and answers its preview. */
  editTest(id: FailureId, fields: TestFields, target: TargetChoice): Promise<Preview>;
  /** Pending failures that would join the same Sentry issue, newest first, itself included. */
  sameIssue(id: FailureId, limit: number): Promise<readonly FailureRow[]>;
  /** The page of a run or asset in Dagster's webserver; null when none is known. */
  dagsterUrl(what: DagsterThing): Promise<string | null>;
  /**
   * The headers of a request with the DSN's key, for a person who asked for them after being told. The only call that
   * hands out a key.
   */
  keyedHeaders(id: FailureId, target: TargetChoice): Promise<readonly (readonly [string, string])[]>;
  send(id: FailureId, target: TargetChoice, again: boolean): Promise<SendResult>;
  dismiss(ids: readonly FailureId[]): Promise<void>;
  restore(ids: readonly FailureId[]): Promise<void>;

  setSensorRunning(sensor: SensorName, running: boolean): Promise<void>;
  tickNow(sensor: SensorName): Promise<Tick>;
  /** Reads on behind the row with this storage id. */
  setCursor(sensor: SensorName, storageId: number): Promise<void>;
  /** Lists the failures of the last `hours`; none of them is sent by itself. Answers how many were new. */
  lookBack(hours: number): Promise<number>;
  /** Breaks that off: it answers what it found until then. */
  cancelLookBack(): Promise<void>;
  /** Ticks whose row touches the range (ms since 1970), newest first, at most `limit`. */
  ticks(query: { readonly from: number; readonly to: number; readonly limit: number }): Promise<readonly Tick[]>;
  /**
   * The instance's own sensors, and their ticks as above; none where its schedule storage is not read. Read when
   * called, not in between.
   */
  ownSensors(query: { readonly from: number; readonly to: number; readonly limit: number }): Promise<OwnActivity>;
  /** The rows of `ownSensors` that changed since this version; null while nothing has. */
  ownNews(version: number): Promise<OwnActivity | null>;
  /** The failures that one tick found. */
  tickFailures(tick: number): Promise<readonly FailureRow[]>;

  /** Deliveries of one group (null: of all), newest first; `before` is the id of the last one already shown. */
  deliveries(query: {
    readonly group: DeliveryGroup | null;
    readonly limit: number;
    readonly before: DeliveryId | null;
  }): Promise<DeliveryPage>;
  /** Every try of a delivery with what the endpoint answered, oldest first. */
  tries(id: DeliveryId): Promise<readonly Attempt[]>;
  /** The page of the issue that a confirmed delivery's event joined; null where it is not known. */
  issueUrl(id: DeliveryId): Promise<string | null>;
  /** Tries a waiting or failed delivery at once. */
  retry(id: DeliveryId): Promise<void>;
  /** Takes a waiting or failed delivery out of the queue; its failure is pending again. */
  cancel(id: DeliveryId): Promise<void>;
  inboxEvents(limit: number): Promise<readonly InboxEvent[]>;
  /** An event as indented JSON, keys as sent or by name at every depth. */
  eventText(source: EventSource, order: 'as sent' | 'sorted'): Promise<string>;
  /** The event as received, with its request. */
  inboxEvent(id: number): Promise<ReceivedEvent>;
  /** Which failure of the instance that is followed an event in the inbox tells of. */
  failureOfInboxEvent(id: number): Promise<EventMatch>;
  clearInbox(): Promise<void>;

  /** Stops sensors and deliveries, closes the state; resolves when all is on disk. */
  stop(): Promise<void>;
}
