import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import { VIEWS } from './ids.ts';

/** ms after which quiet progress in the view becomes a notification with a way out. */
const LONG = 1_500;

/**
 * Shows that something goes on: quietly in the Failures view, and as a notification with Cancel once it takes long.
 * @param cancel breaks the work off; it settles by itself then.
 */
export async function withProgress<T>(title: string, work: Promise<T>, cancel: () => void): Promise<T> {
  const settled = work.then(
    () => undefined,
    () => undefined, // told to whoever awaits the work
  );
  void vscode.window.withProgress({ location: { viewId: VIEWS.failures }, title }, () => settled);
  const long = await Promise.race([settled.then(() => false), pause(LONG, true, { ref: false })]);
  if (long) {
    const location = vscode.ProgressLocation.Notification;
    await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
      const registration = token.onCancellationRequested(cancel);
      await settled;
      registration.dispose();
    });
  }
  return await work;
}
