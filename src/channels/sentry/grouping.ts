import { withoutStart } from '../../failure/titleStart.ts';
import { MAX_MESSAGE_CHARACTERS } from './limits.ts';
import { replaceVarying } from './placeholders.ts';

/** Which issue an event will join, as far as can be predicted: events with equal `key` become one. */
export interface GroupingInfo {
  /** The message as Sentry compares it, e.g. `… discrepancies on audi/<int>/prices (WARN)`. */
  readonly key: string;
  /** The issue for people, e.g. `discrepancies on audi/…/prices (WARN)`. */
  readonly title: string;
  /** The parts of the message that make no difference, e.g. `2024`. */
  readonly ignored: readonly string[];
}

/** Python's line ends (`str.splitlines`). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python ends a line at these control characters too.
const LINE_END = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/;

/**
 * Sentry groups an event that has only a message by the first two lines of it that are not empty, after it replaced
 * what varies by placeholders (Sentry's `grouping/strategies/message` and `grouping/parameterization`).
 */
export function groupingOf(message: string): GroupingInfo {
  // Relay has shortened the message before it is grouped.
  const received = message.slice(0, MAX_MESSAGE_CHARACTERS);
  const lines = received
    .split(LINE_END)
    .filter((line) => line.trim() !== '')
    .slice(0, 2);
  const compared = lines.join('\n');
  const shortened = compared === received ? compared : `${compared}...`;
  const ignored: string[] = [];
  const key = replaceVarying(shortened, (kind, found) => {
    ignored.push(found);
    return `<${kind}>`;
  });
  const title = replaceVarying(withoutStart(lines[0] ?? ''), () => '…');
  return { key, title, ignored };
}

/** Sentry's headline of a message event: its first line, at most 256 characters (Sentry's `eventtypes`). */
export function headline(message: string): string {
  const characters = [...(message.trim().split(LINE_END, 1)[0] ?? '')];
  return characters.length <= 256 ? characters.join('') : `${characters.slice(0, 253).join('')}...`;
}
