import * as vscode from 'vscode';
import { remindOfAutomatic } from './ui/automaticQuestion.ts';
import { dsnCommands } from './ui/commands/dsn.ts';
import { failureCommands } from './ui/commands/failures.ts';
import { instanceCommands } from './ui/commands/instance.ts';
import { registerCommands } from './ui/commands/register.ts';
import { sensorCommands } from './ui/commands/sensors.ts';
import { sentCommands } from './ui/commands/sent.ts';
import { Configuration } from './ui/configuration.ts';
import { EventDocuments } from './ui/eventDocuments.ts';
import { FailuresTree } from './ui/failures/tree.ts';
import { FailuresView } from './ui/failures/view.ts';
import { ContextKeys } from './ui/instance/contextKeys.ts';
import { StatusBar } from './ui/instance/statusBar.ts';
import { PreviewPanel } from './ui/preview/panel.ts';
import { DsnSecrets } from './ui/secrets.ts';
import { Sending } from './ui/sending.ts';
import { SensorsTree } from './ui/sensors/tree.ts';
import { SentTree } from './ui/sent/tree.ts';
import { Session } from './ui/session.ts';
import { TicksView } from './ui/ticks/view.ts';

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
  const engine = own(new Session(context, configuration, secrets, log));
  session = engine;

  const failures = own(new FailuresTree(engine, log));
  const failuresView = own(new FailuresView(engine, failures));
  const sensors = own(new SensorsTree(engine));
  const sent = own(new SentTree(engine, log));
  own(new StatusBar(engine));
  own(new ContextKeys(engine, failures, sent, secrets));
  own(new TicksView(engine, log, context.extensionUri));

  const sending = new Sending(engine, configuration);
  const documents = own(new EventDocuments(engine));
  const preview = own(new PreviewPanel(engine, sending, documents, log, context.extensionUri));
  own(
    registerCommands(
      {
        ...failureCommands({ session: engine, sending, tree: failures, view: failuresView, preview }),
        ...instanceCommands(engine, configuration),
        ...sensorCommands(engine, configuration, sending),
        ...dsnCommands(engine, secrets),
        ...sentCommands(engine, sent, documents, log),
      },
      log,
    ),
  );
  own(remindOfAutomatic(engine, configuration));
  engine.start();
  return { session: engine, failures, sensors, sent };
}

/** VS Code waits for this: the engine brings its state to disk. */
export async function deactivate(): Promise<void> {
  await session?.stop();
}
