import type { PropertyDeclarations } from 'lit';
import { countdown } from '../shared/format.ts';
import { t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';

/** Beyond this, in ms, a countdown changes every ten seconds. */
const FAR = 3_600_000;

/** The time left until the next interval tick. Changes by itself, touches nothing else, rests while hidden. */
export class Countdown extends View {
  static override properties: PropertyDeclarations = { due: { attribute: false }, word: { type: String } };
  /** ms since 1970; null shows `word`. */
  declare due: number | null;
  declare word: string;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.due = null;
    this.word = '–';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#timer = setInterval(() => this.#tick(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (document.hidden || this.due === null) return;
    const left = this.due - Date.now();
    if (left < FAR || Math.floor(left / 1000) % 10 === 0) this.requestUpdate();
  }

  protected override render(): string {
    if (this.due === null) return this.word;
    const left = this.due - Date.now();
    return left <= 0 ? t('due') : countdown(left);
  }
}
customElements.define('firedrill-countdown', Countdown);
