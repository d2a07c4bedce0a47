import * as vscode from 'vscode';
import type { DsnStatus } from '../../engine/api.ts';
import { COMMANDS } from '../ids.ts';
import { wordsOf } from '../say.ts';
import type { DsnSecrets } from '../secrets.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import { textOf } from './arguments.ts';
import type { Handler } from './register.ts';

type LocationItem = vscode.QuickPickItem & { readonly location: string | null };

/** Commands that keep and forget DSNs in the secret storage. */
export function dsnCommands(session: Session, secrets: DsnSecrets) {
  return {
    [COMMANDS.setDsn]: async (...args) => {
      const location = textOf(args) ?? (await pickLocation(session));
      if (location === undefined) return;
      const dsn = await askDsn(session, location);
      if (dsn === undefined) return;
      await secrets.set(location, dsn);
      await session.configure();
    },
    [COMMANDS.deleteDsn]: async () => {
      const items = secrets
        .names()
        .map((name): LocationItem => ({ label: inert(name ?? vscode.l10n.t('This workspace')), location: name }));
      const picked = await vscode.window.showQuickPick(items, {
        placeHolder: vscode.l10n.t('Delete the stored DSN of which code location?'),
      });
      if (!picked) return;
      await secrets.delete(picked.location);
      await session.configure();
    },
  } satisfies Partial<Record<string, Handler>>;
}

async function pickLocation(session: Session): Promise<string | null | undefined> {
  const locations = session.overview?.codeLocations ?? [];
  const items: LocationItem[] = locations.map((location) => ({
    label: inert(location.name),
    description: inert(describe(location.dsn)),
    location: location.name,
  }));
  items.push({
    label: vscode.l10n.t('This workspace'),
    description: vscode.l10n.t('for every code location that has none of its own'),
    location: null,
  });
  if (items.length === 1) return null;
  const placeHolder = vscode.l10n.t('DSN for which code location? A SENTRY_DSN in the project’s .env comes first.');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.location;
}

function describe(dsn: DsnStatus): string {
  switch (dsn.state) {
    case 'found':
      return vscode.l10n.t('Sentry {0} on {1}, from {2}', dsn.target.project, dsn.target.host, dsn.target.source);
    case 'malformed':
      return vscode.l10n.t('malformed in {0}', dsn.source);
    case 'none':
      return vscode.l10n.t('none');
  }
}

/** The key never shows: the box is masked, and the engine tells whether it is a DSN. */
async function askDsn(session: Session, location: string | null): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title:
      location === null
        ? vscode.l10n.t('Sentry DSN of This Workspace')
        : vscode.l10n.t('Sentry DSN of {0}', inert(location)),
    prompt: vscode.l10n.t('From Sentry: project settings, Client Keys (DSN). Kept in VS Code’s secret storage.'),
    placeHolder: 'https://<key>@<org>.ingest.sentry.io/<project-id>',
    password: true,
    ignoreFocusOut: true,
    validateInput: async (value) => {
      if (value.trim() === '') return undefined;
      try {
        const check = await session.call((engine) => engine.checkDsn(value.trim()));
        return check.ok
          ? {
              message: vscode.l10n.t('Project {0} on {1}', check.project, check.host),
              severity: vscode.InputBoxValidationSeverity.Info,
            }
          : check.message;
      } catch (error) {
        return wordsOf(error);
      }
    },
  });
  const dsn = text?.trim();
  return dsn === '' ? undefined : dsn;
}
