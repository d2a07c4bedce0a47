import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import type { JsonValue } from '../../failure/json.ts';
import { t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { inlineJson } from './inlineJson.ts';

/** JSON in one line; what is folded in it opens the whole as indented JSON. */
export class InlineJson extends View {
  static override properties: PropertyDeclarations = {
    value: { attribute: false },
    label: { type: String },
    whole: { state: true },
  };
  declare value: JsonValue;
  declare label: string;
  declare whole: boolean;

  constructor() {
    super();
    this.value = null;
    this.label = '';
    this.whole = false;
  }

  async #open(): Promise<void> {
    this.whole = true;
    await this.updateComplete;
    this.querySelector<HTMLElement>('button')?.focus();
  }

  protected override render(): TemplateResult {
    if (this.whole) {
      return html`<button type="button" class="link" aria-expanded="true" @click=${() => {
        this.whole = false;
      }}>${t('Fold')}</button><firedrill-json bare .value=${this.value} label=${this.label}></firedrill-json>`;
    }
    return html`<code class="foreign">${inlineJson(this.value).parts.map(({ kind, text }) =>
      kind === 'text'
        ? text
        : html`<button type="button" class="chip" aria-expanded="false" aria-label=${t('{0}, {1}', this.label, text)} @click=${() => void this.#open()}>${text}</button>`,
    )}</code>`;
  }
}
customElements.define('firedrill-inline-json', InlineJson);
