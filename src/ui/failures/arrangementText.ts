import type { FailureFilter, FailureGrouping } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine } from '../text.ts';
import { type Arrangement, isFiltered } from './arrangement.ts';

/** How the view is grouped and what it lists, in few words; empty for pending failures by kind. */
export const arrangementText = ({ grouping, filter }: Arrangement, l10n: L10n): string =>
  dotted(
    grouping === 'kind' ? null : groupingText(grouping, l10n),
    isFiltered(filter) ? filterText(filter, l10n) : null,
  );

export function groupingText(grouping: FailureGrouping, l10n: L10n): string {
  switch (grouping) {
    case 'kind':
      return l10n.t('by kind');
    case 'location':
      return l10n.t('by location');
    case 'asset':
      return l10n.t('by asset');
    case 'issue':
      return l10n.t('by issue');
  }
}

/** Only what narrows: a part with all its values lets everything through. */
function filterText(filter: FailureFilter, l10n: L10n): string {
  const one = <T extends string>(values: readonly T[], word: (value: T) => string): string | null =>
    values.length === 0 ? null : values.map(word).join(', ');
  return dotted(
    filter.text === '' ? null : `“${oneLine(filter.text)}”`,
    one(filter.kinds, (kind) => (kind === 'check' ? l10n.t('checks') : l10n.t('runs'))),
    one(filter.severities, (severity) => severity),
    one(filter.places, oneLine),
    one(filter.origins, (origin) => (origin === 'test' ? l10n.t('test') : l10n.t('real'))),
    one(filter.times, (time) => (time === 'before' ? l10n.t('before Firedrill') : l10n.t('since Firedrill'))),
    one(filter.passed, (passed) => (passed === 'passed' ? l10n.t('since passed') : l10n.t('not passed since'))),
    filter.statuses.join() === 'pending' ? null : one(filter.statuses, (status) => statusWord(status, l10n)),
    filter.statuses.length === 0 ? l10n.t('any state') : null,
  );
}

function statusWord(status: FailureFilter['statuses'][number], l10n: L10n): string {
  switch (status) {
    case 'pending':
      return l10n.t('pending');
    case 'sent':
      return l10n.t('sent');
    case 'dismissed':
      return l10n.t('dismissed');
  }
}
