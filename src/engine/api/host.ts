import type { Delivery, InboxEvent } from '../../delivery/delivery.ts';
import type { Tick } from '../../sensors/tick.ts';
import type { FailureRow } from './failures.ts';
import type { Overview } from './overview.ts';

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
  /** Failures were added, or their state changed. */
  readonly failures?: { readonly added: readonly FailureRow[]; readonly changed: readonly FailureRow[] };
  /** New ticks, or rows of earlier ones that counted on. */
  readonly ticks?: readonly Tick[];
  readonly deliveries?: readonly Delivery[];
  readonly inbox?: readonly InboxEvent[];
}
