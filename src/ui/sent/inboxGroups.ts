import type { InboxEvent } from '../../engine/api.ts';

/** Events of one sender that Sentry would put into one issue. */
export interface Issue {
  readonly key: string;
  /** Newest first. */
  readonly events: readonly InboxEvent[];
  readonly latest: InboxEvent;
}

/** One SDK and version, or program. */
export interface Sender {
  readonly name: string;
  /** The latest first. */
  readonly issues: readonly Issue[];
  readonly count: number;
  readonly latest: InboxEvent;
}

/** What the inbox received, by sender and issue, the latest of each first. */
export function bySender(events: readonly InboxEvent[]): readonly Sender[] {
  const newest = [...events].sort((a, b) => b.receivedAt - a.receivedAt || b.id - a.id);
  return groups(newest, (event) => event.sender).map(([name, all, latest]) => ({
    name,
    issues: groups(all, (event) => event.groupingKey).map(([key, same, first]) => ({
      key,
      events: same,
      latest: first,
    })),
    count: all.length,
    latest,
  }));
}

/** In the order in which each key comes first. */
function groups(
  events: readonly InboxEvent[],
  keyOf: (event: InboxEvent) => string,
): readonly (readonly [key: string, events: readonly InboxEvent[], first: InboxEvent])[] {
  const found = new Map<string, { readonly first: InboxEvent; readonly all: InboxEvent[] }>();
  for (const event of events) {
    const key = keyOf(event);
    const group = found.get(key);
    if (group) group.all.push(event);
    else found.set(key, { first: event, all: [event] });
  }
  return [...found].map(([key, { first, all }]) => [key, all, first]);
}
