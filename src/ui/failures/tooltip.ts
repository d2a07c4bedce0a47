import type { Delivery, FailureIssue, FailureRow } from '../../engine/api.ts';
import type { DagsterError, Failure } from '../../failure/failure.ts';
import type { MetadataEntry } from '../../failure/metadata.ts';
import { toldOf } from '../../failure/told.ts';
import type { L10n } from '../l10n.ts';
import { dotted, oneLine, shorten } from '../text.ts';
import { age, clock, exactClock, longTime } from '../time.ts';
import { deliveryWords } from './deliveryWords.ts';
import { reasonWords } from './reasonWords.ts';

const LINES = 10;
const LINE = 160;

/**
 * What the pointer finds over a failure: plain text, short however long the failure is.
 * @param delivery its newest, where that waits or failed.
 */
export function failureTooltip(
  row: FailureRow,
  failure: Failure,
  issue: FailureIssue,
  delivery: Delivery | null,
  now: number,
  l10n: L10n,
): string {
  const name =
    failure.kind === 'check'
      ? l10n.t('{0} on {1}', oneLine(row.label), oneLine(row.detail))
      : l10n.t('{0} ({1})', oneLine(row.label), oneLine(row.detail));
  const head = [
    shorten(name, LINE),
    dotted(
      failure.kind === 'check' ? failure.severity : reasonWords(failure.failureReason, l10n),
      row.partition === null ? null : l10n.t('partition {0}', oneLine(row.partition)),
      row.codeLocation === null ? null : l10n.t('code location {0}', oneLine(row.codeLocation)),
    ),
    dotted(
      `${exactClock(row.timestamp * 1000)}, ${age(row.timestamp * 1000, now, l10n)}`,
      row.storageId === null ? null : l10n.t('storage id {0}', row.storageId),
      row.runId === null ? null : l10n.t('run {0}', row.runId.slice(0, 8)),
    ),
  ];
  const body =
    failure.kind === 'check'
      ? [
          ...(failure.description === null ? [] : [shorten(oneLine(failure.description), LINE)]),
          ...metadata(failure.metadata, now, l10n),
        ]
      : causes(failure.step?.error ?? failure.error, failure.message, l10n);
  const foot = [
    row.passedSince === null ? '' : l10n.t('The check passed since, at {0}.', clock(row.passedSince * 1000)),
    issueText(issue, name, l10n),
    row.willRetry ? l10n.t('Dagster will retry this run.') : '',
    row.sameCauseAs === null
      ? ''
      : l10n.t('Same cause as the check failure {0}.', shorten(oneLine(row.sameCauseAs), LINE)),
    sentences(
      row.beforeFiredrill ? l10n.t('Recorded before Firedrill met this instance.') : '',
      row.test ? l10n.t('A test failure.') : '',
      delivery !== null && row.status === 'pending' ? '' : statusText(row, l10n),
    ),
    delivery === null ? '' : deliveryWords(delivery, now, l10n),
  ];
  return [head, body, foot]
    .map((part) => part.filter((line) => line !== '').join('\n'))
    .filter((part) => part !== '')
    .join('\n\n');
}

const sentences = (...all: readonly string[]): string => all.filter((text) => text !== '').join(' ');

function statusText(row: FailureRow, l10n: L10n): string {
  switch (row.status) {
    case 'pending':
      return l10n.t('Not sent.');
    case 'sent':
      return l10n.t('Sent.');
    case 'dismissed':
      return l10n.t('Dismissed.');
  }
}

/** Says nothing where the failure would make an issue of its own; the issue's name only where it is not the failure's. */
function issueText({ title, otherPending }: FailureIssue, name: string, l10n: L10n): string {
  if (otherPending === 0) return '';
  if (oneLine(title) === name) {
    return otherPending === 1
      ? l10n.t('Joins 1 other pending in Sentry’s issue of that name.')
      : l10n.t('Joins {0} others pending in Sentry’s issue of that name.', otherPending);
  }
  const issue = shorten(oneLine(title), LINE);
  return otherPending === 1
    ? l10n.t('Joins 1 other pending in Sentry’s issue {0}.', issue)
    : l10n.t('Joins {0} others pending in Sentry’s issue {1}.', otherPending, issue);
}

function metadata(entries: readonly MetadataEntry[], now: number, l10n: L10n): readonly string[] {
  const lines = entries
    .slice(0, LINES)
    .map((entry) => shorten(`${oneLine(entry.name)}: ${brief(entry, now, l10n)}`, LINE));
  return entries.length > LINES ? [...lines, l10n.t('and {0} more', entries.length - LINES)] : lines;
}

/** A value in a few words: lists and tables by their size, what is sent as Dagster's text form as in the preview. */
function brief({ type, value }: MetadataEntry, now: number, l10n: L10n): string {
  const told = toldOf(type, value, l10n);
  if (told !== null) {
    return shorten(oneLine(told.map(({ name, note }) => (note === '' ? name : `${name} ${note}`)).join('; ')), LINE);
  }
  if (value === '') return l10n.t('empty text');
  if (type === 'timestamp' && typeof value === 'number' && isTime(value * 1000)) return longTime(value * 1000, now);
  if (Array.isArray(value)) return value.length === 1 ? l10n.t('1 item') : l10n.t('{0} items', value.length);
  if (value !== null && typeof value === 'object') {
    const records = 'records' in value ? value.records : undefined;
    if (Array.isArray(records)) return records.length === 1 ? l10n.t('1 row') : l10n.t('{0} rows', records.length);
    return shorten(oneLine(JSON.stringify(value)), LINE);
  }
  return shorten(oneLine(String(value)), LINE);
}

const isTime = (ms: number): boolean => !Number.isNaN(new Date(ms).getTime());

/** The error and what caused it, one line each. */
function causes(error: DagsterError | null, message: string, l10n: L10n): readonly string[] {
  if (error === null) return [shorten(oneLine(message), LINE)];
  const lines: string[] = [];
  for (let at: DagsterError | null = error; at !== null && lines.length < LINES; at = at.cause) {
    const line = shorten(oneLine(at.message), LINE);
    lines.push(lines.length === 0 ? line : l10n.t('caused by {0}', line));
  }
  return lines;
}
