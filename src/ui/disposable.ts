/** Anything that is open and must be closed; vscode.Disposable fits. */
export interface Closable {
  dispose(): unknown;
}

/** Keeps what it opened and closes it, newest first, once. */
export class Disposables implements Closable {
  #closed = false;
  readonly #items: Closable[] = [];

  /** Closed at once when this one is closed already. */
  add<T extends Closable>(item: T): T {
    if (this.#closed) item.dispose();
    else this.#items.push(item);
    return item;
  }

  get closed(): boolean {
    return this.#closed;
  }

  dispose(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const item of this.#items.reverse()) item.dispose();
    this.#items.length = 0;
  }
}
