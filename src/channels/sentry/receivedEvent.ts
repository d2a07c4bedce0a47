import * as v from 'valibot';
import { isObject, type JsonObject } from '../../failure/json.ts';
import type { Inspected } from './limits.ts';

/** A text of an event that anybody may have written; null where it is absent or something else. */
export const text = v.optional(v.fallback(v.nullable(v.string()), null), null);
const frame = v.looseObject({ module: text, filename: text, function: text, in_app: v.optional(v.unknown()) });
const exception = v.looseObject({
  type: text,
  value: text,
  stacktrace: v.optional(v.fallback(v.nullable(v.looseObject({ frames: v.array(frame) })), null), null),
});
const exceptions = v.array(exception);
const wrapped = v.looseObject({ values: exceptions });
const message = v.looseObject({ formatted: text, message: text });

export type ReceivedException = v.InferOutput<typeof exception>;
export type ReceivedFrame = v.InferOutput<typeof frame>;

/** The exceptions of an event that anybody may have written, outermost last; the list may be wrapped in `values`. */
export function exceptionsOf(value: unknown): readonly ReceivedException[] {
  const inValues = v.safeParse(wrapped, value);
  if (inValues.success) return inValues.output.values;
  const bare = v.safeParse(exceptions, Array.isArray(value) ? value : [value]);
  return bare.success ? bare.output : [];
}

/**
 * The text of `message` or `logentry`, a string or an object; null where there is none.
 * @param first which of an object's texts is preferred: `formatted` is shown, `message` (the template) is grouped by.
 */
export function messageTextOf(value: unknown, first: 'formatted' | 'message'): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  const parsed = v.safeParse(message, value);
  if (!parsed.success) return null;
  const { formatted, message: template } = parsed.output;
  return first === 'formatted' ? (formatted ?? template) : (template ?? formatted);
}

const named = v.fallback(v.looseObject({ run_id: text, partition_date: text }), { run_id: null, partition_date: null });

/** The run and the partition that an event names in the specified fields; one of another type counts as absent. */
export function namedBy(event: JsonObject): { readonly runId: string | null; readonly partition: string | null } {
  const extra = v.parse(named, event.extra);
  return { runId: extra.run_id, partition: extra.partition_date ?? v.parse(named, event.tags).partition_date };
}

/** What of an event that anybody may have written has limits; what is not of Sentry's types is passed over. */
export function inspectedOf(event: JsonObject): Inspected {
  const { environment, timestamp, tags, extra } = event;
  const message = messageTextOf(event.message, 'formatted') ?? messageTextOf(event.logentry, 'formatted') ?? '';
  const seconds = typeof timestamp === 'string' ? Date.parse(timestamp) / 1000 : timestamp;
  const texts = Object.entries(isObject(tags) ? tags : {}).flatMap(([name, value]) =>
    value !== null && typeof value === 'object' ? [] : [[name, String(value ?? '')]],
  );
  return {
    message,
    ...(typeof environment === 'string' ? { environment } : {}),
    tags: Object.fromEntries(texts),
    extra: isObject(extra) ? extra : {},
    timestamp: typeof seconds === 'number' && Number.isFinite(seconds) ? seconds : null,
  };
}
