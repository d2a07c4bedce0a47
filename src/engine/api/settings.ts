import type { DsnFingerprint } from '../../failure/ids.ts';

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
  /** The host's translations, by the English text; undefined where it speaks English. */
  readonly texts?: Readonly<Record<string, string>> | undefined;
}
