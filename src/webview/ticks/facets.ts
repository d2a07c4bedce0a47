import { html, type TemplateResult } from 'lit';
import { count, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { icon } from '../shared/view.ts';
import { ENDS, type End, facetWord } from './ends.ts';
import { endGlyph } from './glyphs.ts';

export interface FacetActions {
  readonly toggle: (end: End) => void;
  readonly find: (text: string) => void;
  /** Goes from the text on to what it found. */
  readonly toRows: () => void;
}

/** The text that ticks are filtered by: it stands in a row that is there anyway. Escape takes it back. */
const finder = (text: string, { find, toRows }: FacetActions): TemplateResult => {
  const keydown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' || event.key === 'ArrowDown') toRows();
    else if (event.key === 'Escape' && text !== '') find('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return html`<label class="finder" title=${t('Filter by sensor, reason, error or run (Ctrl+F)')}
    >${icon(text.trim() === '' ? 'filter' : 'filter-filled')}<input
      type="search"
      spellcheck="false"
      maxlength="200"
      placeholder=${t('Filter')}
      aria-label=${t('Filter by sensor, reason, error or run')}
      data-testid="filter"
      .value=${text}
      @input=${(event: Event) => event.target instanceof HTMLInputElement && find(event.target.value)}
      @keydown=${keydown}
  /></label>`;
};

/** Legend, counter and filter in one. `counts`: null while they are not known yet. */
export const facets = (
  counts: Readonly<Record<End, number>> | null,
  { hidden, text }: { readonly hidden: ReadonlySet<End>; readonly text: string },
  spanMs: number,
  actions: FacetActions,
): TemplateResult =>
  html`<div class="facets" role="group" aria-label=${t('Show ticks that ended as')}>
    <div class="facets-head">${finder(text, actions)}<span>${span(spanMs)}</span></div>
    ${ENDS.map(
      (end) =>
        html`<button
          type="button"
          class="facet"
          aria-pressed=${hidden.has(end) ? 'false' : 'true'}
          data-testid=${`facet-${end}`}
          @click=${() => actions.toggle(end)}
          >${endGlyph(end)}<span class="clip wide">${facetWord(end)}</span><span class="clip narrow">${facetWord(end, true)}</span
          ><span class="number muted">${counts === null ? '–' : count(counts[end])} <span class="spoken">${t('ticks')}</span></span></button
        >`,
    )}
  </div>`;
