import type { CopyAct, PreviewAct } from '../protocol.ts';

/** What the page was asked to copy and the host, which alone can write to the clipboard, has not yet told of. */
export class Copies {
  readonly #waiting = new Map<number, () => void>();
  #last = 0;

  /** Resolves once it is on the clipboard; never where it was not copied, as when the user decided against it. */
  ask(act: CopyAct, post: (act: PreviewAct) => void): Promise<void> {
    this.#last += 1;
    post({ ...act, copy: this.#last });
    return new Promise((resolve) => this.#waiting.set(this.#last, resolve));
  }

  done(copy: number): void {
    this.#waiting.get(copy)?.();
    this.#waiting.delete(copy);
  }

  /** Another subject is shown. */
  forget(): void {
    this.#waiting.clear();
  }
}
