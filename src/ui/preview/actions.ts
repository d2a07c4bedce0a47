import * as vscode from 'vscode';
import type { FailureRow } from '../../engine/api.ts';
import { specimenOf } from '../../failure/specimen.ts';
import type { OnFailure, OnReceived } from '../../webview/protocol.ts';
import { compareTwo } from '../compare.ts';
import type { Comparing } from '../comparing.ts';
import type { EventDocuments } from '../eventDocuments.ts';
import { failureRow } from '../failures/rows.ts';
import { COMMANDS } from '../ids.ts';
import { eventOfFailure } from '../namedEvent.ts';
import { openPage } from '../openPage.ts';
import { offer } from '../say.ts';
import type { Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { nameProblem, saveSpecimen } from '../specimens.ts';
import { inert } from '../text.ts';
import { namedEvent, textToCopy } from './copying.ts';
import type { PanelPorts, PreviewPanel } from './panel.ts';
import type { Shown } from './shown.ts';

interface Parts {
  readonly session: Session;
  readonly sending: Sending;
  readonly documents: EventDocuments;
  readonly comparing: Comparing;
}

type ShownFailure = Extract<Shown, { kind: 'failure' }>;
type ShownReceived = Extract<Shown, { kind: 'inbox' }>;

/** So many failures of one issue are offered. */
const OFFERED = 500;

/** What the preview's buttons do. */
export function previewActions(parts: Parts): PanelPorts['act'] {
  const { session, documents, comparing } = parts;
  return async (message, shown, panel) => {
    switch (message.type) {
      case 'copy':
      case 'copy-text':
      case 'copy-value':
      case 'curl-with-key': {
        const text = await textToCopy(session, message, shown);
        if (text === null) return;
        await vscode.env.clipboard.writeText(text);
        panel.tellCopied(message.copy);
        return;
      }
      case 'open-json':
        await documents.show(namedEvent(shown));
        return;
      case 'compare':
        await comparing.pick(namedEvent(shown));
        return;
      case 'open-in-dagster': {
        const url = await session.call((engine) => engine.dagsterUrl(message.what));
        if (url === null) throw new Error(vscode.l10n.t('No Dagster webserver is known.'));
        await openPage(url);
        return;
      }
      case 'retry':
        await session.call((engine) => engine.retry(message.delivery));
        return;
      case 'show-failure':
      case 'compare-failure':
        if (shown.kind === 'inbox') await actOnReceived(message, shown, panel);
        return;
      case 'open-issue':
        await vscode.commands.executeCommand(COMMANDS.openIssue, message.delivery);
        return;
      default:
        if (shown.kind === 'failure') await actOnFailure(parts, message, shown, panel);
    }
  };
}

async function actOnReceived(message: OnReceived, shown: ShownReceived, panel: PreviewPanel): Promise<void> {
  const failure = await pickFailure(shown.match.rows, vscode.l10n.t('Failures that it may tell of'));
  if (failure === undefined) return;
  switch (message.type) {
    case 'show-failure':
      await panel.show(failure.id);
      return;
    case 'compare-failure':
      await compareTwo(eventOfFailure(failure), namedEvent(shown));
      return;
  }
}

async function actOnFailure(
  { session, sending }: Parts,
  message: OnFailure,
  shown: ShownFailure,
  panel: PreviewPanel,
): Promise<void> {
  const { failure, row } = shown.preview;
  switch (message.type) {
    case 'send':
      await panel.allTaken([failure.id]); // what was typed last is sent too
      await sending.send([failure.id], message.target);
      return;
    case 'open-run':
      await vscode.commands.executeCommand(COMMANDS.openInDagster, failure.id);
      return;
    case 'open-failing-line':
      await vscode.commands.executeCommand(COMMANDS.openFailingLine, failure.id);
      return;
    case 'restore':
      await vscode.commands.executeCommand(COMMANDS.undoDismiss, failure.id);
      return;
    case 'set-dsn':
      await vscode.commands.executeCommand(COMMANDS.setDsn, row.codeLocation ?? undefined);
      return;
    case 'switch-target':
      await panel.show(failure.id, message.target);
      return;
    case 'show-issue': {
      const rows = await session.call((engine) => engine.sameIssue(failure.id, OFFERED));
      const others = rows.filter(({ id }) => id !== failure.id);
      const title = vscode.l10n.t('Pending failures of the issue {0}', inert(shown.preview.grouping.title));
      const other = await pickFailure(others, title);
      if (other !== undefined) await panel.show(other.id);
      return;
    }
    case 'edit-copy': {
      const copy = await session.call((engine) => engine.makeTest({ kind: 'copy', of: failure.id }));
      await panel.show(copy.id, shown.target);
      return;
    }
    case 'save-specimen':
      await panel.allTaken([failure.id]);
      await keep(await session.call((engine) => engine.failure(failure.id)));
      return;
    default:
      message satisfies never;
  }
}

/** One of several failures; the only one is not asked for. */
async function pickFailure(rows: readonly FailureRow[], title: string): Promise<FailureRow | undefined> {
  if (rows.length <= 1) return rows[0];
  const items = rows.map((row) => {
    const { label, description, icon } = failureRow(row, Date.now(), vscode.l10n);
    const iconPath = icon === null ? {} : { iconPath: new vscode.ThemeIcon(icon.name) };
    return { label: inert(label), description: inert(description), ...iconPath, row };
  });
  const placeHolder = vscode.l10n.t('Which failure?');
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.row;
}

async function keep(failure: Parameters<typeof specimenOf>[0]): Promise<void> {
  const specimen = specimenOf(failure);
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Save as Specimen'),
    prompt: vscode.l10n.t('Its name. It is kept in .firedrill/specimens, without any key, and can be committed.'),
    value: specimen.kind === 'check' ? specimen.checkName : specimen.errorClass,
    validateInput: nameProblem,
  });
  const uri = name === undefined ? undefined : await saveSpecimen(name, specimen);
  if (!uri) return;
  const said = vscode.l10n.t('Saved. “Send or Preview Specimen…” has it from now on.');
  if (await offer(said, vscode.l10n.t('Open'))) await vscode.window.showTextDocument(uri);
}
