import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { TestFields, TestPreview } from '../../../engine/api.ts';
import { FocusKeeper } from '../../shared/focusKeeper.ts';
import { plural, t } from '../../shared/l10n.ts';
import { View } from '../../shared/view.ts';
import { metadataFields, severityField } from './check.ts';
import { marksOf } from './marks.ts';
import { type CheckDraft, type Draft, draftOf, type Notes, nextId, readDraft } from './model.ts';
import { type FormPart, textField } from './rows.ts';
import { runFields } from './run.ts';
import { tagFields } from './tags.ts';

/** The fields of a test failure that a person may change; tells every valid state as it is typed. */
export class EditForm extends View {
  static override properties: PropertyDeclarations = {
    test: { attribute: false },
    refused: { type: String },
    draft: { state: true },
  };
  declare test: TestPreview;
  /** Why the extension did not take what was typed last; empty when it did. */
  declare refused: string;
  declare draft: Draft | null;
  declare edit: (fields: TestFields) => void;
  declare keep: () => void;

  constructor() {
    super();
    this.refused = '';
    this.draft = null;
    new FocusKeeper(this);
  }

  get #draft(): Draft {
    const { fields, before, specifiedTags } = this.test;
    this.draft ??= draftOf(fields, before, specifiedTags);
    return this.draft;
  }

  #set(draft: Draft): void {
    this.draft = draft;
    const { fields, problems } = readDraft(draft, this.test.specifiedTags);
    if (problems.size === 0) this.edit(fields);
  }

  #undo(): void {
    const { before, specifiedTags } = this.test;
    this.#set(draftOf(before, before, specifiedTags));
  }

  /** Shows a new row, which is not told as long as it has no name, and goes to it. */
  async #add(draft: Draft, row: string): Promise<void> {
    this.draft = draft;
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>(`${row} .edit-name`)].at(-1)?.focus();
  }

  #addEntry(draft: CheckDraft): void {
    const { metadata } = draft;
    const entry = { id: nextId(metadata), name: '', type: 'text', text: '', removed: false } as const;
    void this.#add({ ...draft, metadata: [...metadata, entry] }, '.edit-entry');
  }

  #addTag(draft: Draft): void {
    const { tags } = draft;
    const tag = { id: nextId(tags), name: '', text: '', removed: false, specified: false };
    void this.#add({ ...draft, tags: [...tags, tag] }, '.edit-tag');
  }

  protected override render(): TemplateResult {
    const draft = this.#draft;
    const { before, specifiedTags } = this.test;
    const marks = marksOf(draft, before, specifiedTags);
    const { problems } = readDraft(draft, specifiedTags);
    const notes = { marks, problems };
    const set = (next: Draft): void => this.#set(next);
    const any: FormPart<Draft> = { draft, set, ...notes };
    const partition = textField(any, 'partition', t('Partition'), draft.partition, (text) =>
      set({ ...draft, partition: text }),
    );
    const known = new Set(before.kind === 'check' ? before.metadata.map(({ name }) => name) : []);
    return html`<section class="edit" aria-label=${t('Edit the test failure')}>
      ${
        draft.kind === 'check'
          ? html`${severityField({ draft, set, ...notes })}${partition}${metadataFields({ draft, set, ...notes }, known, () => this.#addEntry(draft))}`
          : html`${runFields({ draft, set, ...notes })}${partition}`
      }
      ${tagFields(any, before.tags, () => this.#addTag(draft))}
      <div class="edit-row edit-end">
        <vscode-button secondary data-testid="save-specimen" @click=${() => this.keep()}>${t('Save as specimen…')}</vscode-button>
        <vscode-button secondary data-testid="undo-changes" ?disabled=${marks.size === 0} @click=${() => this.#undo()}>${t('Undo changes')}</vscode-button>
        <span role="status" class="muted" data-testid="edit-status">${this.refused === '' ? statusWords(marks, problems) : this.refused}</span>
      </div>
    </section>`;
  }
}
customElements.define('firedrill-edit', EditForm);

const statusWords = (marks: Notes, problems: Notes): string => {
  if (problems.size > 0) return t('not shown yet: something cannot be read');
  if (marks.size === 0) return t('nothing changed yet; the preview follows as you type');
  return plural(
    marks.size,
    '{0} change; the preview follows as you type',
    '{0} changes; the preview follows as you type',
  );
};
