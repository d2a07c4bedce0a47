import * as v from 'valibot';
import type { ManifestEntry } from '../../test/dagster/manifest.ts';

const state = v.object({ state: v.string() });
const line = v.variant('type', [
  v.object({ type: v.literal('instance'), instance: state, inbox: state }),
  v.object({
    type: v.literal('tick'),
    sensor: v.string(),
    end: v.object({ kind: v.string() }),
    rowsRead: v.number(),
    failuresFound: v.number(),
    durationMs: v.number(),
  }),
  v.object({
    type: v.literal('failure'),
    id: v.string(),
    storageId: v.nullable(v.number()),
    title: v.string(),
    timestamp: v.number(),
  }),
  v.object({
    type: v.literal('delivery'),
    failureId: v.string(),
    eventId: v.string(),
    state: v.object({ kind: v.string(), reason: v.optional(v.nullable(v.string())) }),
  }),
  v.object({
    type: v.literal('received'),
    eventId: v.nullable(v.string()),
    title: v.string(),
    level: v.string(),
    receivedAt: v.number(),
  }),
]);

/** One line of `cli watch`, as far as the demo looks at it. */
export type WatchLine = v.InferOutput<typeof line>;
type LineOf<Type extends WatchLine['type']> = Extract<WatchLine, { type: Type }>;

/** undefined for a line of a kind that the demo does not look at. */
export function watchLine(text: string): WatchLine | undefined {
  const parsed = v.safeParse(line, JSON.parse(text));
  return parsed.success ? parsed.output : undefined;
}

/** What is known of each failure on its way from the log to the inbox. */
export class Arrivals {
  readonly #failures = new Map<number, LineOf<'failure'>>();
  readonly #deliveries = new Map<string, LineOf<'delivery'>>();
  readonly #received = new Map<string, LineOf<'received'>>();

  hear(heard: WatchLine): void {
    if (heard.type === 'failure' && heard.storageId !== null) this.#failures.set(heard.storageId, heard);
    if (heard.type === 'delivery') this.#deliveries.set(heard.failureId, heard);
    if (heard.type === 'received' && heard.eventId !== null) this.#received.set(heard.eventId, heard);
  }

  /** The entries that have not arrived as the specification says, and what each lacks. */
  missing(manifest: readonly ManifestEntry[]): { entry: ManifestEntry; lack: string }[] {
    return manifest.flatMap((entry) => {
      const lack = this.#lackOf(entry);
      return lack === undefined ? [] : [{ entry, lack }];
    });
  }

  /** ms from the event log's timestamp to the inbox; undefined while it is not there. */
  delay(entry: ManifestEntry): number | undefined {
    const failure = this.#failures.get(entry.storage_id ?? -1);
    const event = failure && this.#eventOf(failure);
    return failure && event && event.receivedAt - failure.timestamp * 1000;
  }

  #eventOf(failure: LineOf<'failure'>): LineOf<'received'> | undefined {
    return this.#received.get(this.#deliveries.get(failure.id)?.eventId ?? '');
  }

  #lackOf({ storage_id, expected }: ManifestEntry): string | undefined {
    const failure = this.#failures.get(storage_id ?? -1);
    if (failure === undefined) return 'NOT FOUND by the sensors';
    const delivery = this.#deliveries.get(failure.id);
    if (delivery === undefined) return 'found, NOT QUEUED for the inbox';
    const event = this.#eventOf(failure);
    if (event === undefined) return `queued, NOT RECEIVED (${delivery.state.reason ?? delivery.state.kind})`;
    if (event.title !== expected.message) return `received as "${event.title}", NOT AS "${expected.message}"`;
    if (event.level !== expected.level) return `received with level ${event.level}, NOT ${expected.level}`;
    return undefined;
  }
}
