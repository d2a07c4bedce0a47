import type { RenderSettings } from '../channels/sentry/settings.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import type { Targets } from './targets.ts';
import type { WebserverFacts } from './webserverFacts.ts';

/** What the calls about failures share: the engine's parts as they are at the moment of the call. */
export interface EngineParts {
  readonly targets: Targets;
  readonly changes: Changes;
  readonly webserver: WebserverFacts;
  render(): RenderSettings;
  book(): Book;
  row(stored: StoredFailure): FailureRow;
}
