import { html, svg, type TemplateResult } from 'lit';
import type { End } from './ends.ts';

/** A mark as a small picture, as on the timeline. The word beside it says the same. */
export const endGlyph = (end: End): TemplateResult => {
  const shape = {
    found: svg`<path class="g-found" d="M7 .5l5.5 5.5L7 11.5 1.5 6z"/>`,
    none: svg`<circle class="g-none" cx="7" cy="6" r="3"/>`,
    skipped: svg`<circle class="g-skipped" cx="7" cy="6" r="3.25"/>`,
    failure: svg`<path class="g-failure" d="M4 3l6 6M10 3l-6 6"/>`,
  }[end];
  return html`<svg class="glyph" viewBox="0 0 14 12" aria-hidden="true">${shape}</svg>`;
};
