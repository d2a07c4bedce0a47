import * as vscode from 'vscode';
import type { FailureId, FailureKind, FailureRow, TargetChoice } from '../../engine/api.ts';
import { compareTwo } from '../compare.ts';
import type { Comparing } from '../comparing.ts';
import type { GoingOn } from '../failures/goingOn.ts';
import type { FailureSource } from '../failures/source.ts';
import type { FailuresTree } from '../failures/tree.ts';
import type { FailuresView } from '../failures/view.ts';
import { COMMANDS, INTERNAL_COMMANDS } from '../ids.ts';
import { eventOfFailure } from '../namedEvent.ts';
import type { PreviewPanel } from '../preview/panel.ts';
import { sayInfo } from '../say.ts';
import type { AroundQuestion, Sending } from '../sending.ts';
import type { Session } from '../session.ts';
import { failuresOf, textOf } from './arguments.ts';
import { Dismissals } from './dismissals.ts';
import { Meant } from './meant.ts';
import { openFailingLine, openRun } from './opening.ts';
import type { Handler } from './register.ts';

/** ms in which VS Code opens the row that a key has selected. */
const OPENS_WITHIN = 500;

interface Parts {
  readonly session: Session;
  readonly sending: Sending;
  readonly source: FailureSource;
  readonly tree: FailuresTree;
  readonly view: FailuresView;
  readonly goingOn: GoingOn;
  readonly preview: PreviewPanel;
  readonly comparing: Comparing;
}

/** Commands on failures: test, preview, send, dismiss, copy, open. */
export function failureCommands(parts: Parts) {
  const { session, sending, tree, view, goingOn, preview } = parts;
  const rowOf = async (id: FailureId): Promise<FailureRow> =>
    tree.list.find(id) ?? (await session.call((engine) => engine.preview(id, 'default'))).row;
  const meant = new Meant({ session, view, preview, rowOf });
  const dismissals = new Dismissals(session);

  /** Test failures that were made to be looked at. */
  const drafts = new Map<FailureKind, FailureId>();

  /** Until when a row that is opened was only selected, in ms since 1970. */
  let selectedUntil = 0;
  const isOpened = (): boolean => {
    const opened = Date.now() > selectedUntil;
    selectedUntil = 0;
    return opened;
  };

  /** Until when a row that is opened was entered, in ms since 1970. */
  let enteredUntil = 0;
  const isEntered = (): boolean => {
    const entered = Date.now() <= enteredUntil;
    enteredUntil = 0;
    return entered;
  };

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
  /** What a key of the tree was pressed for and is not done yet: a key that is held down may name it once more. */
  const underWay = new Set<FailureId>();
  /**
   * Does something to the failures that are meant. Asked for in the tree, the row after them is selected first, so that
   * the same key works through the list; `act` answers false where nothing became of it.
   */
  const doneWith = async (
    args: readonly unknown[],
    act: (ids: readonly FailureId[], around: AroundQuestion) => Promise<boolean>,
  ): Promise<void> => {
    const ids = (await meant.failures(args)).filter((id) => !underWay.has(id));
    if (ids.length === 0) return;
    const inTree = meant.inTree(args, ids);
    let done = false;
    /** While a question is asked, the row that it is about is the one that is selected. */
    const around: AroundQuestion = async (question) => {
      if (inTree) await goingOn.backTo(ids);
      const yes = await question();
      if (inTree && yes) await goingOn.from(ids);
      return yes;
    };
    for (const id of ids) underWay.add(id);
    try {
      if (inTree) await goingOn.from(ids);
      done = await act(ids, around);
    } finally {
      for (const id of ids) underWay.delete(id);
      if (inTree && !done) await goingOn.backTo(ids);
    }
  };
  const sendTo =
    (target: TargetChoice): Handler =>
    (...args) =>
      doneWith(args, async (ids, around) => {
        await preview.allTaken(ids);
        return await sending.send(ids, target, around);
      });
  /** The rows that are selected, for a command from the palette. */
  const selectedInSight = (args: readonly unknown[]): readonly FailureId[] =>
    args.length === 0 && view.visible ? view.selected : [];
  const chosenRows = async (args: readonly unknown[]): Promise<readonly FailureRow[]> =>
    await Promise.all((await meant.failures(args)).map(rowOf));
  /** Two that are selected, else the one that is meant with another. */
  const compare: Handler = async (...args) => {
    const selected = selectedInSight(args);
    const rows = selected.length === 2 ? await Promise.all(selected.map(rowOf)) : await chosenRows(args);
    const [left, right] = rows;
    if (rows.length > 2) sayInfo(vscode.l10n.t('{0} failures are selected. Select two to compare them.', rows.length));
    else if (left && right) await compareTwo(eventOfFailure(left), eventOfFailure(right));
    else if (left) await parts.comparing.pick(eventOfFailure(left));
  };

  return {
    [COMMANDS.sendTestCheck]: () => sendTest('check'),
    [COMMANDS.sendTestRun]: () => sendTest('run'),
    [COMMANDS.previewTestCheck]: () => previewTest('check'),
    [COMMANDS.preview]: async (...args) => {
      const [selected, ...others] = selectedInSight(args);
      // What the preview shows already is not meant.
      const id = selected !== undefined && others.length === 0 ? selected : await meant.failure(args);
      if (id !== undefined) await preview.show(id);
    },
    [COMMANDS.send]: sendTo('default'),
    [COMMANDS.sendToInbox]: sendTo('inbox'),
    [COMMANDS.dismiss]: (...args) =>
      doneWith(args, async (ids) => {
        await dismissals.add(ids);
        return true;
      }),
    [COMMANDS.undoDismiss]: async (...args) => {
      const named = failuresOf(args);
      await (named.length > 0 ? dismissals.undo(named) : dismissals.undoLast());
    },
    [COMMANDS.openInDagster]: async (...args) => {
      const id = await meant.failure(args);
      if (id !== undefined) await openRun(session, await rowOf(id));
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
      const id = await meant.failure(args);
      if (id !== undefined) await openFailingLine(session, id);
    },
    [COMMANDS.compareFailures]: compare,
    [COMMANDS.compareWith]: compare,
    [INTERNAL_COMMANDS.showMoreGroups]: () => parts.source.showMoreGroups(),
    /**
     * A key of the tree means the row that has the focus, which only VS Code knows: the key selects it first, and what
     * VS Code opens by that is not what the key is for.
     */
    [INTERNAL_COMMANDS.keyOnRow]: () => {
      selectedUntil = Date.now() + OPENS_WITHIN;
    },
    /** Enter goes on into the preview; a click and Space, which VS Code tells the same of, stay in the tree. */
    [INTERNAL_COMMANDS.enterRow]: () => {
      selectedUntil = 0; // of a key before, which opened nothing
      enteredUntil = Date.now() + OPENS_WITHIN;
    },
    [INTERNAL_COMMANDS.openRow]: async (...args) => {
      const [id] = failuresOf(args);
      const focus = isEntered();
      if (isOpened() && id !== undefined) await preview.show(id, 'default', focus);
    },
    [INTERNAL_COMMANDS.showMore]: async (...args) => {
      const key = textOf(args);
      if (isOpened() && key !== undefined) await parts.source.showMore(key);
    },
  } satisfies Partial<Record<string, Handler>>;
}
