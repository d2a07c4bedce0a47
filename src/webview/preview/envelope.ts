import type { EnvelopeLine } from '../../engine/api.ts';
import { t } from '../shared/l10n.ts';

/** One line of an envelope. */
export interface EnvelopePart {
  readonly label: string;
  /** Of a long line its beginning; null where it is not known. */
  readonly text: string | null;
  readonly bytes: number;
  /** A payload can be read indented. */
  readonly payload: boolean;
}

/** The lines of an envelope, sent or received, with their names. */
export const envelopeParts = (lines: readonly EnvelopeLine[]): readonly EnvelopePart[] =>
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
