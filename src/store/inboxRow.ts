import * as v from 'valibot';
import type { InboxEvent } from '../delivery/delivery.ts';
import type { JsonObject } from '../failure/json.ts';
import { json } from './rows.ts';

/** An event to be kept, as it came. */
export interface NewInboxEvent extends Omit<InboxEvent, 'id'> {
  /** SHA-256 of the request, see `canonicalHash`. */
  readonly sha256: string;
  /** With path and query as received; the key masked. */
  readonly url: string;
  /** The key masked. */
  readonly headers: readonly (readonly [string, string])[];
  /** Size of the body once decompressed, in bytes. */
  readonly contentBytes: number;
  /** The envelope line by line, without the event's text, which is `json`. */
  readonly envelope: readonly EnvelopeLine[];
  /** The event's JSON text as received. */
  readonly json: string;
}

/** One line of an envelope as received. */
export interface EnvelopeLine {
  readonly kind: 'header' | 'item header' | 'payload';
  /** The item's type, of a payload. */
  readonly type: string | null;
  readonly bytes: number;
  /** null where it is not kept: no text, or too long. */
  readonly text: string | null;
}

/** A kept event with all that came of its request. */
export interface ReceivedEvent {
  readonly row: InboxEvent;
  readonly event: JsonObject;
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly contentBytes: number;
  readonly envelope: readonly EnvelopeLine[];
  readonly sha256: string;
}

/** What a row of a list needs: the large columns stand last in the table and are not touched. */
export const COLUMNS = 'id, received_at, event_id, title, level, sender, run_id, partition, grouping_key, bytes';

export const eventRow = v.pipe(
  v.object({
    id: v.number(),
    received_at: v.number(),
    event_id: v.nullable(v.string()),
    title: v.string(),
    level: v.string(),
    sender: v.string(),
    run_id: v.nullable(v.string()),
    partition: v.nullable(v.string()),
    grouping_key: v.string(),
    bytes: v.number(),
  }),
  v.transform(
    ({ received_at, event_id, run_id, grouping_key, ...rest }): InboxEvent => ({
      ...rest,
      receivedAt: received_at,
      eventId: event_id,
      runId: run_id,
      groupingKey: grouping_key,
    }),
  ),
);
const envelopeLine: v.GenericSchema<unknown, EnvelopeLine> = v.object({
  kind: v.picklist(['header', 'item header', 'payload']),
  type: v.nullable(v.string()),
  bytes: v.number(),
  text: v.nullable(v.string()),
});
export const wholeRow = v.object({
  event: v.string(),
  url: v.string(),
  headers: v.pipe(json, v.array(v.tuple([v.string(), v.string()]))),
  content_bytes: v.number(),
  envelope: v.pipe(json, v.array(envelopeLine)),
  sha256: v.string(),
});
/** It was checked to be a JSON object when it came. */
export const eventJson = v.pipe(
  json,
  v.custom<JsonObject>((value) => typeof value === 'object' && value !== null),
);
