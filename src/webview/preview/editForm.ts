import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TestFields, TestPreview } from '../../engine/api.ts';
import { METADATA_TYPES, type MetadataType } from '../../failure/metadata.ts';
import { plural, t } from '../shared/l10n.ts';
import { tool, View } from '../shared/view.ts';
import { type Draft, type DraftEntry, type DraftTag, draftOf, marksOf, nextId, readDraft } from './editModel.ts';
import { typeWord } from './valueView.ts';

type Typed = Event & { readonly target: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement };

const changed = <Row extends { readonly id: number }>(
  rows: readonly Row[],
  id: number,
  change: Partial<Row>,
): readonly Row[] => rows.map((row) => (row.id === id ? { ...row, ...change } : row));

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
  }

  get #draft(): Draft {
    const { fields, before, specifiedTags } = this.test;
    this.draft ??= draftOf(fields, before, specifiedTags);
    return this.draft;
  }

  #set(change: Partial<Draft>): void {
    const draft = { ...this.#draft, ...change };
    this.draft = draft;
    const { fields, problems } = readDraft(draft, this.test.specifiedTags);
    if (problems.size === 0) this.edit(fields);
  }

  #undo(): void {
    const { before, specifiedTags } = this.test;
    this.#set(draftOf(before, before, specifiedTags));
  }

  #entry(id: number, change: Partial<DraftEntry>): void {
    this.#set({ metadata: changed(this.#draft.metadata, id, change) });
  }

  #tag(id: number, change: Partial<DraftTag>): void {
    this.#set({ tags: changed(this.#draft.tags, id, change) });
  }

  async #focusLast(selector: string): Promise<void> {
    await this.updateComplete;
    [...this.querySelectorAll<HTMLElement>(selector)].at(-1)?.focus();
  }

  #addEntry(): void {
    const { metadata } = this.#draft;
    this.draft = {
      ...this.#draft,
      metadata: [...metadata, { id: nextId(metadata), name: '', type: 'text', text: '', removed: false }],
    };
    void this.#focusLast('.edit-entry .edit-name');
  }

  #addTag(): void {
    const { tags } = this.#draft;
    this.draft = {
      ...this.#draft,
      tags: [...tags, { id: nextId(tags), name: '', text: '', removed: false, specified: false }],
    };
    void this.#focusLast('.edit-tag .edit-name');
  }

  /** A row that was there before is marked as removed and can be taken back; another one goes. */
  #removal<Row extends { readonly id: number; readonly removed: boolean }>(
    row: Row,
    known: boolean,
    rows: readonly Row[],
    name: string,
    set: (rows: readonly Row[]) => void,
  ): TemplateResult {
    const without = rows.filter(({ id }) => id !== row.id);
    const toggled = rows.map((each) => (each.id === row.id ? { ...each, removed: !each.removed } : each));
    return row.removed
      ? tool('discard', t('Take {0} back', name), () => set(toggled))
      : tool('close', t('Remove {0}', name), () => set(known ? toggled : without));
  }

  #mark(place: string, marks: ReadonlyMap<string, string>, problems: ReadonlyMap<string, string>): TemplateResult {
    const problem = problems.get(place);
    const mark = marks.get(place);
    return html`<span id=${`mark ${place}`.replace(' ', '-')} class="mark"
      >${
        problem !== undefined
          ? html`<span class="codicon codicon-error is-error" aria-hidden="true"></span> ${problem}`
          : mark !== undefined
            ? html`<span class="dot" aria-hidden="true"></span><span class="foreign">${mark}</span>`
            : nothing
      }</span
    >`;
  }

  #metadata(marks: ReadonlyMap<string, string>, problems: ReadonlyMap<string, string>): TemplateResult {
    const { metadata } = this.#draft;
    const known = new Set(this.test.before.metadata.map(({ name }) => name));
    return html`<div class="edit-label">${t('Metadata')}</div>
      <div class="edit-rows">
        ${repeat(
          metadata,
          ({ id }) => id,
          (entry) => {
            const { id, name, type, text, removed } = entry;
            const called = name === '' ? t('new entry') : name;
            const place = `metadata ${id}`;
            return html`<div class="edit-row edit-entry">
              <input class="edit-name" aria-label=${t('Name of {0}', called)} .value=${name} ?disabled=${removed}
                @input=${(event: Typed) => this.#entry(id, { name: event.target.value })} />
              <select class="edit-type" aria-label=${t('Type of {0}', called)} .value=${type} ?disabled=${removed}
                @change=${(event: Typed) => this.#entry(id, { type: METADATA_TYPES.find((each) => each === event.target.value) ?? 'text' })}
                >${METADATA_TYPES.map((each: MetadataType) => html`<option value=${each} ?selected=${each === type}>${typeWord(each)}</option>`)}</select>
              <textarea class="edit-value" spellcheck="false" rows=${Math.min(6, text.split('\n').length)}
                aria-label=${t('Value of {0}', called)} aria-describedby=${`mark-metadata-${id}`}
                aria-invalid=${problems.has(place) ? 'true' : 'false'} .value=${text} ?disabled=${removed || type === 'null'}
                @input=${(event: Typed) => this.#entry(id, { text: event.target.value })}></textarea>
              ${this.#removal(entry, known.has(name), metadata, called, (rows) => this.#set({ metadata: rows }))}
              ${this.#mark(place, marks, problems)}
            </div>`;
          },
        )}
        <div><vscode-button secondary @click=${() => this.#addEntry()}>${t('Add entry')}</vscode-button></div>
      </div>`;
  }

  #tags(marks: ReadonlyMap<string, string>, problems: ReadonlyMap<string, string>): TemplateResult {
    const { tags } = this.#draft;
    return html`<div class="edit-label">${t('Tags')}</div>
      <div class="edit-rows">
        ${repeat(
          tags,
          ({ id }) => id,
          (tag) => {
            const { id, name, text, removed, specified } = tag;
            const called = name === '' ? t('new tag') : name;
            const place = `tag ${id}`;
            const known = specified || typeof this.test.before.tags[name] === 'string';
            return html`<div class="edit-row edit-tag">
              <input class="edit-name" aria-label=${t('Name of tag {0}', called)} .value=${name} ?disabled=${removed || specified}
                aria-invalid=${problems.has(place) ? 'true' : 'false'}
                @input=${(event: Typed) => this.#tag(id, { name: event.target.value })} />
              <input class="edit-value" aria-label=${t('Value of tag {0}', called)} aria-describedby=${`mark-tag-${id}`}
                .value=${text} ?disabled=${removed}
                @input=${(event: Typed) => this.#tag(id, { text: event.target.value })} />
              ${this.#removal(tag, known, tags, called, (rows) => this.#set({ tags: rows }))}
              ${this.#mark(place, marks, problems)}
            </div>`;
          },
        )}
        <div class="edit-row">
          <vscode-button secondary @click=${() => this.#addTag()}>${t('Add tag')}</vscode-button>
          <span class="muted">${t('severity and partition_date follow from the fields above')}</span>
        </div>
      </div>`;
  }

  protected override render(): TemplateResult {
    const draft = this.#draft;
    const { before, specifiedTags } = this.test;
    const marks = marksOf(draft, before, specifiedTags);
    const { problems } = readDraft(draft, specifiedTags);
    const status =
      problems.size > 0
        ? t('not shown yet: something cannot be read')
        : marks.size === 0
          ? t('nothing changed yet; the preview follows as you type')
          : plural(
              marks.size,
              '{0} change; the preview follows as you type',
              '{0} changes; the preview follows as you type',
            );
    return html`<section class="edit" aria-label=${t('Edit the test failure')}>
      ${
        draft.severity === null
          ? nothing
          : html`<label class="edit-label" for="edit-severity">${t('Severity')}</label>
              <div class="edit-row">
                <select id="edit-severity" .value=${draft.severity} aria-describedby="mark-severity"
                  @change=${(event: Typed) => this.#set({ severity: event.target.value === 'ERROR' ? 'ERROR' : 'WARN' })}
                  >${['WARN', 'ERROR'].map((each) => html`<option value=${each} ?selected=${each === draft.severity}>${each}</option>`)}</select>
                ${this.#mark('severity', marks, problems)}
              </div>`
      }
      <label class="edit-label" for="edit-partition">${t('Partition')}</label>
      <div class="edit-row">
        <input id="edit-partition" .value=${draft.partition} aria-describedby="mark-partition"
          @input=${(event: Typed) => this.#set({ partition: event.target.value })} />
        ${this.#mark('partition', marks, problems)}
      </div>
      ${draft.severity === null ? nothing : this.#metadata(marks, problems)}
      ${this.#tags(marks, problems)}
      <div class="edit-row edit-end">
        <vscode-button secondary data-testid="save-specimen" @click=${() => this.keep()}>${t('Save as specimen…')}</vscode-button>
        <vscode-button secondary data-testid="undo-changes" ?disabled=${marks.size === 0} @click=${() => this.#undo()}>${t('Undo changes')}</vscode-button>
        <span role="status" class="muted" data-testid="edit-status">${this.refused === '' ? status : this.refused}</span>
      </div>
    </section>`;
  }
}
customElements.define('firedrill-edit', EditForm);
