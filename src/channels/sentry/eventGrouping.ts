import type { JsonObject } from '../../failure/json.ts';
import { groupingOf } from './grouping.ts';
import { exceptionsOf, messageTextOf, type ReceivedException, type ReceivedFrame } from './receivedEvent.ts';

const DEFAULT = /^\{\{\s*default\s*\}\}$/;

/**
 * Equal for events that Sentry would put into one issue, as far as can be predicted without a project's own rules:
 * by the sender's fingerprint, else by the exceptions with their frames, else by the message (Sentry's
 * `grouping/strategies`). Any JSON object is taken.
 */
export function groupingKeyOfEvent(event: JsonObject): string {
  const { fingerprint } = event;
  if (!Array.isArray(fingerprint) || fingerprint.length === 0) return defaultKey(event);
  return JSON.stringify(fingerprint.map((part) => (DEFAULT.test(String(part)) ? defaultKey(event) : String(part))));
}

function defaultKey(event: JsonObject): string {
  const exceptions = exceptionsOf(event.exception)
    .map(exceptionKey)
    .filter((key) => key !== '');
  if (exceptions.length > 0) return `exception ${exceptions.join(' | ')}`;
  const text = messageTextOf(event.message, 'message') ?? messageTextOf(event.logentry, 'message') ?? '';
  return `message ${groupingOf(text).key}`;
}

/** With frames the value makes no difference; without, the value counts as a message does. */
function exceptionKey({ type, value, stacktrace }: ReceivedException): string {
  const frames = stacktrace?.frames ?? [];
  const own = frames.filter(({ in_app }) => in_app === true);
  const counted = (own.length > 0 ? own : frames).map(frameKey).filter((key) => key !== '');
  if (counted.length > 0) return `${type ?? ''} at ${counted.join(' > ')}`;
  return [type, value === null ? null : groupingOf(value).key].filter((part) => part !== null).join(': ');
}

const frameKey = (frame: ReceivedFrame): string =>
  [frame.module ?? frame.filename?.replace(/^.*[\\/]/, '') ?? '', frame.function ?? '']
    .filter((part) => part !== '')
    .join(' ');
