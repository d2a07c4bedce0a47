import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { METADATA_TYPES, type MetadataType } from '../../../failure/metadata.ts';
import { t } from '../../shared/l10n.ts';
import { typeWord } from '../valueView.ts';
import type { CheckDraft, DraftEntry } from './model.ts';
import { changed, type FormPart, mark, markId, removal, type Typed } from './rows.ts';

export const severityField = (part: FormPart<CheckDraft>): TemplateResult => {
  const { draft, set } = part;
  return html`<label class="edit-label" for="edit-severity">${t('Severity')}</label>
    <div class="edit-row">
      <select id="edit-severity" .value=${draft.severity} aria-describedby=${markId('severity')}
        @change=${(event: Typed) => set({ ...draft, severity: event.target.value === 'ERROR' ? 'ERROR' : 'WARN' })}
        >${['WARN', 'ERROR'].map((each) => html`<option value=${each} ?selected=${each === draft.severity}>${each}</option>`)}</select>
      ${mark('severity', part)}
    </div>`;
};

/** The metadata, entry by entry. `known`: names that were there before. */
export const metadataFields = (
  part: FormPart<CheckDraft>,
  known: ReadonlySet<string>,
  add: () => void,
): TemplateResult => {
  const { draft, set } = part;
  const setRows = (metadata: readonly DraftEntry[]): void => set({ ...draft, metadata });
  return html`<div class="edit-label">${t('Metadata')}</div>
    <div class="edit-rows">
      ${repeat(
        draft.metadata,
        ({ id }) => id,
        (entry) => entryRow(entry, part, known, setRows),
      )}
      <div><vscode-button secondary @click=${add}>${t('Add entry')}</vscode-button></div>
    </div>`;
};

const entryRow = (
  entry: DraftEntry,
  part: FormPart<CheckDraft>,
  known: ReadonlySet<string>,
  setRows: (rows: readonly DraftEntry[]) => void,
): TemplateResult => {
  const { id, name, type, text, removed } = entry;
  const { metadata } = part.draft;
  const called = name === '' ? t('new entry') : name;
  const place = `metadata ${id}`;
  const change = (of: Partial<DraftEntry>): void => setRows(changed(metadata, id, of));
  return html`<div class="edit-row edit-entry">
    <input class="edit-name" aria-label=${t('Name of {0}', called)} aria-describedby=${markId(place)}
      aria-invalid=${part.problems.has(`${place} name`) ? 'true' : 'false'} .value=${name} ?disabled=${removed}
      @input=${(event: Typed) => change({ name: event.target.value })} />
    <select class="edit-type" aria-label=${t('Type of {0}', called)} .value=${type} ?disabled=${removed}
      @change=${(event: Typed) => change({ type: METADATA_TYPES.find((each) => each === event.target.value) ?? 'text' })}
      >${METADATA_TYPES.map((each: MetadataType) => html`<option value=${each} ?selected=${each === type}>${typeWord(each)}</option>`)}</select>
    <textarea class="edit-value" spellcheck="false" rows=${Math.min(6, text.split('\n').length)}
      aria-label=${t('Value of {0}', called)} aria-describedby=${markId(place)}
      aria-invalid=${part.problems.has(place) ? 'true' : 'false'} .value=${text} ?disabled=${removed || type === 'null'}
      @input=${(event: Typed) => change({ text: event.target.value })}></textarea>
    ${removal(entry, known.has(name), metadata, called, setRows)}
    ${mark(place, part)}
  </div>`;
};
