import { isDeepStrictEqual } from 'node:util';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { EngineChange, FailureId, Overview, TargetChoice } from '../../engine/api.ts';
import type { FromPreview, OnForm, PreviewAct, PreviewSubject, ToPreview } from '../../webview/protocol.ts';
import { Disposables } from '../disposable.ts';
import { sayError, wordsOf } from '../say.ts';
import { shortTitle } from '../sent/rows.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { type Edit, Edits } from './edits.ts';
import { keptSubject } from './messages.ts';
import { fetchShown, type Shown, stateOf, titleOf } from './shown.ts';
import { PreviewWindow, type WindowPorts } from './window.ts';

/** ms between two states sent to the webview. */
const PAUSE = 250;

export interface PanelPorts {
  readonly session: Session;
  readonly log: vscode.LogOutputChannel;
  readonly extension: vscode.Uri;
  /** Does what a message from the webview asks for. */
  act(act: Exclude<PreviewAct, OnForm>, shown: Shown, panel: PreviewPanel): Promise<void>;
}

/**
 * The payload preview: one editor beside the others that shows the failure or received event chosen last, as a search
 * result's preview does. It sends complete states, so that a webview which was hidden (and so thrown away) only has to
 * say `ready`; after a reload of the window it hands back what it showed.
 */
export class PreviewPanel implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #ports: PanelPorts;
  readonly #refresh = this.#disposables.add(new Throttle(PAUSE, () => void this.#load()));
  readonly #edits = new Edits(
    (edit) => this.#edit(edit),
    () => vscode.l10n.t('Something in the form of this test failure cannot be read. Mend what is marked there first.'),
  );
  #window: PreviewWindow | undefined;
  #subject: PreviewSubject | undefined;
  #shown: Shown | undefined;
  /** Rises with each load: an answer that was overtaken is dropped. */
  #turn = 0;
  /** What of the overview a preview shows. */
  #around = '';

  constructor(ports: PanelPorts) {
    this.#ports = ports;
    this.#disposables.add(ports.session.onChange((change) => this.#onChange(change)));
    this.#disposables.add(ports.session.onReset(() => this.#refresh.request()));
  }

  /** The failure that the preview in front shows; for commands without an argument. */
  get current(): FailureId | undefined {
    return this.#window?.active && this.#subject?.kind === 'failure' ? this.#subject.id : undefined;
  }

  /** The failure that the preview shows, in front or beside another editor. */
  get inSight(): FailureId | undefined {
    return this.#window?.visible && this.#subject?.kind === 'failure' ? this.#subject.id : undefined;
  }

  /** Shows a failure beside the active editor, where the preview was last; the focus stays where it is, or goes there. */
  async show(id: FailureId, target: TargetChoice = 'default', focus = false): Promise<void> {
    await this.#showSubject({ kind: 'failure', id, target }, focus);
  }

  /** Shows what the inbox received, in the same place. */
  async showReceived(id: number): Promise<void> {
    await this.#showSubject({ kind: 'inbox', id });
  }

  /** VS Code brings back the panel that was open when the window was closed or reloaded. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const subject = v.parse(keptSubject, state);
    if (subject === null || this.#window) {
      panel.dispose();
      return;
    }
    this.#subject = subject;
    this.#window = new PreviewWindow(panel, this.#windowPorts());
    await this.#load();
  }

  /** Resolves once all that was typed of these failures is in them; rejects with an Error for the user where it is not. */
  async allTaken(ids: readonly FailureId[]): Promise<void> {
    await this.#edits.allTaken(ids);
  }

  /** What the page asked to copy is on the clipboard. */
  tellCopied(copy: number): void {
    this.#post({ type: 'copied', copy });
  }

  dispose(): void {
    this.#window?.close();
    this.#disposables.dispose();
  }

  /** Answers why it was refused; null when it was not. */
  async #edit({ id, target, fields }: Edit): Promise<string | null> {
    const isShown = (): boolean => this.#subject?.kind === 'failure' && this.#subject.id === id;
    const turn = isShown() ? ++this.#turn : null; // else it overtakes the loading of what is shown by now
    try {
      const preview = await this.#ports.session.call((engine) => engine.editTest(id, fields, target));
      if (turn === this.#turn) this.#present({ kind: 'failure', target, preview, failingLine: null }); // a test has none
      return null;
    } catch (error) {
      if (isShown()) this.#post({ type: 'edit-refused', message: wordsOf(error) });
      else void sayError(wordsOf(error));
      return wordsOf(error);
    }
  }

  async #showSubject(subject: PreviewSubject, focus = false): Promise<void> {
    const same = this.#subject?.kind === subject.kind && this.#subject.id === subject.id;
    if (!same) this.#shown = undefined;
    this.#subject = subject;
    if (this.#window) this.#window.reveal(focus);
    else this.#window = PreviewWindow.open(this.#windowPorts(), focus);
    await this.#load();
  }

  #windowPorts(): WindowPorts {
    return {
      log: this.#ports.log,
      extension: this.#ports.extension,
      receive: (message) => this.#receive(message),
      shown: () => this.#refresh.request(),
      closed: () => {
        this.#window = undefined;
        this.#subject = undefined;
        this.#shown = undefined;
        this.#edits.forget();
      },
    };
  }

  #onChange(change: EngineChange): void {
    if (this.#subject?.kind !== 'failure') return;
    const { id } = this.#subject;
    const around = change.overview ? surroundings(change.overview) : this.#around;
    const concerned =
      around !== this.#around ||
      change.deliveries?.some((delivery) => delivery.failureId === id) ||
      change.failures?.changed.some((row) => row.id === id);
    this.#around = around;
    if (concerned) this.#refresh.request();
  }

  async #load(): Promise<void> {
    const subject = this.#subject;
    if (!subject) return;
    const turn = ++this.#turn;
    if (!this.#shown) this.#post({ type: 'loading' });
    try {
      const shown = await fetchShown(this.#ports.session, subject);
      if (turn === this.#turn) this.#present(shown);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#shown = undefined;
      // Right after the start the instance is still looked for; once it is found, everything is loaded anew.
      if (this.#ports.session.overview?.instance.state === 'searching') return;
      this.#post({ type: 'error', message: wordsOf(error) });
    }
  }

  #present(shown: Shown): void {
    this.#shown = shown;
    if (this.#window) this.#window.title = shortTitle(titleOf(shown));
    this.#post(stateOf(shown));
  }

  #receive(message: FromPreview): void {
    if (message.type === 'ready') {
      if (this.#shown) this.#post(stateOf(this.#shown));
      else void this.#load();
      return;
    }
    this.#act(message, message.about).catch((error: unknown) => void sayError(wordsOf(error)));
  }

  async #act(act: PreviewAct, about: PreviewSubject): Promise<void> {
    if (act.type === 'edit' || act.type === 'unread') {
      // What was typed is kept, whatever is shown by now.
      if (about.kind !== 'failure') return;
      if (act.type === 'unread') this.#edits.setUnread(about.id, act.unread);
      else await this.#edits.do({ id: about.id, target: about.target, fields: act.fields });
    } else if (this.#shown && this.#subject && isDeepStrictEqual(about, this.#subject)) {
      await this.#ports.act(act, this.#shown, this);
    } // else a click that came too late: it was meant for what is shown no more
  }

  #post(message: ToPreview): void {
    this.#window?.post(message);
  }
}

/** Where it would go, and whether there is a webserver to open pages of. */
const surroundings = ({ codeLocations, instance }: Overview): string =>
  JSON.stringify([codeLocations, instance.state === 'following' && instance.webserverUrl]);
