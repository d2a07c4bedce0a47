import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
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
    kept: { attribute: false },
    draft: { state: true },
  };
  declare test: TestPreview;
  /** Why the extension did not take what was typed last; empty when it did. */
  declare refused: string;
  /** What was typed here before and could not be read. */
  declare kept: Draft | null;
  declare draft: Draft | null;
  declare edit: (fields: TestFields) => void;
  /** Takes what cannot be read as long as that is so; null once it can be. */
  declare unread: (draft: Draft | null) => void;
  declare keep: () => void;

  constructor() {
    super();
    this.refused = '';
    this.kept = null;
    this.draft = null;
    new FocusKeeper(this);
  }

  get #draft(): Draft {
    const { fields, before, specifiedTags } = this.test;
    this.draft ??= this.kept ?? draftOf(fields, before, specifiedTags);
    return this.draft;
  }

  #set(draft: Draft): void {
    this.draft = draft;
    const { fields, problems } = readDraft(draft, this.test.specifiedTags);
    if (problems.size === 0) this.edit(fields);
    this.unread(problems.size === 0 ? null : draft);
  }

  #undo(): void {
    const { before, specifiedTags } = this.test;
    this.#set(draftOf(before, before, specifiedTags));
  }

  /** Shows a new row, which cannot be read as long as it has no name, and goes to it. */
  async #add(draft: Draft, row: string): Promise<void> {
    this.#set(draft);
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
    const unread = problems.size > 0;
    return html`<section class="edit" aria-label=${t('Edit the test failure')}>
      ${
        draft.kind === 'check'
          ? html`${severityField({ draft, set, ...notes })}${partition}${metadataFields({ draft, set, ...notes }, known, () => this.#addEntry(draft))}`
          : html`${runFields({ draft, set, ...notes })}${partition}`
      }
      ${tagFields(any, before.tags, () => this.#addTag(draft))}
      <div class="edit-row edit-end">
        <vscode-button secondary data-testid="save-specimen" class=${unread ? 'resting' : ''} aria-disabled=${unread ? 'true' : 'false'}
          title=${unread ? unreadWords() : nothing} @click=${() => (unread ? showProblem(this) : this.keep())}>${t('Save as specimen…')}</vscode-button>
        <vscode-button secondary data-testid="undo-changes" ?disabled=${marks.size === 0} @click=${() => this.#undo()}>${t('Undo changes')}</vscode-button>
        <span role="status" class="muted" data-testid="edit-status">${this.refused === '' ? statusWords(marks, problems) : this.refused}</span>
      </div>
    </section>`;
  }
}
customElements.define('firedrill-edit', EditForm);

/** Why a test failure is neither sent nor saved. */
export const unreadWords = (): string => t('Nothing is sent or saved until what is marked can be read.');

/** Goes to the first field in `page` that cannot be read. */
export const showProblem = (page: ParentNode): void => {
  page.querySelector<HTMLElement>('.edit [aria-invalid="true"]')?.focus();
};

const statusWords = (marks: Notes, problems: Notes): string => {
  if (problems.size > 0) return unreadWords();
  if (marks.size === 0) return t('nothing changed yet; the preview follows as you type');
  return plural(
    marks.size,
    '{0} change; the preview follows as you type',
    '{0} changes; the preview follows as you type',
  );
};
