import * as vscode from 'vscode';
import type { EventMatch, FailingLine, Preview, ReceivedPreview, TargetChoice } from '../../engine/api.ts';
import type { PreviewSubject, ToPreview } from '../../webview/protocol.ts';
import { matchWords } from '../sent/matchWords.ts';
import type { Session } from '../session.ts';

/** What stands in the panel, once it is loaded. */
export type Shown =
  | {
      readonly kind: 'failure';
      readonly target: TargetChoice;
      readonly preview: Preview;
      readonly failingLine: FailingLine | null;
    }
  | { readonly kind: 'inbox'; readonly received: ReceivedPreview; readonly match: EventMatch };

/** Fetches what is to be shown. Rejects with an Error for the user. */
export async function fetchShown(session: Session, subject: PreviewSubject): Promise<Shown> {
  switch (subject.kind) {
    case 'failure': {
      const { id, target } = subject;
      return await session.call(async (engine) => {
        const [preview, failingLine] = await Promise.all([engine.preview(id, target), engine.failingLine(id)]);
        return { kind: 'failure', target, preview, failingLine };
      });
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
      const { preview, target, failingLine: line } = shown;
      const subject = { kind: 'failure', id: preview.failure.id, target } as const;
      const failingLine = line === null ? null : `${vscode.workspace.asRelativePath(line.file)}:${line.line}`;
      return { type: 'preview', preview, failingLine, subject };
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
