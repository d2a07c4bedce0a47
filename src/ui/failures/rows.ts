import type { FailureGroup, FailureRow } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';

/** Names the failure that shares a cause with another; null where it is not listed. */
export type CauseName = (row: FailureRow) => string | null;

/**
 * One failure as a row of about 34 characters: the label is what one looks for, the description goes from what tells
 * rows apart to what may be cut off.
 */
export function failureRow(row: FailureRow, cause: CauseName, now: number, l10n: L10n): TreeRow {
  const marks = failureMarks(row, cause, l10n);
  const severity = row.kind === 'check' ? row.severity : null;
  const detail = row.sameCauseAs === null ? oneLine(row.detail) : null;
  return {
    id: `failure:${row.id}`,
    label: shorten(oneLine(row.label), 200),
    description: dotted(
      ...marks,
      detail === null ? null : shorten(detail, 120),
      shortTime(row.timestamp * 1000, now),
      severity,
      row.partition === null ? null : oneLine(row.partition),
    ),
    spoken: spoken(
      ...marks,
      row.kind === 'check'
        ? l10n.t('check failure {0} on {1}', oneLine(row.label), oneLine(row.detail))
        : l10n.t('run failure {0} with {1}', oneLine(row.label), oneLine(row.detail)),
      severity,
      row.partition === null ? null : l10n.t('partition {0}', oneLine(row.partition)),
      clock(row.timestamp * 1000),
    ),
    icon: failureIcon(row),
    context: [
      ROWS.failure,
      row.kind,
      row.status,
      ...(row.runId === null ? [] : ['withRun']),
      ...(row.test ? ['test'] : []),
    ].join(' '),
    folder: null,
  };
}

/** What is special about a failure, as words. */
function failureMarks(row: FailureRow, cause: CauseName, l10n: L10n): readonly string[] {
  const marks: string[] = [];
  if (row.test) marks.push(l10n.t('test'));
  if (row.willRetry) marks.push(l10n.t('will retry'));
  if (row.passedSince !== null) marks.push(l10n.t('since passed'));
  if (row.sameCauseAs !== null) {
    const name = cause(row);
    marks.push(name === null ? l10n.t('same cause as a check failure') : l10n.t('same cause as {0}', oneLine(name)));
  }
  return marks;
}

export function failureIcon(row: FailureRow): RowIcon {
  if (row.passedSince !== null)
    return { name: row.severity === 'WARN' ? 'warning' : 'error', color: 'descriptionForeground' };
  const color =
    row.kind === 'check' && row.severity === 'WARN' ? 'problemsWarningIcon.foreground' : 'problemsErrorIcon.foreground';
  if (row.test) return { name: 'beaker', color };
  if (row.willRetry) return { name: 'sync', color };
  if (row.sameCauseAs !== null) return { name: 'link', color };
  return { name: color === 'problemsWarningIcon.foreground' ? 'warning' : 'error', color };
}

export function groupRow(group: FailureGroup, total: number, l10n: L10n): TreeRow {
  const label = groupLabel(group, l10n);
  return {
    id: `group:${group}`,
    label,
    description: String(total),
    spoken: spoken(label, total === 1 ? l10n.t('1 failure') : l10n.t('{0} failures', total)),
    icon: null,
    context: null,
    folder: group === 'before' ? 'closed' : 'open',
  };
}

function groupLabel(group: FailureGroup, l10n: L10n): string {
  switch (group) {
    case 'check':
      return l10n.t('Check failures');
    case 'run':
      return l10n.t('Run failures');
    case 'before':
      return l10n.t('Before Firedrill');
  }
}

/** The last row of a group that is not shown whole. */
export function moreRow(group: FailureGroup, hidden: number, l10n: L10n): TreeRow {
  return {
    id: `more:${group}`,
    label: l10n.t('Show more'),
    description: l10n.t('{0} more', hidden),
    spoken: l10n.t('Show more, {0} are not shown', hidden),
    icon: null,
    context: null,
    folder: null,
  };
}
