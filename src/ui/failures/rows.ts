import type { FailureGrouping, FailureRow } from '../../engine/api.ts';
import { ROWS } from '../ids.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten, spoken } from '../text.ts';
import { clock, shortTime } from '../time.ts';
import type { RowIcon, TreeRow } from '../tree.ts';

/**
 * One failure as a row of about 34 characters: the label is what one looks for, the description goes from what tells
 * rows apart to what may be cut off. What the rows of a group share, their group says.
 */
export function failureRow(row: FailureRow, now: number, l10n: L10n, grouping: FailureGrouping = 'kind'): TreeRow {
  const marks = failureMarks(row, l10n);
  const severity = row.kind === 'check' ? row.severity : null;
  const time = shortTime(row.timestamp * 1000, now);
  const { label, detail, partition } = partsIn(row, grouping, time);
  return {
    id: `failure:${row.id}`,
    label: shorten(oneLine(label), 200),
    description: dotted(
      ...marks,
      row.sameCauseAs === null ? shorten(oneLine(detail), 120) : null,
      label === time ? null : time,
      grouping === 'issue' && !row.beforeFiredrill ? null : severity,
      partition === null ? null : oneLine(partition),
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
      ...(row.delivery === null ? [] : [row.delivery]),
    ].join(' '),
    folder: null,
  };
}

/** Label, detail and partition as far as the group does not say them. */
function partsIn(
  row: FailureRow,
  grouping: FailureGrouping,
  time: string,
): { readonly label: string; readonly detail: string; readonly partition: string | null } {
  const { label, detail, partition, asset } = row;
  if (row.beforeFiredrill) return { label, detail, partition };
  switch (grouping) {
    case 'kind':
    case 'location':
      return { label, detail, partition };
    case 'asset':
      return label === asset
        ? { label: detail, detail: '', partition }
        : { label, detail: detail === asset ? '' : detail, partition };
    case 'issue':
      return { label: partition ?? time, detail: asset ?? label, partition: null };
  }
}

/** What is special about a failure, as words. */
export function failureMarks(row: FailureRow, l10n: L10n): readonly string[] {
  const marks: string[] = [];
  if (row.status === 'sent') marks.push(l10n.t('sent'));
  if (row.status === 'dismissed') marks.push(l10n.t('dismissed'));
  if (row.delivery === 'waiting') marks.push(l10n.t('waiting'));
  if (row.delivery === 'failed') marks.push(l10n.t('refused'));
  if (row.test) marks.push(l10n.t('test'));
  if (row.willRetry) marks.push(l10n.t('will retry'));
  if (row.passedSince !== null) marks.push(l10n.t('since passed'));
  if (row.sameCauseAs !== null) marks.push(l10n.t('same cause as {0}', shorten(oneLine(row.sameCauseAs), 120)));
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
