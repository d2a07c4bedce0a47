import { METADATA_TYPES } from '../../../failure/metadata.ts';
import type { Draft, DraftEntry, DraftTag } from './model.ts';

/** What was typed and could not be read, by what is shown. */
export type Drafts = Readonly<Record<string, Draft>>;

/** Reads what was kept; what does not fit is left out, as an older version may have kept something else. */
export const readDrafts = (value: unknown): Drafts =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).flatMap(([key, draft]) => (isDraft(draft) ? [[key, draft]] : [])),
  );

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const areTexts = (value: Fields, ...names: readonly string[]): boolean =>
  names.every((name) => typeof value[name] === 'string');

const isRow = (value: unknown): value is Fields =>
  isObject(value) &&
  Number.isSafeInteger(value.id) &&
  areTexts(value, 'name', 'text') &&
  typeof value.removed === 'boolean';

const isTag = (value: unknown): value is DraftTag => isRow(value) && typeof value.specified === 'boolean';

const isEntry = (value: unknown): value is DraftEntry =>
  isRow(value) && METADATA_TYPES.some((type) => type === value.type);

const isCheck = (value: Fields): boolean =>
  ['WARN', 'ERROR'].includes(String(value.severity)) && Array.isArray(value.metadata) && value.metadata.every(isEntry);

const isDraft = (value: unknown): value is Draft =>
  isObject(value) &&
  areTexts(value, 'partition') &&
  Array.isArray(value.tags) &&
  value.tags.every(isTag) &&
  (value.kind === 'check'
    ? isCheck(value)
    : value.kind === 'run' && areTexts(value, 'jobName', 'stepKey', 'errorClass', 'errorText'));
