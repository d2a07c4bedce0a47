import type { EnvelopeLine } from '../../engine/api.ts';
import { t } from '../shared/l10n.ts';

/** One line of an envelope. */
export interface EnvelopePart {
  readonly label: string;
  /** null where it is not known. */
  readonly text: string | null;
  readonly bytes: number;
  /** A payload can be read indented. */
  readonly payload: boolean;
}

const objectOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

/**
 * The lines of a Sentry envelope: its header, then for each item a header and a payload. A payload is as long as the
 * item header's `length` says (bytes), else it ends with its line. Anything else is one part, as it stands.
 */
export const envelopeParts = (body: string): readonly EnvelopePart[] => {
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const all = encoder.encode(body);
  const parts: EnvelopePart[] = [];
  let at = 0;
  const take = (length: number | null): string => {
    const newline = all.indexOf(10, at);
    const end = length === null ? (newline < 0 ? all.length : newline) : Math.min(all.length, at + length);
    const text = decoder.decode(all.subarray(at, end));
    at = end + 1;
    return text;
  };
  const add = (label: string, text: string, payload: boolean): void => {
    parts.push({ label, text, payload, bytes: encoder.encode(text).length });
  };
  add(t('header'), take(null), false);
  while (at < all.length) {
    const header = take(null);
    if (header === '') continue;
    add(t('item header'), header, false);
    if (at >= all.length) break;
    const { length, type } = objectOf(header);
    add(t('item: {0}', typeof type === 'string' ? type : '?'), take(typeof length === 'number' ? length : null), true);
  }
  return parts;
};

/** The lines of an envelope that the inbox received. */
export const receivedParts = (lines: readonly EnvelopeLine[]): readonly EnvelopePart[] =>
  lines.map(({ kind, type, text, bytes }) => ({
    label: labelOf(kind, type),
    text,
    bytes,
    payload: kind === 'payload',
  }));

const labelOf = (kind: EnvelopeLine['kind'], type: string | null): string => {
  switch (kind) {
    case 'header':
      return t('header');
    case 'item header':
      return t('item header');
    case 'payload':
      return t('item: {0}', type ?? '?');
  }
};

/** Always this many dots: neither the key's length nor any part of it shows. */
export const KEY_DOTS = '••••••••';

/** A header's value with whatever stands for the key replaced by dots; the engine masks it already. */
export const maskKey = (value: string): string => value.replace(/(sentry_key\s*=\s*)[^,\s]*/gi, `$1${KEY_DOTS}`);
