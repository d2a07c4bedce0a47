import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { EventLog } from '../dagster/eventLog.ts';
import type { DagsterInstance } from '../dagster/instance.ts';
import type { Inbox } from '../delivery/inbox/inbox.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type { EngineSettings, FailureRow } from './api.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import type { HostedSensors } from './hostedSensors.ts';
import type { Targets } from './targets.ts';
import type { WebserverFacts } from './webserverFacts.ts';

/** What is there while an instance is followed. */
export interface Followed {
  readonly instance: DagsterInstance;
  readonly log: EventLog;
  readonly sensors: HostedSensors;
}

/** What the groups of calls share: the engine's parts as they are at the moment of the call. */
export interface EngineParts {
  readonly targets: Targets;
  readonly changes: Changes;
  readonly webserver: WebserverFacts;
  settings(): EngineSettings;
  render(): RenderSettings;
  book(): Book;
  /** null while no instance is followed. */
  followed(): Followed | null;
  inbox(): Inbox | null;
  row(stored: StoredFailure): FailureRow;
}

/** The followed instance, or an error that says what to do. */
export function mustFollow(parts: EngineParts): Followed {
  const followed = parts.followed();
  if (followed === null) throw new Error('No Dagster instance is followed. Choose one first.');
  return followed;
}
