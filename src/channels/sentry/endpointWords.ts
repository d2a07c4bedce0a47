import * as v from 'valibot';
import { jsonOrUndefined } from '../../failure/json.ts';
import type { EndpointAnswer } from '../channel.ts';

/** Relay's error body: `detail` says what, `causes` why. Others that speak the protocol use `error` or `message`. */
const ErrorBody = v.object({
  detail: v.optional(v.string()),
  causes: v.optional(v.array(v.string())),
  error: v.optional(v.string()),
  message: v.optional(v.string()),
});

const MAX_CHARACTERS = 300;

/** What the endpoint says in its own words, as one short line of plain text; null when it says nothing. */
export function endpointWords(answer: EndpointAnswer): string | null {
  const words = [answer.headers['x-sentry-error'] ?? '', ...bodyWords(answer)].map(plain).filter((text) => text !== '');
  const said = [...new Set(words)].join('; ');
  return said === '' ? null : shorten(said);
}

/** Whether the answer is a web page: Sentry never answers an envelope with one. */
export const isWebPage = (answer: EndpointAnswer): boolean =>
  /\btext\/html\b/i.test(answer.headers['content-type'] ?? '') || /^\s*<(?:!doctype html|html)\b/i.test(answer.body);

/** Text from outside as plain text on one line: no control characters, no runs of spaces, no half characters. */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ')
    .trim();

function shorten(text: string): string {
  const characters = [...text];
  return characters.length <= MAX_CHARACTERS ? text : `${characters.slice(0, MAX_CHARACTERS - 1).join('')}…`;
}

function bodyWords(answer: EndpointAnswer): readonly string[] {
  if (isWebPage(answer)) {
    const title = /<title[^>]*>([^<]*)/i.exec(answer.body)?.[1] ?? '';
    return [decodeEntities(title)];
  }
  const json = jsonOrUndefined(answer.body);
  if (json === undefined) return [answer.body];
  const body = v.safeParse(ErrorBody, json);
  if (!body.success) return [typeof json === 'string' ? json : answer.body];
  const { detail, causes = [], error, message } = body.output;
  return [detail ?? error ?? message ?? '', ...causes];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
const decodeEntities = (text: string): string =>
  text.replace(/&(#?\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
