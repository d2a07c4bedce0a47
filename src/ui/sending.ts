import * as vscode from 'vscode';
import type { FailureId, FailureKind, SentryTarget, TargetChoice } from '../engine/api.ts';
import type { Configuration } from './configuration.ts';
import { COMMANDS } from './ids.ts';
import { ask, sayError } from './say.ts';
import type { Session } from './session.ts';
import { oneLine, shorten } from './text.ts';

/** Asks a question, and does what has to be done before it is seen and after it is answered. */
export type AroundQuestion = (question: () => Promise<boolean>) => Promise<boolean>;

const asItIs: AroundQuestion = (question) => question();

/** Sending by hand, with the two questions that may come before it. What becomes of it, receipts tell. */
export class Sending {
  readonly #session: Session;
  readonly #configuration: Configuration;

  constructor(session: Session, configuration: Configuration) {
    this.#session = session;
    this.#configuration = configuration;
  }

  /**
   * Sends failures one after another; shows progress where it is many. Stops where the user says no, or one is refused:
   * then false. `around` is called with each question that has to be asked.
   */
  async send(ids: readonly FailureId[], target: TargetChoice, around: AroundQuestion = asItIs): Promise<boolean> {
    const sendOne = (id: FailureId): Promise<boolean> => this.#sendOne(id, target, ids.length, around);
    if (ids.length < 5) {
      for (const id of ids) if (!(await sendOne(id))) return false;
      return true;
    }
    return await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t('Sending {0} failures', ids.length),
        cancellable: true,
      },
      async (progress, cancel) => {
        for (const [index, id] of ids.entries()) {
          if (cancel.isCancellationRequested || !(await sendOne(id))) return false;
          progress.report({ increment: 100 / ids.length, message: `${index + 1}` });
        }
        return true;
      },
    );
  }

  /** Makes a test failure and answers its id; null when the user was asked where to and did not say. */
  async makeTest(kind: FailureKind): Promise<FailureId | null> {
    const codeLocation = await this.#testLocation();
    if (codeLocation === undefined) return null;
    const row = await this.#session.call((engine) =>
      engine.makeTest({ kind: 'test', failureKind: kind, codeLocation }),
    );
    return row.id;
  }

  /** Agrees to a DSN after asking `question`; true when it is agreed to, now or before. */
  async agree(target: SentryTarget, question: string, around: AroundQuestion = asItIs): Promise<boolean> {
    if (this.#configuration.approved().includes(target.dsn)) return true;
    const yes = await around(() =>
      ask(
        question,
        vscode.l10n.t(
          'This is the first time that Firedrill sends to this DSN (found in {0}) from this workspace. Names, metadata and error texts of your pipeline leave this machine.',
          target.source,
        ),
        vscode.l10n.t('Send'),
      ),
    );
    if (!yes) return false;
    await this.#configuration.approve(target.dsn);
    await this.#session.configure();
    return true;
  }

  async #sendOne(id: FailureId, target: TargetChoice, count: number, around: AroundQuestion): Promise<boolean> {
    let again = false;
    // Each question is asked at most once: a yes leads on to the other or to the end.
    for (let tries = 0; tries < 3; tries++) {
      const result = await this.#session.call((engine) => engine.send(id, target, again));
      switch (result.outcome) {
        case 'queued':
          return true;
        case 'needs-approval':
          if (!(await this.agree(result.target, sendQuestion(result, count), around))) return false;
          break;
        case 'sent-before': {
          const detail = vscode.l10n.t(
            'It was accepted already. Sending it again makes a second event, with a new id and the settings as they are now.',
          );
          const question = vscode.l10n.t('Send “{0}” again?', result.title);
          if (!(await around(() => ask(question, detail, vscode.l10n.t('Send Again'))))) return false;
          again = true;
          break;
        }
        case 'refused':
          this.#sayRefused(result.message, id, target);
          return false;
      }
    }
    return false;
  }

  #sayRefused(message: string, id: FailureId, target: TargetChoice): void {
    const toInbox = { title: vscode.l10n.t('Send to Inbox'), command: COMMANDS.sendToInbox, arguments: [id] };
    const setDsn = { title: vscode.l10n.t('Set Sentry DSN…'), command: COMMANDS.setDsn };
    const inbox = target !== 'inbox' && this.#session.overview?.inbox.state === 'listening';
    void sayError(message, ...(inbox ? [toInbox] : []), ...(target === 'inbox' ? [] : [setDsn]));
  }

  /** Which code location a test failure is made for: asked only where the answer decides where it goes. */
  async #testLocation(): Promise<string | null | undefined> {
    const locations = this.#session.overview?.codeLocations ?? [];
    const goesTo = (index: number): string => {
      const dsn = locations[index]?.dsn;
      return dsn?.state === 'found'
        ? vscode.l10n.t('would go to Sentry {0} on {1}', dsn.target.project, dsn.target.host)
        : vscode.l10n.t('would go to the local inbox');
    };
    if (new Set(locations.map((_, index) => goesTo(index))).size <= 1) return locations[0]?.name ?? null;
    const items = locations.map((location, index) => ({
      label: location.name,
      description: goesTo(index),
      location: location.name,
    }));
    const placeHolder = vscode.l10n.t('Make the test failure for which code location?');
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.location;
  }
}

/** The question before the first event to a DSN, which of several need not be the target of all. */
function sendQuestion({ target, title }: { target: SentryTarget; title: string }, count: number): string {
  return count === 1
    ? vscode.l10n.t(
        'Send “{0}” to Sentry project {1} on {2}?',
        shorten(oneLine(title), 100),
        target.project,
        target.host,
      )
    : vscode.l10n.t('Send the selected failures to Sentry project {0} on {1}?', target.project, target.host);
}
