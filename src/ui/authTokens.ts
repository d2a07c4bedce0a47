import type * as vscode from 'vscode';

const key = (host: string): string => `authToken/${host}`;

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

  async delete(host: string): Promise<void> {
    await this.#secrets.delete(key(host));
  }
}
