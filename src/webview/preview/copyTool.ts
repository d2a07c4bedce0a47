import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { t } from '../shared/l10n.ts';
import { tool, View } from '../shared/view.ts';

/** So long it says that something was copied, in ms. */
export const SAID_FOR = 1500;

/** A tool that copies, and says so once it is done. */
class CopyTool extends View {
  static override properties: PropertyDeclarations = {
    icon: { type: String },
    label: { type: String },
    copy: { attribute: false },
    copied: { state: true },
  };
  declare icon: string;
  declare label: string;
  declare copy: () => Promise<void>;
  declare copied: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  async #click(): Promise<void> {
    await this.copy();
    this.copied = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.copied = false;
    }, SAID_FOR);
  }

  protected override render(): TemplateResult {
    const [icon, label] = this.copied ? ['check', t('Copied')] : [this.icon, this.label];
    return tool(icon, label, () => void this.#click());
  }
}
customElements.define('firedrill-copy', CopyTool);

export const copyTool = (label: string, copy: () => Promise<void>, icon = 'copy'): TemplateResult =>
  html`<firedrill-copy icon=${icon} label=${label} .copy=${copy}></firedrill-copy>`;
