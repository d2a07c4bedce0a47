import type { FailureGroup, FailureGrouping } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import type { TreeRow } from '../tree.ts';

/** The group that each grouping has for what was recorded before Firedrill met the instance. */
export const BEFORE = 'before';

/** A group as a row: what its failures share, then how many they are. */
export function groupRow(group: FailureGroup, grouping: FailureGrouping, open: boolean, l10n: L10n): TreeRow {
  const { key, total } = group;
  const { label, note } = nameOf(group, grouping, l10n);
  return {
    id: `group:${grouping}:${key}`,
    label,
    description: dotted(String(total), note),
    spoken: spoken(label, note, total === 1 ? l10n.t('1 failure') : l10n.t('{0} failures', total)),
    icon: null,
    context: null,
    folder: open ? 'open' : 'closed',
  };
}

/** How the issue of a check failure ends. */
const SEVERITY = / \((?:WARN|ERROR)\)$/;

function nameOf(
  { key, newest, issue }: FailureGroup,
  grouping: FailureGrouping,
  l10n: L10n,
): { readonly label: string; readonly note: string | null } {
  if (key === BEFORE) return { label: l10n.t('Before Firedrill'), note: null };
  switch (grouping) {
    case 'kind':
      return { label: key === 'check' ? l10n.t('Check failures') : l10n.t('Run failures'), note: null };
    case 'location':
      return {
        label: shown(newest.oem),
        note: newest.codeLocation === null ? l10n.t('no code location') : shown(newest.codeLocation),
      };
    case 'asset':
      return { label: newest.asset === null ? l10n.t('No asset') : shown(newest.asset), note: null };
    case 'issue':
      // The row is narrow: its count must not stand behind a severity.
      return newest.kind === 'run'
        ? { label: shown(issue), note: null }
        : { label: shown(issue.replace(SEVERITY, '')), note: newest.severity };
  }
}

const shown = (text: string): string => shorten(oneLine(text), 200);

/** The last row of a group that is not shown whole. */
export function moreRow(key: string, grouping: FailureGrouping, hidden: number, l10n: L10n): TreeRow {
  return {
    id: `more:${grouping}:${key}`,
    label: l10n.t('Show more'),
    description: l10n.t('{0} more', hidden),
    spoken: l10n.t('Show more, {0} are not shown', hidden),
    icon: null,
    context: null,
    folder: null,
  };
}

/** The last row of a view that does not show all of its groups. */
export function moreGroupsRow(hidden: number, l10n: L10n): TreeRow {
  return {
    id: 'more groups',
    label: l10n.t('Show more'),
    description: hidden === 1 ? l10n.t('1 more group') : l10n.t('{0} more groups', hidden),
    spoken:
      hidden === 1 ? l10n.t('Show more, 1 group is not shown') : l10n.t('Show more, {0} groups are not shown', hidden),
    icon: null,
    context: null,
    folder: null,
  };
}
