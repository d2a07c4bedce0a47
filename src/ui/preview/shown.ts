import * as vscode from 'vscode';
import type { EventMatch, Preview, ReceivedPreview, TargetChoice } from '../../engine/api.ts';
import type { PreviewSubject, ToPreview } from '../../webview/protocol.ts';
import { matchWords } from '../sent/matchWords.ts';
import type { Session } from '../session.ts';

/** What stands in the panel, once it is loaded. */
export type Shown =
  | { readonly kind: 'failure'; readonly target: TargetChoice; readonly preview: Preview }
  | { readonly kind: 'inbox'; readonly received: ReceivedPreview; readonly match: EventMatch };

/** Fetches what is to be shown. Rejects with an Error for the user. */
export async function fetchShown(session: Session, subject: PreviewSubject): Promise<Shown> {
  switch (subject.kind) {
    case 'failure': {
      const preview = await session.call((engine) => engine.preview(subject.id, subject.target));
      return { kind: 'failure', target: subject.target, preview };
    }
    case 'inbox':
      return await session.call(async (engine) => {
        const [received, match] = await Promise.all([
          engine.inboxEvent(subject.id),
          engine.failureOfInboxEvent(subject.id),
        ]);
        return { kind: 'inbox', received, match };
      });
  }
}

/** What the webview is told of it. */
export function stateOf(shown: Shown): ToPreview {
  switch (shown.kind) {
    case 'failure': {
      const { preview, target } = shown;
      const subject = { kind: 'failure', id: preview.failure.id, target } as const;
      return { type: 'preview', preview, canOpenRun: preview.runUrl !== null, subject };
    }
    case 'inbox': {
      const { received, match } = shown;
      const words = matchWords(match, received.row, vscode.l10n);
      const subject = { kind: 'inbox', id: received.row.id } as const;
      return { type: 'received', received, tellsOf: { words, failures: match.rows.length }, subject };
    }
  }
}

/** What Sentry calls it. */
export const titleOf = (shown: Shown): string =>
  shown.kind === 'failure' ? shown.preview.row.title : shown.received.row.title;
