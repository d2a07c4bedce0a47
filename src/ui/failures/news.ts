import * as vscode from 'vscode';
import type { FailureRow } from '../../engine/api.ts';
import type { Configuration } from '../configuration.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import { offer } from '../say.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { isNews, newsText } from './newsText.ts';

/** ms between two notifications. */
const PAUSE = 60_000;

/** Where the setting asks for it: one notification a minute at most, for all failures found since the last one. */
export function announceFailures(session: Session, configuration: Configuration): vscode.Disposable {
  let count = 0;
  let newest: FailureRow | undefined;
  const announce = async (): Promise<void> => {
    const [total, row] = [count, newest];
    count = 0;
    newest = undefined;
    if (!row || !configuration.notifyFailures) return;
    if (!(await offer(newsText(total, row, vscode.l10n), vscode.l10n.t('Show')))) return;
    if (total === 1) await vscode.commands.executeCommand(COMMANDS.preview, row.id);
    else await vscode.commands.executeCommand(`${VIEWS.failures}.focus`);
  };
  const throttle = new Throttle(PAUSE, () => void announce());
  const listening = session.onChange(({ failures }) => {
    const found = configuration.notifyFailures ? (failures?.added ?? []).filter(isNews) : [];
    if (found.length === 0) return;
    count += found.length;
    newest = found.at(-1);
    throttle.request();
  });
  return vscode.Disposable.from(listening, throttle);
}
