import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { bytes, count } from '../shared/format.ts';
import { plural, t } from '../shared/l10n.ts';
import { icon, segments, View } from '../shared/view.ts';
import { copyTool } from './copyTool.ts';

/** More of a text than this is not drawn at once. */
const PAGE = 50_000;

/** A text of several lines, such as an error, in a scroller of its own. */
export class LongText extends View {
  static override properties: PropertyDeclarations = {
    name: { type: String },
    text: { type: String },
    path: { type: String },
    actual: { attribute: false },
    kept: { attribute: false },
    wrap: { type: Boolean },
    copy: { attribute: false },
    whole: { state: true },
  };
  declare name: string;
  declare text: string;
  /** Its JSON pointer into the event. */
  declare path: string;
  /** How many characters it has where only the first are here; null where all are. */
  declare actual: number | null;
  /** How many characters Sentry keeps; null for all. */
  declare kept: number | null;
  declare wrap: boolean;
  declare copy: (text: string, path: string) => Promise<void>;
  declare whole: boolean;

  constructor() {
    super();
    this.name = '';
    this.text = '';
    this.path = '';
    this.actual = null;
    this.kept = null;
    this.wrap = true;
    this.whole = false;
  }

  #size(): string {
    if (this.actual !== null) return plural(this.actual, '{0} character', '{0} characters');
    const lines = plural(this.text.split('\n').length, '{0} line', '{0} lines');
    return `${lines}, ${bytes(new TextEncoder().encode(this.text).length)}`;
  }

  #setWrap(wrap: boolean): void {
    this.dispatchEvent(new CustomEvent('wrap-change', { detail: wrap, bubbles: true }));
  }

  #foot(shown: number): TemplateResult {
    const more =
      shown < this.text.length
        ? html`<button type="button" class="link" @click=${() => {
            this.whole = true;
          }}>${this.actual === null ? t('Show all') : t('Show the first {0} characters', count(this.text.length))}</button>`
        : '';
    const kept =
      this.kept !== null && this.kept < (this.actual ?? this.text.length)
        ? html`${icon('warning', 'is-warning')} ${plural(this.kept, 'Sentry keeps the first {0} character', 'Sentry keeps the first {0} characters')}`
        : '';
    return html`<div class="text-foot"><span>${kept} ${more}</span>${copyTool(t('Copy text'), () => this.copy(this.text, this.path))}</div>`;
  }

  protected override render(): TemplateResult {
    const shown = this.whole ? this.text.length : Math.min(this.text.length, PAGE);
    return html`<h2>
        <span class="foreign">${this.name}</span> <span class="muted">${this.#size()}</span>
        <span class="push">${segments(
          t('Lines of {0}', this.name),
          this.wrap ? 'wrap' : 'scroll',
          [
            ['wrap', t('Wrap')],
            ['scroll', t('Scroll')],
          ],
          (choice) => this.#setWrap(choice === 'wrap'),
        )}</span>
      </h2>
      <div class="text-box">
        <pre class="foreign ${this.wrap ? 'wrap' : ''}" tabindex="0" role="region" aria-label=${this.name}>${this.text.slice(0, shown)}${shown < this.text.length ? '…' : ''}</pre>
        ${this.#foot(shown)}
      </div>`;
  }
}
customElements.define('firedrill-text', LongText);
