import * as l10n from '@vscode/l10n';
import { type JsonObject, pointer } from '../../failure/json.ts';
import { type Cut, count } from './cut.ts';
import { environmentProblem } from './settings.ts';
import { inspectExtra, MAX_LEVELS, MAX_VALUE_BYTES } from './trimming.ts';

/** Relay's `max_event_size`; a larger event is answered with 413 (develop.sentry.dev, envelopes, size limits). */
export const MAX_EVENT_BYTES = 1_048_576;
/** `LogEntry.formatted` (relay-event-schema, logentry.rs). */
export const MAX_MESSAGE_CHARACTERS = 8192;
/** `TagEntry` (relay-event-schema, tags.rs): a longer value, or one with a line feed, is dropped, not shortened. */
export const MAX_TAG_CHARACTERS = 200;
/** All of `Event.extra` (relay-event-schema, event.rs). */
export const MAX_EXTRA_BYTES = 262_144;
/** An event older, or further ahead, is dated when it arrives (Relay's event normalization, Sentry's settings). */
export const MAX_SECONDS_IN_PAST = 30 * 24 * 60 * 60;
export const MAX_SECONDS_IN_FUTURE = 60;

export interface Measure {
  readonly actual: number;
  readonly limit: number;
}

/** How near an event comes to Sentry's limits. */
export interface Measures {
  /** Bytes of the event's JSON. */
  readonly event: Measure;
  /** Characters of the message. */
  readonly message: Measure;
  /** Bytes, as Relay counts, of the largest value directly under `extra`, e.g. all of `metadata`. */
  readonly longestValue: Measure & { readonly path: string };
  /** Bytes, as Relay counts, of all of `extra`. */
  readonly extra: Measure;
  /** Levels of nesting, `extra` being the first. */
  readonly nesting: Measure;
  /** How many tags. */
  readonly tags: number;
}

/** What of an event has limits, whoever made it. */
export interface Inspected {
  readonly message: string;
  readonly environment?: string;
  readonly tags: { readonly [name: string]: string };
  readonly extra: JsonObject;
  /** Seconds since 1970; null where it has none. */
  readonly timestamp: number | null;
}

/**
 * What Sentry keeps of an event. `eventBytes` is the length of its JSON as sent; `now` is in ms since 1970 and
 * decides only whether the event is too old.
 */
export function inspectEvent(
  event: Inspected,
  eventBytes: number,
  now: number,
): { readonly cuts: readonly Cut[]; readonly measures: Measures } {
  const extra = inspectExtra(event.extra);
  const message = [...event.message].length;
  return {
    cuts: [
      ...sizeCuts(eventBytes),
      ...messageCuts(message),
      ...environmentCuts(event.environment),
      ...Object.entries(event.tags).flatMap(([name, value]) => tagCuts(name, value)),
      ...extra.cuts,
      ...ageCuts(event.timestamp, now),
    ],
    measures: {
      event: { actual: eventBytes, limit: MAX_EVENT_BYTES },
      message: { actual: message, limit: MAX_MESSAGE_CHARACTERS },
      longestValue: { path: extra.longest.path, actual: extra.longest.bytes, limit: MAX_VALUE_BYTES },
      extra: { actual: extra.bytes, limit: MAX_EXTRA_BYTES },
      nesting: { actual: extra.levels, limit: MAX_LEVELS },
      tags: Object.keys(event.tags).length,
    },
  };
}

function sizeCuts(actual: number): readonly Cut[] {
  if (actual <= MAX_EVENT_BYTES) return [];
  const what = l10n.t(
    'The event has {0} bytes: Sentry refuses one over {1} (413).',
    count(actual),
    count(MAX_EVENT_BYTES),
  );
  return [{ kind: 'refused', path: '', what, limit: MAX_EVENT_BYTES, actual, unit: 'bytes' }];
}

function messageCuts(actual: number): readonly Cut[] {
  if (actual <= MAX_MESSAGE_CHARACTERS) return [];
  const what = l10n.t(
    'The message has {0} characters: Sentry keeps the first {1}.',
    count(actual),
    count(MAX_MESSAGE_CHARACTERS),
  );
  return [{ kind: 'cut', path: '/message', what, limit: MAX_MESSAGE_CHARACTERS, actual, unit: 'characters' }];
}

function environmentCuts(environment: string | undefined): readonly Cut[] {
  const problem = environment === undefined ? null : environmentProblem(environment);
  if (environment === undefined || problem === null) return [];
  const what = l10n.t('Sentry drops this environment. {0}', problem);
  return [
    { kind: 'cut', path: '/environment', what, limit: 64, actual: Buffer.byteLength(environment), unit: 'bytes' },
  ];
}

function tagCuts(name: string, value: string): readonly Cut[] {
  const trimmed = value.trim();
  const actual = [...trimmed].length;
  const why =
    actual === 0
      ? l10n.t('it is empty')
      : trimmed.includes('\n')
        ? l10n.t('it has a line break')
        : actual > MAX_TAG_CHARACTERS
          ? l10n.t('it has {0} characters, over {1}', count(actual), MAX_TAG_CHARACTERS)
          : null;
  if (why === null) return [];
  const what = l10n.t('Sentry drops the value of the tag {0}: {1}.', name, why);
  return [{ kind: 'cut', path: pointer('/tags', name), what, limit: MAX_TAG_CHARACTERS, actual, unit: 'characters' }];
}

function ageCuts(timestamp: number | null, now: number): readonly Cut[] {
  if (timestamp === null) return [];
  const age = Math.round(now / 1000 - timestamp);
  if (age > MAX_SECONDS_IN_PAST) {
    const what = l10n.t('The failure is over 30 days old: Sentry dates the event when it arrives.');
    return [{ kind: 'cut', path: '/timestamp', what, limit: MAX_SECONDS_IN_PAST, actual: age, unit: 'seconds' }];
  }
  if (-age > MAX_SECONDS_IN_FUTURE) {
    const what = l10n.t('The failure lies over a minute in the future: Sentry dates the event when it arrives.');
    return [{ kind: 'cut', path: '/timestamp', what, limit: MAX_SECONDS_IN_FUTURE, actual: -age, unit: 'seconds' }];
  }
  return [];
}
