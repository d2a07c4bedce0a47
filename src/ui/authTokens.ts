import type * as vscode from 'vscode';

const PREFIX = 'authToken/';
const key = (host: string): string => `${PREFIX}${host}`;

/** Auth tokens for the API of Sentry hosts, in VS Code's secret storage: one a host, for all workspaces. */
export class AuthTokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(host: string): Promise<string | null> {
    return (await this.#secrets.get(key(host))) ?? null;
  }

  async set(host: string, token: string): Promise<void> {
    await this.#secrets.store(key(host), token);
  }

  /** A window, this one too, set or forgot a token. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange((event) => {
      if (event.key.startsWith(PREFIX)) listener();
    });
  }

  async delete(host: string): Promise<void> {
    await this.#secrets.delete(key(host));
  }
}
