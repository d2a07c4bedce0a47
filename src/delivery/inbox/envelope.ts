import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import type { JsonObject } from '../../failure/json.ts';
import type { EnvelopeLine } from '../../store/inboxEvents.ts';
import { malformed, tooLarge } from './answer.ts';
import { LIMITS } from './limits.ts';

/** An event with its JSON text as received. */
export interface ParsedEvent {
  readonly event: JsonObject;
  readonly json: string;
}

export interface ParsedEnvelope {
  readonly header: JsonObject;
  readonly event: ParsedEvent | null;
  /** Line by line as it came; an event's text is left out, as `event` has it. */
  readonly lines: readonly EnvelopeLine[];
}

const NEWLINE = 10;
/** A longer line than this is told by its size only. */
const KEPT_LINE = 65_536;
const itemHeader = v.looseObject({
  type: v.string(),
  length: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
});
/** Items that share the limit of an event and of which an envelope holds at most one (Relay's `sizes.rs`). */
const EVENT_LIKE: ReadonlySet<string> = new Set(['event', 'transaction']);

/**
 * Parses an envelope by the letter of its specification (develop.sentry.dev, Envelopes) and says what is wrong with a
 * malformed one. The SDK's `parseEnvelope` does not serve: it takes an item that was cut off as whole, fails on empty
 * payloads and on text without a length, and names nothing.
 */
export function parseEnvelope(bytes: Buffer): ParsedEnvelope {
  const header = headerLine(bytes, 0, 'the envelope header');
  const lines: EnvelopeLine[] = [lineOf('header', null, bytes.subarray(0, header.next - 1))];
  let event: ParsedEvent | null = null;
  let eventLike = 0;
  let at = header.next;
  for (let number = 1; at < bytes.length; number += 1) {
    if (number > LIMITS.items) throw tooLarge('envelope');
    const item = nextItem(bytes, at, number);
    at = item.next;
    if (EVENT_LIKE.has(item.type)) {
      eventLike += 1;
      if (eventLike > 1 || item.payload.length > LIMITS.event) throw tooLarge(item.type);
    }
    if (item.type === 'event') event = parseEvent(item.payload, `item ${number} (event)`);
    lines.push(lineOf('item header', null, item.header), lineOf('payload', item.type, item.payload));
  }
  return { header: header.value, event, lines };
}

/** Parses one event, of an envelope or of the store endpoint. `what` names it in an error. */
export function parseEvent(payload: Buffer, what: string): ParsedEvent {
  if (payload.length > LIMITS.event) throw tooLarge('event');
  const json = utf8(payload, what);
  return { json, event: jsonObject(json, what) };
}

interface Item {
  readonly type: string;
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly next: number;
}

function nextItem(bytes: Buffer, at: number, number: number): Item {
  const line = headerLine(bytes, at, `the header of item ${number}`);
  const checked = v.safeParse(itemHeader, line.value);
  if (!checked.success) {
    throw malformed(`the header of item ${number} has no valid ${'type' in line.value ? 'length' : 'type'}`);
  }
  const { type, length } = checked.output;
  const header = bytes.subarray(at, line.next - 1);
  if (length === undefined) {
    const end = endOfLine(bytes, line.next);
    return { type, header, payload: bytes.subarray(line.next, end), next: end + 1 };
  }
  const end = line.next + length;
  if (end > bytes.length) {
    const came = Math.max(0, bytes.length - line.next);
    throw malformed(`item ${number} (${shown(type)}) is cut off: ${came} of ${length} bytes came`);
  }
  if (end < bytes.length && bytes[end] !== NEWLINE) {
    throw malformed(`item ${number} (${shown(type)}) does not end after the ${length} bytes of its length`);
  }
  return { type, header, payload: bytes.subarray(line.next, end), next: end + 1 };
}

/** A line as it is kept; bytes that are no text are told by their number. */
export function lineOf(kind: EnvelopeLine['kind'], type: string | null, line: Buffer): EnvelopeLine {
  const kept = type !== 'event' && line.length <= KEPT_LINE && isUtf8(line);
  return { kind, type: type === null ? null : shown(type), bytes: line.length, text: kept ? line.toString() : null };
}

function headerLine(bytes: Buffer, at: number, what: string): { readonly value: JsonObject; readonly next: number } {
  const end = endOfLine(bytes, at);
  return { value: jsonObject(utf8(bytes.subarray(at, end), what), what), next: end + 1 };
}

function endOfLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(NEWLINE, at);
  return end < 0 ? bytes.length : end;
}

function utf8(bytes: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw malformed(`${what} is not UTF-8`);
  }
}

function jsonObject(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(`${what} is not JSON`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} is no JSON object`);
  return value as JsonObject; // JSON.parse makes nothing else
}

const shown = (type: string): string => type.slice(0, 40);
