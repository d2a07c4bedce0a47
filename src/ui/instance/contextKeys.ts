import * as vscode from 'vscode';
import { Disposables } from '../disposable.ts';
import { isFiltered } from '../failures/arrangement.ts';
import type { FailureSource } from '../failures/source.ts';
import type { ContextKey, ContextValues } from '../ids.ts';
import type { DsnSecrets } from '../secrets.ts';
import type { SentTree } from '../sent/tree.ts';
import type { Session } from '../session.ts';
import { contextValues } from './contexts.ts';

/** Sets one context key, for the part that alone knows it. */
export function setContext<Key extends ContextKey>(key: Key, value: ContextValues[Key]): void {
  void vscode.commands.executeCommand('setContext', key, value);
}

/** Keeps the context keys of `when` clauses as the views stand; tells VS Code only what changed. */
export class ContextKeys implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #told = new Map<string, unknown>();
  readonly #update: () => void;

  constructor(session: Session, failures: FailureSource, sent: SentTree, secrets: DsnSecrets) {
    this.#update = () => {
      const values = contextValues(session.situation, {
        inboxEvents: sent.inboxEvents,
        secretDsns: secrets.names().length,
        listed: failures.listed,
        filtered: isFiltered(failures.arrangement.filter),
      });
      for (const [key, value] of Object.entries(values)) {
        if (this.#told.get(key) === value) continue;
        this.#told.set(key, value);
        void vscode.commands.executeCommand('setContext', key, value);
      }
    };
    this.#disposables.add(session.onSituation(this.#update));
    this.#disposables.add(failures.onDidChange(this.#update));
    this.#disposables.add(sent.onDidChangeTreeData(this.#update));
    this.#disposables.add(secrets.onDidChange(this.#update));
    this.#update();
  }

  dispose(): void {
    this.#disposables.dispose();
  }
}
