import * as vscode from 'vscode';
import type { FromPreview } from '../../webview/protocol.ts';
import type { Comparing } from '../comparing.ts';
import type { EventDocuments } from '../eventDocuments.ts';
import type { NamedEvent } from '../eventUri.ts';
import { COMMANDS } from '../ids.ts';
import type { Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { asCurl } from './curl.ts';
import type { PanelPorts, Shown } from './panel.ts';

interface Parts {
  readonly session: Session;
  readonly sending: Sending;
  readonly documents: EventDocuments;
  readonly comparing: Comparing;
}

const namedEvent = (shown: Shown): NamedEvent =>
  shown.kind === 'failure'
    ? { source: { kind: 'failure', id: shown.preview.failure.id }, title: shown.preview.row.title }
    : { source: { kind: 'inbox', id: shown.received.row.id }, title: shown.received.row.title };

/** What the preview's buttons do. */
export function previewActions({ session, sending, documents, comparing }: Parts): PanelPorts['act'] {
  return async (message, shown, panel) => {
    switch (message.type) {
      case 'copy':
        await vscode.env.clipboard.writeText(copied(message.what, shown));
        return;
      case 'copy-text':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'open-json':
        await documents.show(namedEvent(shown));
        return;
      case 'compare':
        await comparing.pick(namedEvent(shown));
        return;
      case 'retry':
        await session.call((engine) => engine.retry(message.delivery));
        return;
    }
    if (shown.kind !== 'failure') return;
    const { failure, row } = shown.preview;
    switch (message.type) {
      case 'send':
        await sending.send([failure.id], message.target === 'default' ? shown.target : message.target);
        return;
      case 'open-run':
        await vscode.commands.executeCommand(COMMANDS.openInDagster, failure.id);
        return;
      case 'set-dsn':
        await vscode.commands.executeCommand(COMMANDS.setDsn, row.codeLocation ?? undefined);
        return;
      case 'switch-target':
        await panel.show(failure.id, message.target);
        return;
    }
  };
}

function copied(what: Extract<FromPreview, { type: 'copy' }>['what'], shown: Shown): string {
  const failure = shown.kind === 'failure';
  const { event } = failure ? shown.preview : shown.received;
  const row = failure ? shown.preview.row : shown.received.row;
  switch (what) {
    case 'json':
      return JSON.stringify(event, null, 2);
    case 'curl':
      return failure ? asCurl(shown.preview.request) : '';
    case 'sha256':
      return failure ? shown.preview.request.sha256 : shown.received.sha256;
    case 'event-id':
      return String(event.event_id ?? '');
    case 'run-id':
      return row.runId ?? '';
    case 'message':
      return String(event.message ?? row.title);
  }
}
