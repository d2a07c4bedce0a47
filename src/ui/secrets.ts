import { createHash } from 'node:crypto';
import * as vscode from 'vscode';

/** Names of the locations whose DSN was set; the DSNs themselves are only in the secret storage. */
const NAMES = 'secretDsnNames';

/**
 * DSNs that the user typed, one a code location of this workspace, in VS Code's secret storage. The storage belongs to
 * all windows, so each key names the workspace (by a hash, as a path may be private) and the code location.
 */
export class DsnSecrets {
  readonly #secrets: vscode.SecretStorage;
  readonly #state: vscode.Memento;
  readonly #prefix: string;

  constructor(context: vscode.ExtensionContext) {
    this.#secrets = context.secrets;
    this.#state = context.workspaceState;
    const workspace = vscode.workspace.workspaceFile ?? vscode.workspace.workspaceFolders?.[0]?.uri;
    const hash = createHash('sha256')
      .update(workspace?.toString() ?? '')
      .digest('hex');
    this.#prefix = `dsn/${hash.slice(0, 16)}/`;
  }

  /** `codeLocation` null: the workspace's own. */
  async get(codeLocation: string | null): Promise<string | null> {
    return (await this.#secrets.get(this.#key(codeLocation))) ?? null;
  }

  async set(codeLocation: string | null, dsn: string): Promise<void> {
    await this.#secrets.store(this.#key(codeLocation), dsn);
    await this.#remember([...this.names().filter((name) => name !== codeLocation), codeLocation]);
  }

  async delete(codeLocation: string | null): Promise<void> {
    await this.#secrets.delete(this.#key(codeLocation));
    await this.#remember(this.names().filter((name) => name !== codeLocation));
  }

  /** The code locations that have one here; null is the workspace's own. */
  names(): readonly (string | null)[] {
    return this.#state.get<readonly (string | null)[]>(NAMES, []);
  }

  /** Another window of this workspace, or this one, changed a DSN. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key.startsWith(this.#prefix)) listener();
    });
  }

  #key(codeLocation: string | null): string {
    return `${this.#prefix}${codeLocation ?? ''}`;
  }

  async #remember(names: readonly (string | null)[]): Promise<void> {
    await this.#state.update(NAMES, names);
  }
}
