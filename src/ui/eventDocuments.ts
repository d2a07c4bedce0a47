import * as vscode from 'vscode';
import type { FailureId } from '../engine/api.ts';
import { failureId } from '../failure/ids.ts';
import { DOCUMENT_SCHEME } from './ids.ts';
import { shortTitle } from './sent/rows.ts';
import type { Session } from './session.ts';

/** Events as read-only JSON documents: what the inbox received, and what would be sent for a failure. */
export class EventDocuments {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async showInboxEvent(id: number, title: string): Promise<void> {
    await this.#show('inbox', String(id), title);
  }

  async showFailure(id: FailureId, title: string): Promise<void> {
    await this.#show('event', id, title);
  }

  /** The content of `firedrill:/inbox/12/discrepancies.json`: what it is, which one, a name for the tab. */
  async textOf(uri: vscode.Uri): Promise<string> {
    const [, kind, id = ''] = uri.path.split('/');
    if (kind === 'inbox') {
      const received = await this.#session.call((engine) => engine.inboxEvent(Number(id)));
      return `${JSON.stringify(received.event, null, 2)}\n`;
    }
    const preview = await this.#session.call((engine) => engine.preview(failureId(decodeURIComponent(id)), 'default'));
    return `${JSON.stringify(preview.event, null, 2)}\n`;
  }

  async #show(kind: 'inbox' | 'event', id: string, title: string): Promise<void> {
    const name = `${shortTitle(title)
      .replace(/[^\p{L}\p{N}_. -]+/gu, '_')
      .slice(0, 60)}.json`;
    const uri = vscode.Uri.from({ scheme: DOCUMENT_SCHEME, path: `/${kind}/${encodeURIComponent(id)}/${name}` });
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }
}
