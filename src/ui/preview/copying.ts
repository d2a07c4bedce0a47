import * as vscode from 'vscode';
import type { PreviewAct } from '../../webview/protocol.ts';
import { eventOfFailure, eventReceived, type NamedEvent } from '../namedEvent.ts';
import { ask } from '../say.ts';
import type { Session } from '../session.ts';
import { asCurl } from './curl.ts';
import type { Shown } from './shown.ts';

/** What is shown, as an event that can be opened and compared. */
export const namedEvent = (shown: Shown): NamedEvent =>
  shown.kind === 'failure' ? eventOfFailure(shown.preview.row) : eventReceived(shown.received.row);

/** What a copying tool copies; the whole of it, whatever the view shows. */
export async function copied(
  session: Session,
  what: Extract<PreviewAct, { type: 'copy' }>['what'],
  shown: Shown,
): Promise<string> {
  const failure = shown.kind === 'failure';
  const { event } = failure ? shown.preview : shown.received;
  const row = failure ? shown.preview.row : shown.received.row;
  switch (what) {
    case 'json':
      return await session.call((engine) => engine.eventText(namedEvent(shown).source, 'as sent'));
    case 'curl': {
      if (!failure) return '';
      const { request, failure: of } = shown.preview;
      const body = await session.call((engine) => engine.requestBody(of.id, shown.target));
      return asCurl({ ...request, body });
    }
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

/** Copies the request with the key, after saying what that means. */
export async function copyWithKey(
  session: Session,
  { preview, target }: Extract<Shown, { kind: 'failure' }>,
): Promise<void> {
  const to =
    preview.target.kind === 'sentry'
      ? vscode.l10n.t('Sentry project {0} on {1}', preview.target.project, preview.target.host)
      : vscode.l10n.t('the local inbox');
  const yes = await ask(
    vscode.l10n.t('Copy this request with the key of {0}?', to),
    vscode.l10n.t(
      'The command on the clipboard sends the event at once, and whoever has it can send anything to that project. Do not paste it where others read.',
    ),
    vscode.l10n.t('Copy With Key'),
  );
  if (!yes) return;
  const { id } = preview.failure;
  const headers = await session.call((engine) => engine.keyedHeaders(id, target));
  const body = await session.call((engine) => engine.requestBody(id, target));
  await vscode.env.clipboard.writeText(asCurl({ ...preview.request, headers, body }));
}
