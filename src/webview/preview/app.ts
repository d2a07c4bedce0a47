import { html, type PropertyDeclarations, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Preview } from '../../engine/api.ts';
import type { FromPreview, PreviewAct, PreviewSubject, ToPreview } from '../protocol.ts';
import { FocusKeeper } from '../shared/focusKeeper.ts';
import { connect, type Host, onBroken } from '../shared/host.ts';
import { t } from '../shared/l10n.ts';
import { View } from '../shared/view.ts';
import { Copies } from './copies.ts';
import { SAID_FOR } from './copyTool.ts';
import { type EditForm, showProblem, unreadWords } from './edit/form.ts';
import type { Drafts } from './edit/keptDrafts.ts';
import type { Draft } from './edit/model.ts';
import { type Kept, readKept } from './kept.ts';
import { ofFailure, ofReceived, type PageActions, type PageState } from './page.ts';
import { NOTHING_READ, type Read, readPreview, readReceived } from './reading.ts';
import { broken, loading, revealPath } from './states.ts';
import { primary } from './target.ts';

/** After a click on Send the button rests this long, so that a double click sends once. */
const DOUBLE_CLICK = 800;

export class PreviewApp extends View {
  static override properties: PropertyDeclarations = {
    message: { state: true },
    tab: { state: true },
    wrap: { state: true },
    held: { state: true },
    editing: { state: true },
    refused: { state: true },
    drafts: { state: true },
    opened: { state: true },
    now: { state: true },
    said: { state: true },
  };
  declare message: Exclude<ToPreview, { type: 'copied' | 'edit-refused' }>;
  declare tab: number;
  declare wrap: boolean;
  /** The Send button rests after a click. */
  declare held: boolean;
  /** The form of a test failure is open. */
  declare editing: boolean;
  declare refused: string;
  /** What was typed and cannot be read, by what was shown then: it is there again when that is shown again. */
  declare drafts: Drafts;
  /** The lines of the envelope that are open. */
  declare opened: ReadonlySet<number>;
  declare now: number;
  /** What a screen reader is told, in words that the page shows as a sign only. */
  declare said: string;
  readonly #copies = new Copies();
  readonly #host: Host<FromPreview>;
  #jsonSeen = false;
  /** What is shown; another subject starts with nothing chosen, folded or scrolled. */
  #key = '';
  #subject: PreviewSubject | null = null;
  /** The next failure shown is a copy that was asked for to be changed. */
  #editNext = false;
  /** What is read out of the message once, not on every drawing. */
  #read: Read = NOTHING_READ;

