import * as vscode from 'vscode';
import { AuthTokens } from './ui/authTokens.ts';
import { remindOfAutomatic } from './ui/automaticQuestion.ts';
import { registerCommands } from './ui/commands/register.ts';
import { Configuration } from './ui/configuration.ts';
import { announceFailures } from './ui/failures/news.ts';
import { FailureSource } from './ui/failures/source.ts';
import { FailuresTree } from './ui/failures/tree.ts';
import { FailuresView } from './ui/failures/view.ts';
import { DOCUMENT_SCHEME, PREVIEW_TYPE, TICKS_TYPE, VIEWS } from './ui/ids.ts';
import { ContextKeys } from './ui/instance/contextKeys.ts';
import { StatusBar } from './ui/instance/statusBar.ts';
import type { OnDemand } from './ui/onDemand.ts';
import { DsnSecrets } from './ui/secrets.ts';
import { SensorsTree } from './ui/sensors/tree.ts';
import { SentTree } from './ui/sent/tree.ts';
import { Session } from './ui/session.ts';

/** What `activate` answers: the parts that tests look into, as a tree's rows cannot be read through VS Code's API. */
export interface Firedrill {
  readonly session: Session;
  readonly failures: FailuresTree;
  readonly sensors: SensorsTree;
  readonly sent: SentTree;
}

let session: Session | undefined;

export function activate(context: vscode.ExtensionContext): Firedrill {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const log = own(vscode.window.createOutputChannel('Firedrill', { log: true }));
  const configuration = new Configuration(context.workspaceState, log);
  const secrets = new DsnSecrets(context);
  const tokens = new AuthTokens(context.secrets);
  const engine = own(new Session(context, configuration, secrets, tokens, log));
  session = engine;

  const failureSource = own(new FailureSource(engine, context.workspaceState, log));
  const failures = own(new FailuresTree(engine, failureSource));
  const failuresView = own(new FailuresView(engine, failureSource, failures));
  const sensors = own(new SensorsTree(engine, log));
  const sent = own(new SentTree(engine, log));
  own(new StatusBar(engine));
  own(new ContextKeys(engine, failureSource, sent, secrets));

  const documentChanged = own(new vscode.EventEmitter<vscode.Uri>());
  let opened: Promise<OnDemand> | undefined;
  const onDemand = (): Promise<OnDemand> => {
    const extension = context.extensionUri;
    const parts = {
      ...{
        session: engine,
        configuration,
        secrets,
        tokens,
        failureSource,
        failures,
        failuresView,
        sent,
        log,
        extension,
      },
      documentChanged: (uri: vscode.Uri) => documentChanged.fire(uri),
    };
    opened ??= import('./ui/onDemand.ts').then(({ openOnDemand }) => own(openOnDemand(parts)));
    return opened;
  };
  own(registerCommands(async () => (await onDemand()).handlers, log));
  own(
    vscode.window.registerWebviewViewProvider(VIEWS.ticks, {
      resolveWebviewView: async (view) => (await onDemand()).ticks.show(view),
    }),
  );
  own(
    vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, {
      onDidChange: documentChanged.event,
      provideTextDocumentContent: async (uri) => (await onDemand()).documents.textOf(uri),
    }),
  );
  own(
    vscode.window.registerWebviewPanelSerializer(PREVIEW_TYPE, {
      deserializeWebviewPanel: async (panel, state) => (await onDemand()).preview.restore(panel, state),
    }),
  );
  own(
    vscode.window.registerWebviewPanelSerializer(TICKS_TYPE, {
      deserializeWebviewPanel: async (panel) => (await onDemand()).ticksEditor.restore(panel),
    }),
  );
  own(remindOfAutomatic(engine, configuration));
  own(announceFailures(engine, configuration));
  engine.start();
  return { session: engine, failures, sensors, sent };
}

/** VS Code waits for this: the engine brings its state to disk. */
export async function deactivate(): Promise<void> {
  await session?.stop();
}
