import * as vscode from 'vscode';
import type { AuthTokens } from '../authTokens.ts';
import { COMMANDS } from '../ids.ts';
import { offer } from '../say.ts';
import type { Session } from '../session.ts';
import { inert } from '../text.ts';
import type { Handler } from './register.ts';

/** The command that keeps or forgets the token with which Sentry's API is asked whether it has an event. */
export function authTokenCommands(session: Session, tokens: AuthTokens) {
  return {
    [COMMANDS.setAuthToken]: async () => {
      const host = await pickHost(session);
      if (host === undefined) return;
      const token = await askToken(host, (await tokens.get(host)) !== null);
      if (token === undefined) return;
      if (token === '') await tokens.delete(host);
      else await tokens.set(host, token);
    },
  } satisfies Partial<Record<string, Handler>>;
}

async function pickHost(session: Session): Promise<string | undefined> {
  const targets = (session.overview?.codeLocations ?? []).flatMap(({ dsn }) =>
    dsn.state === 'found' && dsn.target.tokenHost !== null ? [dsn.target.tokenHost] : [],
  );
  const hosts = [...new Set(targets)];
  if (hosts.length === 0) {
    const said = vscode.l10n.t('The token is for the host of a Sentry DSN with https, and none is set here.');
    if (await offer(said, vscode.l10n.t('Set Sentry DSN…'))) await vscode.commands.executeCommand(COMMANDS.setDsn);
    return undefined;
  }
  if (hosts.length === 1) return hosts[0];
  const items = hosts.map((host) => ({ label: inert(host), host }));
  const placeHolder = vscode.l10n.t('Auth token for which Sentry?');
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.host;
}

/** Empty: the stored one is to be forgotten. undefined: nothing changes. */
async function askToken(host: string, stored: boolean): Promise<string | undefined> {
  const prompt = stored
    ? vscode.l10n.t('Replaces the stored token; leave it empty to forget that. Scope project:read.')
    : vscode.l10n.t('Optional, scope project:read: Firedrill then looks whether Sentry has what it accepted.');
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Auth Token for {0}', inert(host)),
    prompt,
    password: true,
    ignoreFocusOut: true,
    validateInput: (value) =>
      /^[\x21-\x7e]*$/.test(value.trim()) ? undefined : vscode.l10n.t('A token has no spaces or special characters.'),
  });
  const token = text?.trim();
  return token === '' && !stored ? undefined : token;
}
