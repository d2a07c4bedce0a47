import type { TestFields } from '../../../engine/api.ts';
import { t } from '../../shared/l10n.ts';
import { textOfValue } from './metadataText.ts';
import type { CheckDraft, Draft, Notes, RunDraft, Tags } from './model.ts';

type Was = (place: string, old: string) => void;

/** What is said beside a changed field, by its place. */
export const marksOf = (draft: Draft, before: TestFields, specified: Tags): Notes => {
  const marks = new Map<string, string>();
  const was: Was = (place, old) => marks.set(place, old === '' ? t('was empty') : t('was {0}', shortened(old)));
  if (draft.partition.trim() !== (before.partition ?? '')) was('partition', before.partition ?? '');
  if (draft.kind === 'check' && before.kind === 'check') markCheck(draft, before, marks, was);
  if (draft.kind === 'run' && before.kind === 'run') markRun(draft, before, was);
  for (const { id, name, text, removed, specified: own } of draft.tags) {
    const place = `tag ${id}`;
    const value = before.tags[name] === undefined ? specified[name] : before.tags[name];
    if (removed) marks.set(place, t('removed'));
    else if (value === undefined || value === null) marks.set(place, own ? t('was left out') : t('added'));
    else if (value !== text) was(place, value);
  }
  return marks;
};

const markCheck = (
  draft: CheckDraft,
  before: Extract<TestFields, { kind: 'check' }>,
  marks: Map<string, string>,
  was: Was,
): void => {
  if (draft.severity !== before.severity) was('severity', before.severity);
  for (const { id, name, type, text, removed } of draft.metadata) {
    const place = `metadata ${id}`;
    const entry = before.metadata.find((each) => each.name === name);
    if (removed) marks.set(place, t('removed'));
    else if (!entry) marks.set(place, t('added'));
    else if (entry.type !== type) was(place, entry.type);
    else if (!sameText(text, textOfValue(entry))) was(place, textOfValue(entry));
  }
};

const markRun = (draft: RunDraft, before: Extract<TestFields, { kind: 'run' }>, was: Was): void => {
  if (draft.jobName.trim() !== before.jobName) was('job', before.jobName);
  if (draft.stepKey.trim() !== (before.stepKey ?? '')) was('step', before.stepKey ?? '');
  if (draft.errorClass.trim() !== before.errorClass) was('error-class', before.errorClass);
  if (draft.errorText !== before.errorText) was('error-text', before.errorText);
};

const sameText = (a: string, b: string): boolean => a.trim() === b.trim();

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
};
