import { html, type TemplateResult } from 'lit';
import { t } from '../../shared/l10n.ts';
import type { RunDraft } from './model.ts';
import { type FormPart, mark, markId, type Typed, textField } from './rows.ts';

/** What failed and with which error: the message and the tag job_name follow from it. */
export const runFields = (part: FormPart<RunDraft>): TemplateResult => {
  const { draft, set } = part;
  return html`${textField(part, 'job', t('Job'), draft.jobName, (jobName) => set({ ...draft, jobName }))}
    ${textField(part, 'step', t('Failed step'), draft.stepKey, (stepKey) => set({ ...draft, stepKey }), t('empty: no step failed'))}
    ${textField(part, 'error-class', t('Error class'), draft.errorClass, (errorClass) => set({ ...draft, errorClass }))}
    <label class="edit-label" for="edit-error-text">${t('Error text')}</label>
    <div class="edit-row edit-long">
      <textarea id="edit-error-text" spellcheck="false" rows=${Math.min(6, draft.errorText.split('\n').length + 1)}
        .value=${draft.errorText} aria-describedby=${markId('error-text')}
        @input=${(event: Typed) => set({ ...draft, errorText: event.target.value })}></textarea>
      ${mark('error-text', part)}
    </div>`;
};
