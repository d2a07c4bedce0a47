import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { Configuration } from '../configuration.ts';
import { COMMANDS, INTERNAL_COMMANDS, WALKTHROUGH } from '../ids.ts';
import { foundBy } from '../instance/statusText.ts';
import { withProgress } from '../progress.ts';
import { ask } from '../say.ts';
import type { Session } from '../session.ts';
import { isHttpUrl } from '../settings.ts';
import { inert, tildify } from '../text.ts';
import { textOf } from './arguments.ts';
import type { Handler } from './register.ts';

/** Commands that decide which Dagster instance is followed. */
export function instanceCommands(session: Session, configuration: Configuration) {
  const chooseFolder = async (): Promise<void> => {
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
        openLabel: vscode.l10n.t('Follow This Instance'),
        title: vscode.l10n.t('Choose the DAGSTER_HOME folder: the one that holds dagster.yaml or history'),
      })) ?? [];
    if (folder) await configuration.write('dagsterHome', folder.fsPath);
  };
  const connect = async (...args: readonly unknown[]): Promise<void> => {
    const url =
      textOf(args) ??
      (await vscode.window.showInputBox({
        title: vscode.l10n.t('Connect to Dagster Webserver'),
        prompt: vscode.l10n.t('Its address. Firedrill asks it where its instance keeps its files, and reads those.'),
        value: configuration.settings().webserverUrl,
        validateInput: (text) =>
          isHttpUrl(text.trim())
            ? undefined
            : vscode.l10n.t('An address like http://127.0.0.1:3000, without user or password.'),
      }));
    if (url === undefined) return;
    await configuration.write('webserverUrl', url.trim());
    await search();
  };
  const search = async (): Promise<void> => {
    session.restartNow();
    // Broken off, only the waiting ends: the engine looks for an instance as long as it follows none.
    const cancel = Promise.withResolvers<void>();
    await withProgress(
      vscode.l10n.t('Looking for a Dagster instance'),
      Promise.race([session.call((engine) => engine.searchInstance()), cancel.promise]),
      () => cancel.resolve(),
    );
  };

  return {
    [COMMANDS.chooseInstance]: async () => {
      type Item = vscode.QuickPickItem & { readonly run?: () => Promise<void> };
      const home = configuration.settings().dagsterHome;
      const items: Item[] = [
        ...about(session),
        {
          label: vscode.l10n.t('Choose Folder…'),
          iconPath: new vscode.ThemeIcon('folder-opened'),
          description: vscode.l10n.t('a DAGSTER_HOME'),
          run: chooseFolder,
        },
        {
          label: vscode.l10n.t('Connect to Webserver…'),
          iconPath: new vscode.ThemeIcon('plug'),
          description: inert(configuration.settings().webserverUrl),
          run: connect,
        },
        { label: vscode.l10n.t('Look for the Instance Again'), iconPath: new vscode.ThemeIcon('refresh'), run: search },
      ];
      if (home !== null) {
        items.push({
          label: vscode.l10n.t('Forget the Chosen Folder'),
          iconPath: new vscode.ThemeIcon('discard'),
          description: inert(tildify(home, homedir())),
          run: () => configuration.write('dagsterHome', undefined),
        });
      }
      const picked = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Choose Instance'),
        matchOnDescription: true,
      });
      await picked?.run?.();
    },
    [COMMANDS.connectWebserver]: connect,
    [COMMANDS.readInstance]: async (...args) => {
      const instance = session.overview?.instance;
      if (instance?.state !== 'unconfirmed') return;
      const where =
        instance.webserverUrl === null
          ? foundBy(instance.foundBy, vscode.l10n)
          : vscode.l10n.t('Served at {0}', instance.webserverUrl);
      // Named by the caller: a test, which cannot answer a modal.
      const sure =
        textOf(args) === instance.home ||
        (await ask(
          vscode.l10n.t('Read the Dagster instance in {0}?', tildify(instance.home, homedir())),
          vscode.l10n.t(
            '{0}. It keeps its files outside this workspace and may belong to another project. Firedrill only reads it.',
            where,
          ),
          vscode.l10n.t('Read'),
        ));
      if (!sure) return;
      await configuration.confirmHome(instance.home);
      await session.configure();
      await session.call((engine) => engine.searchInstance());
    },
    [COMMANDS.searchInstance]: search,
    [COMMANDS.getStarted]: async () => {
      const walkthrough = `firedrill.firedrill#${WALKTHROUGH.id}`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false);
      await tickOff(session);
    },
    // For the walkthrough it is enough that they are run.
    [INTERNAL_COMMANDS.connected]: () => {},
    [INTERNAL_COMMANDS.accepted]: () => {},
    [COMMANDS.openSettings]: async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', '@ext:firedrill.firedrill');
    },
  } satisfies Partial<Record<string, Handler>>;
}

/**
 * Ticks off the walkthrough's steps that are done already. VS Code learns of the steps when a walkthrough is first
 * opened, and from then on ticks one off only when its context key changes; `runCommands` lets it see the command.
 */
async function tickOff({ overview }: Session): Promise<void> {
  if (!overview) return;
  const commands = [
    ...(overview.instance.state === 'following' ? [INTERNAL_COMMANDS.connected] : []),
    ...(overview.deliveries.accepted > 0 ? [INTERNAL_COMMANDS.accepted] : []),
  ];
  if (commands.length > 0) await vscode.commands.executeCommand('runCommands', { commands });
}

/** What is followed now, or where was looked: rows that do nothing but tell. */
function about(session: Session): vscode.QuickPickItem[] {
  const instance = session.overview?.instance;
  const title = (label: string): vscode.QuickPickItem => ({ label, kind: vscode.QuickPickItemKind.Separator });
  switch (instance?.state) {
    case 'following':
      return [
        title(vscode.l10n.t('followed now')),
        {
          label: inert(tildify(instance.home, homedir())),
          iconPath: new vscode.ThemeIcon('flame'),
          description: foundBy(instance.foundBy, vscode.l10n),
        },
        title(vscode.l10n.t('another')),
      ];
    case 'none':
      return [
        title(vscode.l10n.t('no instance at')),
        ...instance.looked.map((place) => ({ label: inert(place), iconPath: new vscode.ThemeIcon('circle-slash') })),
        title(vscode.l10n.t('choose')),
      ];
    case 'unusable':
    case 'lost':
      return [
        title(vscode.l10n.t('cannot be read')),
        {
          label: inert(tildify(instance.home, homedir())),
          iconPath: new vscode.ThemeIcon('warning'),
          detail: inert(instance.message),
        },
        title(vscode.l10n.t('another')),
      ];
    default:
      return [];
  }
}
