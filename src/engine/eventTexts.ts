import * as l10n from '@vscode/l10n';
import { eventInEnvelope } from '../channels/sentry/envelope.ts';
import { isList, type JsonObject, type JsonValue, stepsOf } from '../failure/json.ts';
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

/** One value of an event; of a failure's metadata what was recorded, which may be more than is sent. */
export async function valueText(parts: Parts, source: EventSource, path: string): Promise<string> {
  const steps = stepsOf(path);
  const value = valueAt(recordedAt(parts, source, steps) ?? { value: await eventOf(parts, source), steps });
  if (value === undefined) throw new Error(l10n.t('This value is no longer in the event.'));
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

interface Place {
  readonly value: JsonValue;
  readonly steps: readonly string[];
}

function recordedAt(
  { failures }: Parts,
  source: EventSource,
  [root, part, name, ...steps]: readonly string[],
): Place | null {
  if (source.kind !== 'failure' || root !== 'extra' || part !== 'metadata') return null;
  const { failure } = failures.get(source.id);
  const entry = failure.kind === 'check' ? failure.metadata.find((each) => each.name === name) : undefined;
  return entry === undefined ? null : { value: entry.value, steps };
}

function valueAt({ value, steps }: Place): JsonValue | undefined {
  let at: JsonValue | undefined = value;
  for (const step of steps) {
    if (typeof at !== 'object' || at === null) return undefined;
    const entries: { readonly [key: string]: JsonValue } = isList(at) ? Object.fromEntries(Object.entries(at)) : at;
    at = Object.hasOwn(entries, step) ? entries[step] : undefined;
  }
  return at;
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

function sortedKeys(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (isList(value)) return value.map(sortedKeys);
  const entries = Object.entries(value).map(([key, item]): [string, JsonValue] => [key, sortedKeys(item)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
