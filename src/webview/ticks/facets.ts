import { html, type TemplateResult } from 'lit';
import { count, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { ENDS, type End, facetWord } from './ends.ts';
import { endGlyph } from './glyphs.ts';

/** Legend, counter and filter in one. */
export const facets = (
  counts: Readonly<Record<End, number>>,
  hidden: ReadonlySet<End>,
  spanMs: number,
  toggle: (end: End) => void,
): TemplateResult =>
  html`<div class="facets" role="group" aria-label=${t('Show ticks that ended as')}>
    <div class="facets-head"><span>${t('Show')}</span><span>${span(spanMs)}</span></div>
    ${ENDS.map(
      (end) =>
        html`<button
          type="button"
          class="facet"
          aria-pressed=${hidden.has(end) ? 'false' : 'true'}
          data-testid=${`facet-${end}`}
          @click=${() => toggle(end)}
          >${endGlyph(end)}<span class="clip wide">${facetWord(end)}</span><span class="clip narrow">${facetWord(end, true)}</span
          ><span class="number muted">${count(counts[end])} <span class="spoken">${t('ticks')}</span></span></button
        >`,
    )}
  </div>`;
