import type { EventMatch, FailureRow, InboxEvent } from '../../engine/api.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten } from '../text.ts';

/** Which failure an event tells of and how that is known, in a sentence. */
export function matchWords(match: EventMatch, event: Pick<InboxEvent, 'runId'>, l10n: L10n): string {
  const [row] = match.rows;
  if (!row) return unknown(event, l10n);
  if (match.rows.length > 1) {
    return match.by === 'run'
      ? l10n.t('Tells of one of {0} failures of its run.', match.rows.length)
      : l10n.t('Tells of one of {0} failures with its message.', match.rows.length);
  }
  const what = shorten(failureWords(row, l10n), 200);
  switch (match.by) {
    case 'event':
      return l10n.t('Firedrill made it of {0}.', what);
    case 'run':
      return l10n.t('Tells of {0}: the same run.', what);
    case 'message':
    case 'none':
      return l10n.t('Tells of {0}, by its message.', what);
  }
}

/** Why no failure is known, and what could be done. */
function unknown({ runId }: Pick<InboxEvent, 'runId'>, l10n: L10n): string {
  return runId === null
    ? l10n.t('It names no run, and no failure here has its message.')
    : l10n.t(
        'No failure of its run {0} is known here: another instance’s, or older than what was listed. Look Back lists earlier ones.',
        oneLine(runId).slice(0, 8),
      );
}

/** A failure in a few words: what failed, where, how it stands. */
export function failureWords(row: FailureRow, l10n: L10n): string {
  const status = {
    pending: l10n.t('pending'),
    sent: l10n.t('sent'),
    dismissed: l10n.t('dismissed'),
  }[row.status];
  return dotted(
    row.kind === 'check'
      ? l10n.t('{0} on {1}', oneLine(row.label), oneLine(row.detail))
      : l10n.t('{0} ({1})', oneLine(row.label), oneLine(row.detail)),
    row.partition === null ? null : l10n.t('partition {0}', oneLine(row.partition)),
    status,
  );
}
