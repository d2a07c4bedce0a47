import { html, nothing, type TemplateResult } from 'lit';

/** Short facts in a line with dots between them; no dot stands at the end of a line or at its beginning. */
export const dotted = (...facts: readonly unknown[]): TemplateResult =>
  html`<div class="dotted">${facts.filter((fact) => fact !== nothing && fact !== '').map((fact) => html`<span>${fact}</span>`)}</div>`;
