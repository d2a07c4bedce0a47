import type { TestFields, TestPreview } from '../../../engine/api.ts';
import type { FailureKind } from '../../../failure/failure.ts';
import { FOLLOWING_TAGS, TAG_NAME } from '../../../failure/followingTags.ts';
import type { MetadataType } from '../../../failure/metadata.ts';
import { t } from '../../shared/l10n.ts';
import { textOfValue, valueOfText } from './metadataText.ts';

/** A row of the form; `id` names it as long as the form is open. */
interface DraftRow {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** Left out of what is sent; it can be taken back. */
  readonly removed: boolean;
}
export interface DraftEntry extends DraftRow {
  readonly type: MetadataType;
}
export interface DraftTag extends DraftRow {
  /** One of the specified tags: its name stands. */
  readonly specified: boolean;
}

interface CommonDraft {
  readonly partition: string;
  readonly tags: readonly DraftTag[];
}
export interface CheckDraft extends CommonDraft {
  readonly kind: 'check';
  readonly severity: 'WARN' | 'ERROR';
  readonly metadata: readonly DraftEntry[];
}
export interface RunDraft extends CommonDraft {
  readonly kind: 'run';
  readonly jobName: string;
  /** Empty: no step failed. */
  readonly stepKey: string;
  readonly errorClass: string;
  readonly errorText: string;
}
/** A test failure as it is typed: whatever stands in the form, valid or not. */
export type Draft = CheckDraft | RunDraft;

export type Tags = TestPreview['specifiedTags'];
/** What is wrong, or what was there before, by its place in the form: `partition`, `metadata 3` (its value), `metadata 3 name`, `tag 1`. */
export type Notes = ReadonlyMap<string, string>;

/** Tags of this kind that the form has fields of their own for. */
const following = (kind: FailureKind): ReadonlySet<string> => new Set(FOLLOWING_TAGS[kind]);

/** The form for these fields; metadata that was there before and is no more is offered to be taken back. */
export const draftOf = (fields: TestFields, before: TestFields, specified: Tags): Draft => {
  const common = { partition: fields.partition ?? '', tags: draftTags(fields, specified) };
  if (fields.kind === 'run') return { ...fields, ...common, stepKey: fields.stepKey ?? '' };
  const kept = new Set(fields.metadata.map(({ name }) => name));
  const gone = before.kind === 'check' ? before.metadata.filter(({ name }) => !kept.has(name)) : [];
  return {
    kind: 'check',
    ...common,
    severity: fields.severity,
    metadata: [
      ...fields.metadata.map((entry) => ({ entry, removed: false })),
      ...gone.map((entry) => ({ entry, removed: true })),
    ].map(({ entry, removed }, id) => ({ id, name: entry.name, type: entry.type, text: textOfValue(entry), removed })),
  };
};

const draftTags = ({ kind, tags }: TestFields, specified: Tags): readonly DraftTag[] => {
  const followed = following(kind);
  const own = Object.entries(specified).filter(([name]) => !followed.has(name));
  const added = Object.entries(tags).filter(([name]) => !(name in specified));
  return [
    ...own.map(([name, value]) => ({ name, value: tags[name], other: value, specified: true })),
    ...added.map(([name, value]) => ({ name, value, other: '', specified: false })),
  ].map(({ name, value, other, specified: isSpecified }, id) => ({
    id,
    name,
    text: value ?? other,
    removed: value === null,
    specified: isSpecified,
  }));
};

/** What the form says, and what is wrong in it. */
export const readDraft = (draft: Draft, specified: Tags): { readonly fields: TestFields; readonly problems: Notes } => {
  const problems = new Map<string, string>();
  const common = { partition: textOrNull(draft.partition), tags: readTags(draft, specified, problems) };
  if (draft.kind === 'check') {
    const { kind, severity } = draft;
    return { fields: { kind, ...common, severity, metadata: readMetadata(draft.metadata, problems) }, problems };
  }
  const [jobName, errorClass] = [draft.jobName.trim(), draft.errorClass.trim()];
  if (jobName === '') problems.set('job', t('It needs a name.'));
  if (errorClass === '') problems.set('error-class', t('It needs a name.'));
  const { kind, errorText } = draft;
  return { fields: { kind, ...common, jobName, stepKey: textOrNull(draft.stepKey), errorClass, errorText }, problems };
};

const textOrNull = (text: string): string | null => text.trim() || null;

const readMetadata = (
  rows: readonly DraftEntry[],
  problems: Map<string, string>,
): Extract<TestFields, { kind: 'check' }>['metadata'] => {
  const names = new Set<string>();
  return rows.flatMap(({ id, name, type, text, removed }) => {
    if (removed) return [];
    const read = valueOfText(type, text);
    const again = names.has(name);
    names.add(name);
    if (name === '') problems.set(`metadata ${id} name`, t('It needs a name.'));
    else if (again) problems.set(`metadata ${id} name`, t('There is another one of this name.'));
    else if (read.outcome === 'problem') problems.set(`metadata ${id}`, read.message);
    else return [{ name, type, value: read.value }];
    return [];
  });
};

const readTags = (
  { kind, tags }: Draft,
  specified: Tags,
  problems: Map<string, string>,
): { readonly [name: string]: string | null } => {
  const read: [string, string | null][] = [];
  const taken = new Set<string>();
  for (const { id, name, text, removed, specified: own } of tags) {
    const wrong = tagProblem(name, taken, following(kind));
    if (wrong !== null && !(removed && !own)) problems.set(`tag ${id}`, wrong);
    taken.add(name);
    if (own && removed) read.push([name, null]);
    else if (!removed && text !== specified[name]) read.push([name, text]);
  }
  return Object.fromEntries(read);
};

const tagProblem = (name: string, taken: ReadonlySet<string>, followed: ReadonlySet<string>): string | null => {
  if (followed.has(name)) return t('It follows from the fields above.');
  if (taken.has(name)) return t('There is another one of this name.');
  if (!TAG_NAME.test(name)) return t('Letters, digits and _ . : - only.');
  return null;
};

/** An id that no row of a list has. */
export const nextId = (rows: readonly DraftRow[]): number => rows.reduce((most, { id }) => Math.max(most, id), -1) + 1;
