import * as v from 'valibot';
import { groupingKeyOfEvent } from '../../channels/sentry/eventGrouping.ts';
import { exceptionsOf, messageTextOf, namedBy, text } from '../../channels/sentry/receivedEvent.ts';
import type { JsonObject } from '../../failure/json.ts';
import type { InboxEvent } from '../delivery.ts';

/** What a row shows of a received event. */
export type Described = Pick<
  InboxEvent,
  'eventId' | 'title' | 'level' | 'sender' | 'runId' | 'partition' | 'groupingKey'
>;

const LEVELS: ReadonlySet<string> = new Set(['debug', 'info', 'warning', 'error', 'fatal']);
const TITLE = 300;

const sdk = v.looseObject({ name: v.string(), version: text });

/**
 * Title, level, sender, run and partition of an event, as Sentry finds them. A field of another type than Sentry's is passed
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
    ...namedBy(event),
    groupingKey: groupingKeyOfEvent(event),
  };
}

function titleOf(event: JsonObject): string {
  const said = messageTextOf(event.message, 'formatted') ?? messageTextOf(event.logentry, 'formatted');
  const title =
    exceptionOf(event.exception) ?? said ?? (typeof event.transaction === 'string' ? event.transaction : '');
  const line = title.split(/\r?\n/).find((each) => each.trim() !== '');
  return line === undefined ? '<unlabeled event>' : line.trim().slice(0, TITLE).toWellFormed();
}

/** Sentry names an event by its last exception. */
function exceptionOf(value: unknown): string | null {
  const last = exceptionsOf(value).at(-1);
  if (last === undefined) return null;
  return [last.type, last.value].filter((part) => part !== null && part !== '').join(': ') || null;
}

function sdkName(value: unknown): string | null {
  const parsed = v.safeParse(sdk, value);
  if (!parsed.success) return null;
  return parsed.output.version === null ? parsed.output.name : `${parsed.output.name} ${parsed.output.version}`;
}
