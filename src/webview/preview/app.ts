import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { FailureId } from '../../engine/api.ts';
import type { FromPreview, ToPreview } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { icon, View } from '../shared/view.ts';
import { type EnvelopePart, envelopeParts } from './envelope.ts';
import { type EventView, eventView } from './eventModel.ts';
import { eventTab } from './eventTab.ts';
import { factLines, keptCharacters } from './facts.ts';
import { headline } from './headline.ts';
import { type Kept, readKept } from './kept.ts';
import { receipts } from './receipt.ts';
import { requestTab } from './requestTab.ts';
import { primary, targetBar } from './target.ts';
import type { ValueActions } from './valueView.ts';

/** After a click on Send the button rests this long, so that a double click sends once. */
const DOUBLE_CLICK = 800;

export class PreviewApp extends View {
  static override properties: PropertyDeclarations = {
    message: { state: true },
    tab: { state: true },
    wrap: { state: true },
    held: { state: true },
    opened: { state: true },
    now: { state: true },
  };
  declare message: ToPreview;
  declare tab: number;
  declare wrap: boolean;
  /** The Send button rests after a click. */
  declare held: boolean;
  /** The lines of the envelope that are open. */
  declare opened: ReadonlySet<number>;
  declare now: number;
  readonly #host: Host<FromPreview>;
  #jsonSeen = false;
  /** The failure that is shown; another one starts with nothing chosen, folded or scrolled. */
  #shown: FailureId | null = null;
  /** What is read out of the message once, not on every drawing. */
  #read: { readonly event: EventView; readonly parts: readonly EnvelopePart[] } = {
    event: { tags: [], extra: [], metadata: [], sections: [] },
    parts: [],
  };

  constructor() {
    super();
    this.message = { type: 'loading' };
    this.held = false;
    this.opened = new Set();
    this.now = Date.now();
    this.#host = connect<ToPreview, FromPreview>({ type: 'ready' }, (message) => {
      this.#receive(message);
    });
    const { tab, wrap } = readKept(this.#host.saved());
    this.tab = tab;
    this.wrap = wrap;
    onBroken((message) => {
      this.message = { type: 'error', message: t('The preview cannot be drawn: {0}', message) };
    });
    // Before the focused button hears it: Ctrl+Enter is not also its Enter.
    window.addEventListener('keydown', (event) => this.#keydown(event), { capture: true });
    setInterval(() => this.#tick(), 1000);
  }

  #receive(message: ToPreview): void {
    this.now = Date.now();
    if (message.type === 'preview') {
      const { event, failure, request } = message.preview;
      if (this.#shown !== failure.id) {
        this.opened = new Set();
        this.#jsonSeen = false;
        window.scrollTo(0, 0);
      }
      this.#shown = failure.id;
      this.#read = { event: eventView(event, failure), parts: envelopeParts(request.body) };
    }
    this.message = message;
  }

  /** Only what waits until a time of day changes by itself. */
  #tick(): void {
    if (document.hidden || this.message.type !== 'preview') return;
    const waits = this.message.preview.deliveries.some(({ state }) => state.kind === 'waiting' && state.until !== null);
    if (waits) this.now = Date.now();
  }

  #save(): void {
    const state: Kept = { tab: this.tab, wrap: this.wrap };
    this.#host.save(state);
  }

  #send(): void {
    if (this.message.type !== 'preview' || this.held) return;
    const { busy, message } = primary(this.message.preview);
    if (busy) return;
    this.held = true;
    setTimeout(() => {
      this.held = false;
    }, DOUBLE_CLICK);
    this.#host.post(message);
  }

  #keydown(event: KeyboardEvent): void {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#send();
    }
  }

  /** vscode-tabs selects with Enter only; Space is as usual for tabs. */
  #tabKeydown(event: KeyboardEvent & { target: Element }): void {
    if (event.key !== ' ' || !(event.target instanceof HTMLElement) || event.target.role !== 'tab') return;
    event.preventDefault();
    event.target.click();
  }

  #toggle(part: number): void {
    const opened = new Set(this.opened);
    if (!opened.delete(part)) opened.add(part);
    this.opened = opened;
  }

  /** Shows a value that will be cut, in the Event tab. */
  async #showPath(path: string): Promise<void> {
    this.tab = 0;
    await this.updateComplete;
    const places = [...this.querySelectorAll<HTMLElement>('[data-path]')];
    const place = places
      .filter((element) => path === element.dataset.path || path.startsWith(`${element.dataset.path}/`))
      .sort((a, b) => (b.dataset.path?.length ?? 0) - (a.dataset.path?.length ?? 0))[0];
    place?.scrollIntoView({ block: 'start' });
    place?.querySelector<HTMLElement>('[tabindex="0"], button')?.focus({ preventScroll: true });
  }

  protected override render(): TemplateResult {
    switch (this.message.type) {
      case 'loading':
        return this.#loading();
      case 'error':
        return html`<div class="state" role="alert"><div>${icon('error')}<h2>${t('No preview')}</h2><p class="foreign">${this.message.message}</p></div></div>`;
      case 'preview':
        return html`${keyed(this.message.preview.failure.id, this.#preview(this.message))}`;
    }
  }

  #loading(): TemplateResult {
    return html`<div class="progress" role="progressbar" aria-label=${t('Loading the preview')}></div>
      <div class="skeletons" aria-hidden="true"><i></i><i></i><i></i><i></i></div>`;
  }

  #preview({ preview, canOpenRun }: Extract<ToPreview, { type: 'preview' }>): TemplateResult {
    const post = (message: FromPreview): void => this.#host.post(message);
    const openRun = canOpenRun ? () => post({ type: 'open-run' }) : null;
    const actions: ValueActions = {
      copy: (text) => post({ type: 'copy-text', text }),
      openRun,
      runId: preview.failure.runId,
    };
    if (this.tab === 1) this.#jsonSeen = true;
    return html`<main>
      ${headline(preview, openRun, this.now)}
      ${targetBar(preview, this.held, post, () => this.#send())}
      ${receipts(preview, this.now, post)}
      ${factLines(preview, (path) => void this.#showPath(path))}
      <vscode-tabs
        selected-index=${this.tab}
        @keydown=${this.#tabKeydown}
        @vsc-tabs-select=${(event: CustomEvent<{ selectedIndex: number }>) => {
          this.tab = event.detail.selectedIndex;
          this.#save();
        }}
        @wrap-change=${(event: CustomEvent<boolean>) => {
          this.wrap = event.detail;
          this.#save();
        }}
      >
        <vscode-tab-header slot="header">${t('Event')}</vscode-tab-header>
        <vscode-tab-header slot="header">${t('JSON')}</vscode-tab-header>
        <vscode-tab-header slot="header">${t('Request')}</vscode-tab-header>
        <vscode-tab-panel>${eventTab(this.#read.event, this.wrap, keptCharacters(preview), actions)}</vscode-tab-panel>
        <vscode-tab-panel>
          <div class="pane">${
            this.#jsonSeen
              ? html`<firedrill-json .value=${preview.event} label=${t('Event as JSON')}></firedrill-json>`
              : ''
          }</div>
        </vscode-tab-panel>
        <vscode-tab-panel>
          ${requestTab(
            preview,
            this.#read.parts,
            () => post({ type: 'copy', what: 'sha256' }),
            this.opened,
            (part) => this.#toggle(part),
          )}
        </vscode-tab-panel>
      </vscode-tabs>
    </main>`;
  }
}
customElements.define('firedrill-preview', PreviewApp);
