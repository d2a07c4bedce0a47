import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { pieces } from './l10n.ts';

/** A component without shadow root: the page's stylesheet and the icon font apply, and Find sees its text. */
export class View extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** A codicon, for the eye only: a word beside it says the same. */
export const icon = (name: string, extra = ''): TemplateResult =>
  html`<span class="codicon codicon-${name} ${extra}" aria-hidden="true"></span>`;

/** A translated text with elements in the places of its arguments. */
export const rich = (text: string, ...parts: readonly unknown[]): TemplateResult =>
  html`${pieces(text).map((piece) => (typeof piece === 'number' ? (parts[piece] ?? nothing) : piece))}`;

/** A small tool: an icon with a name that is read aloud and shown on hover. */
export const tool = (name: string, label: string, click: (event: Event) => void, testId?: string): TemplateResult =>
  html`<vscode-toolbar-button icon=${name} .label=${label} title=${label} data-testid=${testId ?? nothing} @click=${click}></vscode-toolbar-button>`;

/** Two or more ways to show the same thing, one of them on. */
export const segments = <Value extends string>(
  label: string,
  chosen: Value,
  choices: readonly (readonly [Value, string])[],
  choose: (value: Value) => void,
): TemplateResult =>
  html`<span class="segments" role="group" aria-label=${label}
    >${choices.map(
      ([value, text]) =>
        html`<button type="button" aria-pressed=${value === chosen ? 'true' : 'false'} @click=${() => choose(value)}>${text}</button>`,
    )}</span
  >`;
