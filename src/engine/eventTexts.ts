import * as l10n from '@vscode/l10n';
import { eventInEnvelope } from '../channels/sentry/envelope.ts';
import type { JsonObject, JsonValue } from '../failure/json.ts';
import type { EventSource } from './api.ts';
import type { FailureCalls } from './failureCalls.ts';
import type { InboxHost } from './inboxHost.ts';
import type { EngineParts } from './parts.ts';

interface Parts {
  readonly parts: Pick<EngineParts, 'book'>;
  readonly failures: FailureCalls;
  readonly inbox: InboxHost;
}

/**
 * An event as indented JSON. `sorted`: keys by name and at every depth, so that events of two senders can be compared.
 * Made here and not in the host, whose thread a large event would hold.
 */
export async function eventText(parts: Parts, source: EventSource, sorted: boolean): Promise<string> {
  const event = await eventOf(parts, source);
  return `${JSON.stringify(sorted ? sortedKeys(event) : event, null, 2)}\n`;
}

async function eventOf({ parts, failures, inbox }: Parts, source: EventSource): Promise<JsonObject> {
  switch (source.kind) {
    case 'failure':
      return await failures.event(source.id, 'default');
    case 'inbox':
      return inbox.get(source.id).event;
    case 'delivery': {
      const request = parts.book().store.outbox.request(source.id);
      if (request === null) throw new Error(l10n.t('What was sent is no longer kept. Its receipt still is.'));
      return eventInEnvelope(new TextDecoder().decode(request.body));
    }
  }
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

function sortedKeys(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sortedKeys);
  const entries = Object.entries(value).map(([key, item]): [string, JsonValue] => [key, sortedKeys(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
