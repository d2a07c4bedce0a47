import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { JsonObject } from '../../failure/json.ts';
import type { FromPreview, PreviewSubject, ToPreview } from '../protocol.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { icon, View } from '../shared/view.ts';
import { envelopeParts } from './envelope.ts';
import { type EventView, eventView } from './eventModel.ts';
import { eventTab } from './eventTab.ts';
import { factLines, keptCharacters } from './facts.ts';
import { headline } from './headline.ts';
import { type Kept, readKept } from './kept.ts';
import { receipts } from './receipt.ts';
import { receivedBar, receivedHeadline } from './receivedPage.ts';
import { type RequestView, requestOf, requestOfReceived, requestTab } from './requestTab.ts';
import { tabs } from './tabs.ts';
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
  /** What is shown; another subject starts with nothing chosen, folded or scrolled. */
  #key = '';
  #subject: PreviewSubject | null = null;
  /** What is read out of the message once, not on every drawing. */
  #read: { readonly event: EventView; readonly request: RequestView } = {
    event: { tags: [], extra: [], metadata: [], recorded: false, other: [], sections: [] },
    request: { url: '', headers: [], parts: [], size: '', sha256: '', covers: '' },
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
    switch (message.type) {
      case 'preview': {
        const { event, failure, request } = message.preview;
        const recorded = failure.kind === 'check' ? failure.metadata : null;
        const parts = envelopeParts(request.body);
        this.#begin(message.subject, eventView(event, recorded), requestOf(message.preview, parts));
        break;
      }
      case 'received':
        this.#begin(message.subject, eventView(message.received.event, null), requestOfReceived(message.received));
        break;
      case 'loading':
      case 'error':
        break;
    }
    this.message = message;
  }

  #begin(subject: PreviewSubject, event: EventView, request: RequestView): void {
    const key = `${subject.kind} ${subject.id}`;
    if (this.#key !== key) {
      this.opened = new Set();
      this.#jsonSeen = false;
      window.scrollTo(0, 0);
    }
    this.#key = key;
    this.#subject = subject;
    this.#read = { event, request };
    this.#save();
  }

  /** Only what waits until a time of day changes by itself. */
  #tick(): void {
    if (document.hidden || this.message.type !== 'preview') return;
    const waits = this.message.preview.deliveries.some(({ state }) => state.kind === 'waiting' && state.until !== null);
    if (waits) this.now = Date.now();
  }

  #save(): void {
    const state: Kept = { subject: this.#subject, tab: this.tab, wrap: this.wrap };
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
        return html`${keyed(this.#key, this.#preview(this.message))}`;
      case 'received':
        return html`${keyed(this.#key, this.#received(this.message))}`;
    }
  }

  #loading(): TemplateResult {
    return html`<div class="progress" role="progressbar" aria-label=${t('Loading the preview')}></div>
      <div class="skeletons" aria-hidden="true"><i></i><i></i><i></i><i></i></div>`;
  }

  readonly #post = (message: FromPreview): void => this.#host.post(message);

  #preview({ preview, canOpenRun }: Extract<ToPreview, { type: 'preview' }>): TemplateResult {
    const openRun = canOpenRun ? () => this.#post({ type: 'open-run' }) : null;
    const actions: ValueActions = { copy: this.#copy, openRun, runId: preview.failure.runId };
    return html`<main>
      ${headline(preview, openRun, this.now)}
      ${targetBar(preview, this.held, this.#post, () => this.#send())}
      ${receipts(preview, this.now, this.#post)}
      ${factLines(preview, (path) => void this.#showPath(path))}
      ${this.#tabs(preview.event, keptCharacters(preview), actions)}
    </main>`;
  }

  #received({ received }: Extract<ToPreview, { type: 'received' }>): TemplateResult {
    return html`<main>
      ${receivedHeadline(received, this.now)}
      ${receivedBar(received, this.#post)}
      ${this.#tabs(received.event, new Map(), { copy: this.#copy, openRun: null, runId: null })}
    </main>`;
  }

  readonly #copy = (text: string): void => this.#post({ type: 'copy-text', text });

  #tabs(event: JsonObject, kept: ReadonlyMap<string, number>, actions: ValueActions): TemplateResult {
    if (this.tab === 1) this.#jsonSeen = true;
    return tabs({
      tab: this.tab,
      choose: (tab) => {
        this.tab = tab;
        this.#save();
      },
      setWrap: (wrap) => {
        this.wrap = wrap;
        this.#save();
      },
      event: eventTab(this.#read.event, this.wrap, kept, actions),
      json: this.#jsonSeen ? html`<firedrill-json .value=${event} label=${t('Event as JSON')}></firedrill-json>` : '',
      request: requestTab(
        this.#read.request,
        () => this.#post({ type: 'copy', what: 'sha256' }),
        this.opened,
        (part) => this.#toggle(part),
      ),
    });
  }
}
customElements.define('firedrill-preview', PreviewApp);