  constructor() {
    super();
    new FocusKeeper(this);
    this.message = { type: 'loading' };
    this.held = false;
    this.editing = false;
    this.refused = '';
    this.opened = new Set();
    this.now = Date.now();
    this.said = '';
    this.#host = connect<ToPreview, FromPreview>({ type: 'ready' }, (message) => {
      this.#receive(message);
    });
    const { tab, wrap, drafts } = readKept(this.#host.saved());
    this.tab = tab;
    this.drafts = drafts;
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
      case 'preview':
        this.#begin(message.subject, readPreview(message.preview));
        if (message.preview.test?.editable !== true) this.#keep(null);
        this.editing = this.editing && message.preview.test?.editable === true;
        break;
      case 'received':
        this.#begin(message.subject, readReceived(message.received));
        break;
      case 'copied':
        this.#copies.done(message.copy);
        this.#say(t('Copied'));
        return;
      case 'edit-refused':
        this.refused = message.message;
        return;
      case 'loading':
      case 'error':
        break;
    }
    this.refused = '';
    this.message = message;
  }

  #begin(subject: PreviewSubject, read: Read): void {
    const key = `${subject.kind} ${subject.id}`;
    const other = this.#key !== key;
    this.#key = key;
    this.#subject = subject;
    this.#read = read;
    if (other) {
      this.#copies.forget();
      const unread = key in this.drafts;
      this.opened = new Set();
      this.#jsonSeen = false;
      this.editing = this.#editNext || unread;
      this.#editNext = false;
      if (unread) this.#post({ type: 'unread', unread });
      window.scrollTo(0, 0);
    }
    this.#save();
  }

  /** Only what waits until a time of day changes by itself. */
  #tick(): void {
    if (document.hidden || this.message.type !== 'preview') return;
    const waits = this.message.preview.deliveries.some(({ state }) => state.kind === 'waiting' && state.until !== null);
    if (waits) this.now = Date.now();
  }

  #save(): void {
    const { tab, wrap, drafts } = this;
    const state: Kept = { subject: this.#subject, tab, wrap, drafts };
    this.#host.save(state);
  }

  #say(words: string): void {
    this.said = words;
    setTimeout(() => {
      this.said = ''; // so that the same words are heard again
    }, SAID_FOR);
  }

  #post(act: PreviewAct): void {
    if (this.#subject) this.#host.post({ ...act, about: this.#subject });
  }

  /** Keeps what cannot be read, so that hiding the page or showing another failure does not lose it; null: all can be. */
  #keep(draft: Draft | null): void {
    const before = this.#key in this.drafts;
    if (draft === null && !before) return;
    const { [this.#key]: _, ...others } = this.drafts;
    this.drafts = draft === null ? others : { ...others, [this.#key]: draft };
    this.#save();
    if (before !== (draft !== null)) this.#post({ type: 'unread', unread: draft !== null });
  }

  /** Opens the form where something in it cannot be read. */
  async #showProblem(): Promise<void> {
    this.editing = true;
    await this.updateComplete;
    await this.querySelector<EditForm>('firedrill-edit')?.updateComplete;
    showProblem(this);
  }

  #send(): void {
    if (this.message.type !== 'preview' || this.held) return;
    const { busy, message } = primary(this.message.preview);
    if (busy) return;
    this.held = this.#hindrance === '';
    setTimeout(() => {
      this.held = false;
    }, DOUBLE_CLICK);
    this.#sendAs(message);
  }

  /** Sends what the page shows, or shows why it cannot be sent. */
  #sendAs(message: PreviewAct): void {
    if (this.#hindrance === '') this.#post(message);
    else void this.#showProblem();
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
    revealPath(this, path);
  }

  protected override render(): TemplateResult {
    return html`${this.#page()}<span class="spoken" role="status">${this.said}</span>`;
  }

  #page(): TemplateResult {
    switch (this.message.type) {
      case 'loading':
        return loading();
      case 'error':
        return broken(this.message.message);
      case 'preview':
        return html`${keyed(this.#key, ofFailure(this.message, this.#state(), this.#actions))}`;
      case 'received':
        return html`${keyed(this.#key, ofReceived(this.message, this.#state(), this.#actions))}`;
    }
  }

  /** Opens or closes the form; what was sent already is copied first. */
  #edit({ test }: Preview): void {
    if (test?.editable) {
      this.editing = !this.editing;
    } else {
      this.#editNext = true;
      this.#post({ type: 'edit-copy' });
    }
  }

  #state(): PageState {
    const { now, held, editing, refused, tab, wrap, opened } = this;
    const draft = this.drafts[this.#key] ?? null;
    if (tab === 1) this.#jsonSeen = true;
    const form = { editing, refused, draft, hindrance: this.#hindrance };
    return { now, held, form, tab, wrap, opened, jsonSeen: this.#jsonSeen, read: this.#read };
  }

  /** Why what is shown cannot be sent: something of it was typed and is not in the event. */
  get #hindrance(): string {
    return this.#key in this.drafts ? unreadWords() : this.refused;
  }

  readonly #actions: PageActions = {
    post: (act) => this.#post(act),
    copy: (act) => this.#copies.ask(act, (numbered) => this.#post(numbered)),
    send: () => this.#send(),
    sendToInbox: () => this.#sendAs({ type: 'send', target: 'inbox' }),
    keep: (draft) => this.#keep(draft),
    edit: (preview) => this.#edit(preview),
    showPath: (path) => void this.#showPath(path),
    choose: (tab) => {
      this.tab = tab;
      this.#save();
    },
    setWrap: (wrap) => {
      this.wrap = wrap;
      this.#save();
    },
    toggle: (part) => this.#toggle(part),
  };
}
customElements.define('firedrill-preview', PreviewApp);
