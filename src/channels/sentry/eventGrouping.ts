import { isList, type JsonObject } from '../../failure/json.ts';
import { type GroupingInfo, groupingOf } from './grouping.ts';
import { exceptionsOf, messageTextOf, type ReceivedException, type ReceivedFrame } from './receivedEvent.ts';

const DEFAULT = /^\{\{\s*default\s*\}\}$/;

/** Which issue Sentry would put an event into, and by what of it. */
export interface EventGrouping extends GroupingInfo {
  readonly by: 'fingerprint' | 'exception' | 'message';
  /** The key of failures whose events would join it; null where no failure's would: these are grouped by message. */
  readonly failureKey: string | null;
}

/**
 * Events with an equal `key` would be one issue, as far as can be predicted without a project's own rules: by the
 * sender's fingerprint, else by the exceptions with their frames, else by the message (Sentry's
 * `grouping/strategies`). Any JSON object is taken.
 */
export function groupingOfEvent(event: JsonObject): EventGrouping {
  const { fingerprint } = event;
  const usual = defaultGrouping(event);
  // As in Sentry, a part that is null, a list or an object is none.
  const texts = isList(fingerprint) ? fingerprint.filter((part) => typeof part !== 'object').map(String) : [];
  if (texts.length === 0) return usual;
  const parts = texts.map((text) => (DEFAULT.test(text) ? usual : text));
  return {
    key: JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : part.key))),
    title: parts.map((part) => (typeof part === 'string' ? part : part.title)).join(', '),
    ignored: [],
    by: 'fingerprint',
    failureKey: null,
  };
}

export const groupingKeyOfEvent = (event: JsonObject): string => groupingOfEvent(event).key;

function defaultGrouping(event: JsonObject): EventGrouping {
  const exceptions = exceptionsOf(event.exception);
  const keys = exceptions.map(exceptionKey).filter((key) => key !== '');
  if (keys.length > 0) {
    const named = exceptions.at(-1); // Sentry names an event by its last exception
    const title = [named?.type, named?.value].filter((part) => part).join(': ');
    return { key: `exception ${keys.join(' | ')}`, title, ignored: [], by: 'exception', failureKey: null };
  }
  const text = messageTextOf(event.message, 'message') ?? messageTextOf(event.logentry, 'message') ?? '';
  const { key, title, ignored } = groupingOf(text);
  return { key: `message ${key}`, title, ignored, by: 'message', failureKey: key };
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
