import type { FailureRow } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';

/** Neither what a person made nor what was there before Firedrill is news. */
export const isNews = ({ test, beforeFiredrill }: FailureRow): boolean => !test && !beforeFiredrill;

/** `newest` is one of `count` failures. */
export const newsText = (count: number, newest: FailureRow, l10n: L10n): string =>
  count === 1 ? newest.title : l10n.t('{0} new failures, the last one: {1}', count, newest.title);
