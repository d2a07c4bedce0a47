import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { TestFields } from '../../../engine/api.ts';
import { FOLLOWING_TAGS } from '../../../failure/followingTags.ts';
import { t } from '../../shared/l10n.ts';
import type { Draft, DraftTag } from './model.ts';
import { changed, type FormPart, mark, markId, removal, type Typed } from './rows.ts';

/** The tags, but those that follow from other fields. */
export const tagFields = (part: FormPart<Draft>, before: TestFields['tags'], add: () => void): TemplateResult => {
  const { draft, set } = part;
  const setRows = (tags: readonly DraftTag[]): void => set({ ...draft, tags });
  const [first = '', second = ''] = FOLLOWING_TAGS[draft.kind];
  return html`<div class="edit-label">${t('Tags')}</div>
    <div class="edit-rows">
      ${repeat(
        draft.tags,
        ({ id }) => id,
        (tag) => tagRow(tag, part, before, setRows),
      )}
      <div class="edit-row">
        <vscode-button secondary @click=${add}>${t('Add tag')}</vscode-button>
        <span class="muted">${t('{0} and {1} follow from the fields above', first, second)}</span>
      </div>
    </div>`;
};

const tagRow = (
  tag: DraftTag,
  part: FormPart<Draft>,
  before: TestFields['tags'],
  setRows: (rows: readonly DraftTag[]) => void,
): TemplateResult => {
  const { id, name, text, removed, specified } = tag;
  const { tags } = part.draft;
  const called = name === '' ? t('new tag') : name;
  const place = `tag ${id}`;
  const change = (of: Partial<DraftTag>): void => setRows(changed(tags, id, of));
  return html`<div class="edit-row edit-tag">
    <input class="edit-name" aria-label=${t('Name of tag {0}', called)} .value=${name} ?disabled=${removed || specified}
      aria-invalid=${part.problems.has(place) ? 'true' : 'false'}
      @input=${(event: Typed) => change({ name: event.target.value })} />
    <input class="edit-value" aria-label=${t('Value of tag {0}', called)} aria-describedby=${markId(place)}
      .value=${text} ?disabled=${removed}
      @input=${(event: Typed) => change({ text: event.target.value })} />
    ${removal(tag, specified || typeof before[name] === 'string', tags, called, setRows)}
    ${mark(place, part)}
  </div>`;
};
