import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../shared/l10n.ts';
import { tool } from '../../shared/view.ts';
import type { Draft, Notes } from './model.ts';

/** An event of a field, which is its target. */
export type Typed = Event & { readonly target: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement };

/** What is said beside the fields. */
export interface FormNotes {
  readonly marks: Notes;
  readonly problems: Notes;
}

/** What a part of the form is drawn with. */
export interface FormPart<Of extends Draft> extends FormNotes {
  readonly draft: Of;
  /** Takes over what was typed. */
  readonly set: (draft: Of) => void;
}

/** The id of the mark that describes the field in this place. */
export const markId = (place: string): string => `mark-${place.replace(' ', '-')}`;

/** What is wrong with a field, else what was there before. */
export const mark = (place: string, { marks, problems }: FormNotes): TemplateResult => {
  const problem = problems.get(`${place} name`) ?? problems.get(place);
  const said = marks.get(place);
  return html`<span id=${markId(place)} class="mark"
    >${
      problem !== undefined
        ? html`<span class="codicon codicon-error is-error" aria-hidden="true"></span> ${problem}`
        : said !== undefined
          ? html`<span class="dot" aria-hidden="true"></span><span class="foreign">${said}</span>`
          : nothing
    }</span
  >`;
};

interface Row {
  readonly id: number;
  readonly removed: boolean;
}

/** The rows with one of them changed. */
export const changed = <Of extends Row>(rows: readonly Of[], id: number, change: Partial<Of>): readonly Of[] =>
  rows.map((row) => (row.id === id ? { ...row, ...change } : row));

/** A row that was there before (`known`) is marked as removed and can be taken back; another one goes. */
export const removal = <Of extends Row>(
  row: Of,
  known: boolean,
  rows: readonly Of[],
  name: string,
  set: (rows: readonly Of[]) => void,
): TemplateResult => {
  const without = rows.filter(({ id }) => id !== row.id);
  const toggled = rows.map((each) => (each.id === row.id ? { ...each, removed: !each.removed } : each));
  return row.removed
    ? tool('discard', t('Take {0} back', name), () => set(toggled))
    : tool('close', t('Remove {0}', name), () => set(known ? toggled : without));
};

/** One line of text under a name. */
export const textField = (
  notes: FormNotes,
  place: string,
  label: string,
  text: string,
  type: (text: string) => void,
  hint: string | typeof nothing = nothing,
): TemplateResult => {
  const id = `edit-${place}`;
  return html`<label class="edit-label" for=${id}>${label}</label>
    <div class="edit-row">
      <input id=${id} .value=${text} placeholder=${hint} aria-describedby=${markId(place)}
        aria-invalid=${notes.problems.has(place) ? 'true' : 'false'}
        @input=${(event: Typed) => type(event.target.value)} />
      ${mark(place, notes)}
    </div>`;
};
