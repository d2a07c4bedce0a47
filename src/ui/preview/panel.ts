import * as v from 'valibot';
import * as vscode from 'vscode';
import type { EngineChange, FailureId, Preview, TargetChoice } from '../../engine/api.ts';
import type { FromPreview, ToPreview } from '../../webview/protocol.ts';
import { Disposables } from '../disposable.ts';
import type { EventDocuments } from '../eventDocuments.ts';
import { COMMANDS, PREVIEW_TYPE } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { sayError, wordsOf } from '../say.ts';
import type { Sending } from '../sending.ts';
import { shortTitle } from '../sent/rows.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { showPage } from '../webviewPage.ts';
import { asCurl } from './curl.ts';
import { fromPreview } from './messages.ts';

/** ms between two states sent to the webview. */
const PAUSE = 250;

/**
 * The payload preview: one editor beside the others that shows the failure chosen last, as a search result's preview
 * does. It sends complete states, so that a webview which was hidden (and so thrown away) only has to say `ready`.
 */
export class PreviewPanel implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #sending: Sending;
  readonly #documents: EventDocuments;
  readonly #log: vscode.LogOutputChannel;
  readonly #extension: vscode.Uri;
  readonly #refresh = this.#disposables.add(new Throttle(PAUSE, () => void this.#load()));
  #panel: vscode.WebviewPanel | undefined;
  #ready = false;
  #shown: { readonly id: FailureId; readonly target: TargetChoice } | undefined;
  #preview: Preview | undefined;
  /** Rises with each load: an answer that was overtaken is dropped. */
  #turn = 0;
  #locations = '';

  constructor(
    session: Session,
    sending: Sending,
    documents: EventDocuments,
    log: vscode.LogOutputChannel,
    extension: vscode.Uri,
  ) {
    this.#session = session;
    this.#sending = sending;
    this.#documents = documents;
    this.#log = log;
    this.#extension = extension;
    this.#disposables.add(session.onChange((change) => this.#onChange(change)));
    this.#disposables.add(session.onReset(() => this.#refresh.request()));
  }

  /** What the preview shows; for commands without an argument. */
  get current(): FailureId | undefined {
    return this.#panel?.active ? this.#shown?.id : undefined;
  }

  /** Shows a failure beside the active editor, where the preview was last; the focus stays in the tree. */
  async show(id: FailureId, target: TargetChoice = 'default'): Promise<void> {
    if (this.#shown?.id !== id) this.#preview = undefined;
    this.#shown = { id, target };
    if (this.#panel) this.#panel.reveal(undefined, true);
    else this.#open();
    await this.#load();
  }

  dispose(): void {
    this.#panel?.dispose();
    this.#disposables.dispose();
  }

  #open(): void {
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const title = vscode.l10n.t('Payload Preview');
    const panel = vscode.window.createWebviewPanel(
      PREVIEW_TYPE,
      title,
      { viewColumn: column, preserveFocus: true },
      { enableFindWidget: true },
    );
    const icon = (theme: string): vscode.Uri => vscode.Uri.joinPath(this.#extension, 'media', `preview-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    this.#panel = panel;
    this.#ready = false;
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(message));
    panel.onDidChangeViewState(() => {
      // Shown again: VS Code may have thrown its content away (then it says ready once more) or not.
      if (panel.visible) this.#refresh.request();
    });
    panel.onDidDispose(() => {
      this.#panel = undefined;
      this.#shown = undefined;
      this.#preview = undefined;
    });
    showPage(panel.webview, this.#extension, 'preview', title);
  }

  #onChange(change: EngineChange): void {
    const id = this.#shown?.id;
    if (id === undefined) return;
    const locations = change.overview ? JSON.stringify(change.overview.codeLocations) : this.#locations;
    const concerned =
      locations !== this.#locations ||
      change.deliveries?.some((delivery) => delivery.failureId === id) ||
      change.failures?.changed.some((row) => row.id === id);
    this.#locations = locations;
    if (concerned) this.#refresh.request();
  }

  async #load(): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    const turn = ++this.#turn;
    if (!this.#preview) this.#post({ type: 'loading' });
    try {
      const preview = await this.#session.call((engine) => engine.preview(shown.id, shown.target));
      if (turn !== this.#turn) return;
      this.#preview = preview;
      if (this.#panel) this.#panel.title = shortTitle(preview.row.title);
      this.#post({ type: 'preview', preview, canOpenRun: preview.runUrl !== null });
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#preview = undefined;
      this.#post({ type: 'error', message: maskSecrets(wordsOf(error)) });
    }
  }

  #post(message: ToPreview): void {
    if (this.#ready && this.#panel?.visible) void this.#panel.webview.postMessage(message);
  }

  #receive(raw: unknown): void {
    const message = v.safeParse(fromPreview, raw);
    if (!message.success) {
      this.#log.warn(`The preview sent something unknown: ${message.issues.map((issue) => issue.message).join(' ')}`);
      return;
    }
    this.#act(message.output).catch((error: unknown) => void sayError(wordsOf(error)));
  }

  async #act(message: FromPreview): Promise<void> {
    const shown = this.#shown;
    if (!shown) return;
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        if (this.#preview)
          this.#post({ type: 'preview', preview: this.#preview, canOpenRun: this.#preview.runUrl !== null });
        else await this.#load();
        return;
      case 'send':
        await this.#sending.send([shown.id], message.target === 'default' ? shown.target : message.target);
        return;
      case 'retry':
        await this.#session.call((engine) => engine.retry(message.delivery));
        return;
      case 'copy':
        await this.#copy(message.what);
        return;
      case 'copy-text':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'open-json':
        await this.#documents.showFailure(shown.id, this.#preview?.row.title ?? shown.id);
        return;
      case 'open-run':
        await vscode.commands.executeCommand(COMMANDS.openInDagster, shown.id);
        return;
      case 'set-dsn':
        await vscode.commands.executeCommand(COMMANDS.setDsn, this.#preview?.row.codeLocation ?? undefined);
        return;
      case 'switch-target':
        await this.show(shown.id, message.target);
        return;
    }
  }

  async #copy(what: Extract<FromPreview, { type: 'copy' }>['what']): Promise<void> {
    const preview = this.#preview;
    if (!preview) return;
    const text = {
      json: () => JSON.stringify(preview.event, null, 2),
      curl: () => asCurl(preview.request),
      sha256: () => preview.request.sha256,
      'event-id': () => String(preview.event.event_id ?? ''),
      'run-id': () => preview.row.runId ?? '',
      message: () => String(preview.event.message ?? preview.row.title),
    }[what]();
    await vscode.env.clipboard.writeText(text);
  }
}
