import * as v from 'valibot';
import type { JsonObject } from '../../failure/json.ts';
import type { InboxEvent } from '../delivery.ts';

/** What a row shows of a received event. */
export type Described = Pick<InboxEvent, 'eventId' | 'title' | 'level' | 'sender' | 'runId'>;

const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warning', 'error', 'fatal']);
const TITLE = 300;

const text = v.optional(v.fallback(v.nullable(v.string()), null), null);
const message = v.looseObject({ formatted: text, message: text });
const exception = v.looseObject({ type: text, value: text });
const exceptions = v.array(exception);
const sdk = v.looseObject({ name: v.string(), version: text });

/**
 * Title, level, sender and run of an event, as Sentry finds them. A field of another type than Sentry's is passed
 * over, since any sender may write anything.
 */
export function describeEvent(
  event: JsonObject,
  from: { readonly sdk: unknown; readonly client: string | null; readonly userAgent: string | null },
): Described {
  const level = event.level;
  return {
    eventId: typeof event.event_id === 'string' ? event.event_id : null,
    title: titleOf(event),
    level: typeof level === 'string' && LEVELS.has(level) ? level : 'error',
    sender: sdkName(event.sdk) ?? sdkName(from.sdk) ?? from.client ?? from.userAgent ?? 'unknown sender',
    runId: runIdOf(event.extra),
  };
}

function titleOf(event: JsonObject): string {
  const said = [event.message, event.logentry].map(messageOf).find((words) => words !== null);
  const title =
    exceptionOf(event.exception) ?? said ?? (typeof event.transaction === 'string' ? event.transaction : '');
  const line = title.split(/\r?\n/).find((each) => each.trim() !== '');
  return line === undefined ? '<unlabeled event>' : line.trim().slice(0, TITLE).toWellFormed();
}

function messageOf(value: unknown): string | null {
  if (typeof value === 'string') return value.trim() === '' ? null : value;
  const parsed = v.safeParse(message, value);
  return parsed.success ? (parsed.output.formatted ?? parsed.output.message) : null;
}

/** Sentry names an event by its last exception; the list may be wrapped in `values` or not. */
function exceptionOf(value: unknown): string | null {
  const wrapped = v.safeParse(v.looseObject({ values: exceptions }), value);
  const parsed = wrapped.success
    ? v.safeParse(exceptions, wrapped.output.values)
    : v.safeParse(exceptions, Array.isArray(value) ? value : [value]);
  const last = parsed.success ? parsed.output.at(-1) : undefined;
  if (last === undefined) return null;
  return [last.type, last.value].filter((part) => part !== null && part !== '').join(': ') || null;
}

function sdkName(value: unknown): string | null {
  const parsed = v.safeParse(sdk, value);
  if (!parsed.success) return null;
  return parsed.output.version === null ? parsed.output.name : `${parsed.output.name} ${parsed.output.version}`;
}

function runIdOf(extra: unknown): string | null {
  const parsed = v.safeParse(v.looseObject({ run_id: v.string() }), extra);
  return parsed.success ? parsed.output.run_id : null;
}
