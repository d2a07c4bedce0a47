import * as vscode from 'vscode';
import type { CopyAct } from '../../webview/protocol.ts';
import { eventOfFailure, eventReceived, type NamedEvent } from '../namedEvent.ts';
import { ask } from '../say.ts';
import type { Session } from '../session.ts';
import { asCurl } from './curl.ts';
import type { Shown } from './shown.ts';

/** What is shown, as an event that can be opened and compared. */
export const namedEvent = (shown: Shown): NamedEvent =>
  shown.kind === 'failure' ? eventOfFailure(shown.preview.row) : eventReceived(shown.received.row);

/** What a copying tool copies; the whole of it, whatever the view shows. null: there is none, or the user declined. */
export async function textToCopy(session: Session, act: CopyAct, shown: Shown): Promise<string | null> {
  const { source } = namedEvent(shown);
  switch (act.type) {
    case 'copy-text':
      return act.text;
    case 'copy-value':
      return await session.call((engine) => engine.valueText(source, act.path));
    case 'curl-with-key':
      return shown.kind === 'failure' ? await withKey(session, shown) : null;
    case 'copy':
      switch (act.what) {
        case 'json':
          return await session.call((engine) => engine.eventText(source, 'as sent'));
        case 'curl': {
          if (shown.kind !== 'failure') return null;
          const { request, failure } = shown.preview;
          const body = await session.call((engine) => engine.requestBody(failure.id, shown.target));
          return asCurl({ ...request, body });
        }
        case 'sha256':
          return shown.kind === 'failure' ? shown.preview.request.sha256 : shown.received.sha256;
      }
  }
}

/** The request with the key, after saying what that means. */
async function withKey(
  session: Session,
  { preview, target }: Extract<Shown, { kind: 'failure' }>,
): Promise<string | null> {
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
  if (!yes) return null;
  const { id } = preview.failure;
  const headers = await session.call((engine) => engine.keyedHeaders(id, target));
  const body = await session.call((engine) => engine.requestBody(id, target));
  return asCurl({ ...preview.request, headers, body });
}
