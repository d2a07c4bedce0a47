import * as vscode from 'vscode';
import type { FailureId } from '../engine/api.ts';
import type { Closable } from './disposable.ts';
import { eventOfUri, eventUri } from './eventUri.ts';
import { DOCUMENT_SCHEME } from './ids.ts';
import type { NamedEvent } from './namedEvent.ts';
import type { Session } from './session.ts';

/**
 * Events as read-only JSON documents: what would be sent for a failure, what was sent, what the inbox received. VS Code
 * brings search, folding and its diff editor.
 */
export class EventDocuments implements Closable {
  readonly #session: Session;
  readonly #listening: vscode.Disposable;

  /** `changed` is told of a document that is open and has another content now. */
  constructor(session: Session, changed: (uri: vscode.Uri) => void) {
    this.#session = session;
    this.#listening = session.onChange(({ failures }) => {
      const ids = new Set(failures?.changed.map(({ id }) => id));
      for (const uri of openDocuments(ids)) changed(uri);
    });
  }

  async show(event: NamedEvent): Promise<void> {
    const document = await vscode.workspace.openTextDocument(eventUri(event, 'as sent'));
    await vscode.window.showTextDocument(document, { preview: true });
  }

  /** The content of a document with one of `eventUri`'s addresses. */
  async textOf(uri: vscode.Uri): Promise<string> {
    const { source, order } = eventOfUri(uri);
    return await this.#session.call((engine) => engine.eventText(source, order));
  }

  dispose(): void {
    this.#listening.dispose();
  }
}

/** Open documents of these failures: a test was edited, or it was sent with other settings. */
function openDocuments(ids: ReadonlySet<FailureId>): readonly vscode.Uri[] {
  if (ids.size === 0) return [];
  return vscode.workspace.textDocuments
    .map(({ uri }) => uri)
    .filter((uri) => {
      if (uri.scheme !== DOCUMENT_SCHEME) return false;
      const { source } = eventOfUri(uri);
      return source.kind === 'failure' && ids.has(source.id);
    });
}
