import { html, nothing, type PropertyDeclarations, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { JsonValue } from '../../failure/json.ts';
import { t } from '../shared/l10n.ts';
import { icon, View } from '../shared/view.ts';
import { type JsonLine, type JsonPart, jsonLines } from './jsonLines.ts';

const parts = (list: readonly JsonPart[]): readonly TemplateResult[] =>
  list.map((part) => html`<span class="j-${part.kind}">${part.text}</span>`);

/** A value as indented JSON whose parts fold. Up and Down go from fold to fold. */
export class JsonView extends View {
  static override properties: PropertyDeclarations = {
    value: { attribute: false },
    label: { type: String },
    bare: { type: Boolean },
  };
  declare value: JsonValue;
  declare label: string;
  /** Without line numbers, for a value in a table. */
  declare bare: boolean;
  readonly #toggled = new Set<string>();

  constructor() {
    super();
    this.value = null;
    this.label = '';
    this.bare = false;
  }

  #toggle(path: string): void {
    if (!this.#toggled.delete(path)) this.#toggled.add(path);
    this.requestUpdate();
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const buttons = [...this.querySelectorAll<HTMLButtonElement>('button')];
    const now = buttons.findIndex((button) => button.contains(document.activeElement));
    const next = buttons[now + (event.key === 'ArrowDown' ? 1 : -1)];
    if (now < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  #line(line: JsonLine): TemplateResult {
    const { fold, path } = line;
    const name = fold === null ? '' : t('{0}, {1}', path.slice(path.lastIndexOf('/') + 1), fold.summary);
    const arrow =
      fold !== null && !fold.folded
        ? html`<button type="button" class="arrow" aria-expanded="true" aria-label=${name} @click=${() => this.#toggle(path)}>${icon('chevron-down')}</button>`
        : nothing;
    const chip =
      fold?.folded === true
        ? html` <button type="button" class="chip" aria-expanded="false" aria-label=${name} @click=${() => this.#toggle(path)}>${fold.summary}</button> `
        : nothing;
    return html`<div class="json-line">${this.bare ? nothing : html`<span class="line-number" aria-hidden="true">${line.number}</span>`}<span class="line-arrow">${arrow}</span
      ><span class="line-text foreign">${'  '.repeat(line.depth)}${parts(line.parts)}${chip}${parts(fold?.rest ?? [])}</span></div>`;
  }

  protected override render(): TemplateResult {
    const lines = jsonLines(this.value, this.#toggled);
    return html`<div class="json ${this.bare ? 'bare' : ''}" role="group" aria-label=${this.label} @keydown=${this.#keydown}
      >${repeat(
        lines,
        (line, index) => `${line.path}:${index === 0 || lines[index - 1]?.path !== line.path}`,
        (line) => this.#line(line),
      )}</div>`;
  }
}
customElements.define('firedrill-json', JsonView);
