import { html, type TemplateResult } from 'lit';
import type { Tick } from '../../engine/api.ts';
import { count, span } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { ENDS, type End, endOf, facetWord } from './ends.ts';
import { endGlyph } from './glyphs.ts';

/** How many ticks ended in each way. */
export const countEnds = (ticks: readonly Tick[]): Readonly<Record<End, number>> => {
  const counts: Record<End, number> = { found: 0, none: 0, skipped: 0, failure: 0 };
  for (const tick of ticks) counts[endOf(tick)] += tick.count;
  return counts;
};

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
