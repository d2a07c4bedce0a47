import * as vscode from 'vscode';
import { Disposables } from '../disposable.ts';
import { COMMANDS, type CommandId, INTERNAL_COMMANDS, type InternalCommandId } from '../ids.ts';
import { maskSecrets } from '../mask.ts';
import { sayError, wordsOf } from '../say.ts';

export type Handler = (...args: readonly unknown[]) => unknown;

/** A handler for each command: a forgotten one does not compile. */
export type Handlers = Readonly<Record<CommandId | InternalCommandId, Handler>>;

/**
 * Registers all commands; `handlers` is asked for at each use. What one throws is told to the user in its own words, and
 * logged.
 */
export function registerCommands(handlers: () => Promise<Handlers>, log: vscode.LogOutputChannel): vscode.Disposable {
  const disposables = new Disposables();
  for (const id of [...Object.values(COMMANDS), ...Object.values(INTERNAL_COMMANDS)]) {
    disposables.add(
      vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          return await (await handlers())[id](...args);
        } catch (error) {
          log.error(maskSecrets(`${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`));
          void sayError(wordsOf(error));
          return undefined;
        }
      }),
    );
  }
  return disposables;
}
