import type * as vscode from 'vscode';
import type { AuthTokens } from './authTokens.ts';
import { arrangementCommands } from './commands/arrangement.ts';
import { authTokenCommands } from './commands/authToken.ts';
import { dsnCommands } from './commands/dsn.ts';
import { failureCommands } from './commands/failures.ts';
import { instanceCommands } from './commands/instance.ts';
import type { Handlers } from './commands/register.ts';
import { sensorCommands } from './commands/sensors.ts';
import { sentCommands } from './commands/sent.ts';
import { specimenCommands } from './commands/specimens.ts';
import { tickCommands } from './commands/ticks.ts';
import { Comparing } from './comparing.ts';
import type { Configuration } from './configuration.ts';
import { Disposables } from './disposable.ts';
import { EventDocuments } from './eventDocuments.ts';
import { GoingOn } from './failures/goingOn.ts';
import type { FailureSource } from './failures/source.ts';
import type { FailuresTree } from './failures/tree.ts';
import type { FailuresView } from './failures/view.ts';
import { previewActions } from './preview/actions.ts';
import { PreviewPanel } from './preview/panel.ts';
import type { DsnSecrets } from './secrets.ts';
import { Sending } from './sending.ts';
import type { SentTree } from './sent/tree.ts';
import type { Session } from './session.ts';
import { TicksEditor } from './ticks/editor.ts';
import { TicksView } from './ticks/view.ts';

/** What stands from activation on. */
export interface StandingParts {
  readonly session: Session;
  readonly configuration: Configuration;
  readonly secrets: DsnSecrets;
  readonly tokens: AuthTokens;
  readonly failureSource: FailureSource;
  readonly failures: FailuresTree;
  readonly failuresView: FailuresView;
  readonly sent: SentTree;
  readonly log: vscode.LogOutputChannel;
  readonly extension: vscode.Uri;
  /** An open document's content is another one now. */
  documentChanged(uri: vscode.Uri): void;
}

/** What is loaded when a person first uses it. */
export interface OnDemand extends vscode.Disposable {
  readonly handlers: Handlers;
  readonly documents: EventDocuments;
  readonly preview: PreviewPanel;
  readonly ticks: TicksView;
  readonly ticksEditor: TicksEditor;
}

/**
 * The commands, the preview, the panel and the documents. They stand in a bundle of their own, so that starting VS Code
 * does not read and compile what is needed at the first click.
 */
export function openOnDemand(parts: StandingParts): OnDemand {
  const { session, configuration, secrets, tokens, failureSource, failures, failuresView, sent, log, extension } =
    parts;
  const disposables = new Disposables();
  const sending = new Sending(session, configuration);
  const documents = disposables.add(new EventDocuments(session, (uri) => parts.documentChanged(uri)));
  const comparing = new Comparing(session);
  const act = previewActions({ session, sending, documents, comparing });
  const preview = disposables.add(new PreviewPanel({ session, log, extension, act }));
  const ticks = disposables.add(new TicksView({ session, log, extension }));
  const ticksEditor = disposables.add(new TicksEditor({ session, log, extension }));
  const handlers: Handlers = {
    ...failureCommands({
      session,
      sending,
      source: failureSource,
      tree: failures,
      view: failuresView,
      goingOn: new GoingOn(failures, failuresView, log),
      preview,
      comparing,
    }),
    ...arrangementCommands(session, failureSource),
    ...instanceCommands(session, configuration),
    ...sensorCommands(session, configuration, sending),
    ...tickCommands(session, ticks, ticksEditor),
    ...specimenCommands(session, sending, preview),
    ...dsnCommands(session, secrets),
    ...authTokenCommands(session, tokens),
    ...sentCommands({ session, sent, preview, failures: failuresView, log }),
  };
  return { handlers, documents, preview, ticks, ticksEditor, dispose: () => disposables.dispose() };
}
