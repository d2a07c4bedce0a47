import * as vscode from 'vscode';
import type { FailureId, FailureRow } from '../../engine/api.ts';
import type { DagsterError, Failure } from '../../failure/failure.ts';
import { openPage } from '../openPage.ts';
import { sayInfo } from '../say.ts';
import type { Session } from '../session.ts';

/** Opens a failure's run in Dagster's web page. */
export async function openRun(session: Session, { runId, test }: FailureRow): Promise<void> {
  if (runId === null || test) {
    sayInfo(vscode.l10n.t('This failure has no run in Dagster.'));
    return;
  }
  const url = await session.call((engine) => engine.dagsterUrl({ kind: 'run', id: runId }));
  if (url === null)
    throw new Error(
      vscode.l10n.t('No Dagster webserver is known for this failure. Start dagster dev, or connect to a webserver.'),
    );
  await openPage(url);
}

/** Opens the line of the workspace that raised, or says why there is none. */
export async function openFailingLine(session: Session, id: FailureId): Promise<void> {
  const found = await session.call((engine) => engine.failingLine(id));
  if (found === null) {
    sayInfo(
      hasStack(await session.call((engine) => engine.failure(id)))
        ? vscode.l10n.t('No file of this workspace stands in the stack of this failure.')
        : vscode.l10n.t('Dagster recorded no stack for this failure.'),
    );
    return;
  }
  const at = new vscode.Position(Math.max(0, found.line - 1), 0);
  const selection = new vscode.Range(at, at);
  await vscode.window.showTextDocument(vscode.Uri.file(found.file), { selection, preview: true });
}

function hasStack(failure: Failure): boolean {
  if (failure.kind === 'check') return false;
  const inChain = (error: DagsterError | null): boolean =>
    error !== null && (error.stack.length > 0 || inChain(error.cause));
  return inChain(failure.error) || inChain(failure.step?.error ?? null);
}
