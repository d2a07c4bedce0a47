import type { TestFields, TestPreview } from '../../engine/api.ts';
import type { MetadataType } from '../../failure/metadata.ts';
import { t } from '../shared/l10n.ts';
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

/** A test failure as it is typed: whatever stands in the form, valid or not. */
export interface Draft {
  readonly severity: TestFields['severity'];
  readonly partition: string;
  readonly metadata: readonly DraftEntry[];
  readonly tags: readonly DraftTag[];
}

/** Tags that the form has fields of their own for. */
const FOLLOWING: ReadonlySet<string> = new Set(['severity', 'partition_date']);

type Tags = TestPreview['specifiedTags'];

/** The form for these fields; metadata that was there before and is no more is offered to be taken back. */
export const draftOf = (fields: TestFields, before: TestFields, specified: Tags): Draft => {
  const kept = new Set(fields.metadata.map(({ name }) => name));
  const own = Object.entries(specified).filter(([name]) => !FOLLOWING.has(name));
  const added = Object.entries(fields.tags).filter(([name]) => !(name in specified));
  return {
    severity: fields.severity,
    partition: fields.partition ?? '',
    metadata: [
      ...fields.metadata.map((entry) => ({ entry, removed: false })),
      ...before.metadata.filter(({ name }) => !kept.has(name)).map((entry) => ({ entry, removed: true })),
    ].map(({ entry, removed }, id) => ({ id, name: entry.name, type: entry.type, text: textOfValue(entry), removed })),
    tags: [
      ...own.map(([name, value]) => ({ name, value: fields.tags[name], other: value, specified: true })),
      ...added.map(([name, value]) => ({ name, value, other: '', specified: false })),
    ].map(({ name, value, other, specified: isSpecified }, id) => ({
      id,
      name,
      text: value ?? other,
      removed: value === null,
      specified: isSpecified,
    })),
  };
};

/** What the form says, or what is wrong in it by row: `metadata 3`, `tag 1`. */
export const readDraft = (
  draft: Draft,
  specified: Tags,
): { readonly fields: TestFields; readonly problems: ReadonlyMap<string, string> } => {
  const problems = new Map<string, string>();
  const names = new Set<string>();
  const metadata: TestFields['metadata'][number][] = [];
  for (const { id, name, type, text, removed } of draft.metadata) {
    if (removed) continue;
    const read = valueOfText(type, text);
    if (name === '') problems.set(`metadata ${id}`, t('It needs a name.'));
    else if (names.has(name)) problems.set(`metadata ${id}`, t('There is another one of this name.'));
    else if (read.outcome === 'problem') problems.set(`metadata ${id}`, read.message);
    else metadata.push({ name, type, value: read.value });
    names.add(name);
  }
  const tags: [string, string | null][] = [];
  const tagNames = new Set(FOLLOWING);
  for (const { id, name, text, removed, specified: own } of draft.tags) {
    const wrong = tagProblem(name, tagNames);
    if (wrong !== null && !(removed && !own)) problems.set(`tag ${id}`, wrong);
    tagNames.add(name);
    if (own && removed) tags.push([name, null]);
    else if (!removed && text !== specified[name]) tags.push([name, text]);
  }
  const partition = draft.partition.trim();
  const fields = {
    severity: draft.severity,
    partition: partition === '' ? null : partition,
    metadata,
    tags: Object.fromEntries(tags),
  };
  return { fields, problems };
};

const tagProblem = (name: string, taken: ReadonlySet<string>): string | null => {
  if (FOLLOWING.has(name)) return t('It follows from the fields above.');
  if (taken.has(name)) return t('There is another one of this name.');
  if (!/^[\w.:-]{1,200}$/.test(name)) return t('Letters, digits and _ . : - only.');
  return null;
};

/** What is said beside a changed field, by its place: `severity`, `partition`, `metadata 3`, `tag 1`. */
export const marksOf = (draft: Draft, before: TestFields, specified: Tags): ReadonlyMap<string, string> => {
  const marks = new Map<string, string>();
  const was = (place: string, old: string): void => {
    marks.set(place, old === '' ? t('was empty') : t('was {0}', shortened(old)));
  };
  if (draft.severity !== before.severity) was('severity', before.severity ?? '');
  if (draft.partition.trim() !== (before.partition ?? '')) was('partition', before.partition ?? '');
  for (const { id, name, type, text, removed } of draft.metadata) {
    const place = `metadata ${id}`;
    const entry = before.metadata.find((each) => each.name === name);
    if (removed) marks.set(place, t('removed'));
    else if (!entry) marks.set(place, t('added'));
    else if (entry.type !== type) was(place, entry.type);
    else if (!sameText(text, textOfValue(entry))) was(place, textOfValue(entry));
  }
  for (const { id, name, text, removed, specified: own } of draft.tags) {
    const place = `tag ${id}`;
    const value = before.tags[name] === undefined ? specified[name] : before.tags[name];
    if (removed) marks.set(place, t('removed'));
    else if (value === undefined || value === null) marks.set(place, own ? t('was left out') : t('added'));
    else if (value !== text) was(place, value);
  }
  return marks;
};

const sameText = (a: string, b: string): boolean => a.trim() === b.trim();

const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
};

/** An id that no row of a list has. */
export const nextId = (rows: readonly DraftRow[]): number => rows.reduce((most, { id }) => Math.max(most, id), -1) + 1;
