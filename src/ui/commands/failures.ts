import * as vscode from 'vscode';
import type { FailureId, FailureKind, FailureRow, TargetChoice } from '../../engine/api.ts';
import { compareTwo } from '../compare.ts';
import { failureRow } from '../failures/rows.ts';
import type { FailureSource } from '../failures/source.ts';
import type { FailuresTree } from '../failures/tree.ts';
import type { FailuresView } from '../failures/view.ts';
import { COMMANDS, INTERNAL_COMMANDS } from '../ids.ts';
import { eventOfFailure } from '../namedEvent.ts';
import { openPage } from '../openPage.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import { sayInfo } from '../say.ts';
import type { Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { failuresOf, textOf } from './arguments.ts';
import type { Handler } from './register.ts';

/** What a keyboard shortcut of the tree hands over: only the selected rows are meant, whatever the preview shows. */
const FROM_TREE = 'selected rows';

/** ms in which VS Code opens the row that a key has selected. */
const OPENS_WITHIN = 500;

/** Failures offered where none is selected. */
const PICKED_FROM = 500;

interface Parts {
  readonly session: Session;
  readonly sending: Sending;
  readonly source: FailureSource;
  readonly tree: FailuresTree;
  readonly view: FailuresView;
  readonly preview: PreviewPanel;
}

/** Commands on failures: test, preview, send, dismiss, copy, open. */
export function failureCommands(parts: Parts) {
  const { session, sending, tree, preview } = parts;
  /** Batches that were dismissed in this window, the last one first. */
  const dismissed: (readonly FailureId[])[] = [];

  /** Test failures that were made to be looked at. */
  const drafts = new Map<FailureKind, FailureId>();

  /** Until when a row that is opened was only selected, in ms since 1970. */
  let selectedUntil = 0;

  const previewTest = async (kind: FailureKind): Promise<FailureId | undefined> => {
    const id = await sending.makeTest(kind);
    if (id === null) return undefined;
    drafts.set(kind, id);
    await preview.show(id);
    return id;
  };
  /** Sends the test failure that was made to be looked at and is in sight, else a new one. */
  const sendTest = async (kind: FailureKind): Promise<FailureId | undefined> => {
    const draft = drafts.get(kind);
    const id = draft !== undefined && preview.inSight === draft ? draft : await previewTest(kind);
    if (id === undefined) return undefined;
    await preview.allTaken([id]);
    drafts.delete(kind);
    await sending.send([id], 'default');
    return id;
  };
  /** What the command was called with, else the preview in front, else the selected rows, else what the user picks. */
  const chosen = async (args: readonly unknown[]): Promise<readonly FailureId[]> => {
    const named = args[0] === FROM_TREE ? [] : failuresOf(args);
    if (named.length > 0) return named;
    if (preview.current !== undefined && args[0] !== FROM_TREE) return [preview.current];
    const selected = parts.view.selection.flatMap((node) => (node.kind === 'failure' ? [node.row.id] : []));
    if (selected.length > 0 || args[0] === FROM_TREE) return selected;
    const picked = await pickFailure(session);
    return picked === undefined ? [] : [picked];
  };
  const sendTo =
    (target: TargetChoice): Handler =>
    async (...args) => {
      const ids = await chosen(args);
      await preview.allTaken(ids);
      await sending.send(ids, target);
    };
  /** The rows of the chosen failures, wherever they are listed. */
  const chosenRows = async (args: readonly unknown[]): Promise<readonly FailureRow[]> => {
    const ids = await chosen(args);
    return await Promise.all(
      ids.map(async (id) => tree.list.find(id) ?? (await session.call((engine) => engine.preview(id, 'default'))).row),
    );
  };

  return {
    [COMMANDS.sendTestCheck]: () => sendTest('check'),
    [COMMANDS.sendTestRun]: () => sendTest('run'),
    [COMMANDS.previewTestCheck]: () => previewTest('check'),
    [COMMANDS.preview]: async (...args) => {
      const [id] = await chosen(args);
      if (id !== undefined) await preview.show(id);
    },
    [COMMANDS.send]: sendTo('default'),
    [COMMANDS.sendToInbox]: sendTo('inbox'),
    [COMMANDS.dismiss]: async (...args) => {
      const ids = await chosen(args);
      if (ids.length === 0) return;
      await session.call((engine) => engine.dismiss(ids));
      dismissed.push(ids);
    },
    [COMMANDS.undoDismiss]: async () => {
      const ids = dismissed.pop() ?? (await pickDismissed(session));
      if (ids && ids.length > 0) await session.call((engine) => engine.restore(ids));
    },
    [COMMANDS.openInDagster]: async (...args) => {
      const [row] = await chosenRows(args);
      if (row) await openRun(session, row);
    },
    [COMMANDS.copyRunId]: async (...args) => {
      const rows = await chosenRows(args);
      const runs = new Set(rows.flatMap(({ runId }) => (runId === null ? [] : [runId])));
      if (runs.size > 0) await vscode.env.clipboard.writeText([...runs].join('\n'));
      else if (rows.length > 0) sayInfo(vscode.l10n.t('This evaluation was reported without a run.'));
    },
    [COMMANDS.copyMessage]: async (...args) => {
      const rows = await chosenRows(args);
      if (rows.length > 0) await vscode.env.clipboard.writeText(rows.map(({ title }) => title).join('\n'));
    },
    [COMMANDS.openFailingLine]: async (...args) => {
      const [id] = await chosen(args);
      if (id !== undefined) await openFailingLine(session, id);
    },
    [COMMANDS.compareFailures]: async (...args) => {
      const [left, right, ...others] = await chosenRows(args);
      if (!left || !right || others.length > 0)
        throw new Error(vscode.l10n.t('Select two failures in the Failures view to compare their events.'));
      await compareTwo(eventOfFailure(left), eventOfFailure(right));
    },
    [INTERNAL_COMMANDS.showMoreGroups]: () => parts.source.showMoreGroups(),
    /**
     * A key of the tree means the row that has the focus, which only VS Code knows: the key selects it first, and what
     * VS Code opens by that is not what the key is for.
     */
    [INTERNAL_COMMANDS.keyOnRow]: () => {
      selectedUntil = Date.now() + OPENS_WITHIN;
    },
    [INTERNAL_COMMANDS.openRow]: async (...args) => {
      const [id] = failuresOf(args);
      const meant = Date.now() > selectedUntil;
      selectedUntil = 0;
      if (meant && id !== undefined) await preview.show(id);
    },
    [INTERNAL_COMMANDS.showMore]: async (...args) => {
      const key = textOf(args);
      if (key !== undefined) await parts.source.showMore(key);
    },
  } satisfies Partial<Record<string, Handler>>;
}

/** Opens a failure's run in Dagster's web page. */
async function openRun(session: Session, { runId, test }: FailureRow): Promise<void> {
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

async function openFailingLine(session: Session, id: FailureId): Promise<void> {
  const found = await session.call((engine) => engine.failingLine(id));
  if (found === null) {
    sayInfo(vscode.l10n.t('No file of this workspace stands in the stack of this failure.'));
    return;
  }
  const at = new vscode.Position(Math.max(0, found.line - 1), 0);
  const selection = new vscode.Range(at, at);
  await vscode.window.showTextDocument(vscode.Uri.file(found.file), { selection, preview: true });
}

async function pickFailure(session: Session): Promise<FailureId | undefined> {
  const { rows } = await session.call((engine) =>
    engine.failures({ status: 'pending', group: null, limit: PICKED_FROM, before: null }),
  );
  const placeHolder = rows.length === 0 ? vscode.l10n.t('No failure is pending.') : vscode.l10n.t('Which failure?');
  return (await vscode.window.showQuickPick(items(rows), { placeHolder, matchOnDescription: true }))?.id;
}

async function pickDismissed(session: Session): Promise<readonly FailureId[] | undefined> {
  const page = await session.call((engine) =>
    engine.failures({ status: 'dismissed', group: null, limit: PICKED_FROM, before: null }),
  );
  if (page.rows.length === 0) {
    sayInfo(vscode.l10n.t('No failure was dismissed.'));
    return undefined;
  }
  const placeHolder = vscode.l10n.t('Which dismissed failures shall be pending again?');
  const picked = await vscode.window.showQuickPick(items(page.rows), {
    placeHolder,
    canPickMany: true,
    matchOnDescription: true,
  });
  return picked?.map((item) => item.id);
}

const items = (rows: readonly FailureRow[]): (vscode.QuickPickItem & { readonly id: FailureId })[] =>
  rows.map((row) => {
    const shown = failureRow(row, Date.now(), vscode.l10n);
    return { label: inert(shown.label), description: inert(shown.description), id: row.id };
  });
