import type { Closable } from './disposable.ts';

/** Runs a task at once, then at most once in `pause` ms; calls in between become one. */
export class Throttle implements Closable {
  readonly #pause: number;
  readonly #task: () => void;
  #timer: NodeJS.Timeout | undefined;
  #again = false;

  constructor(pause: number, task: () => void) {
    this.#pause = pause;
    this.#task = task;
  }

  request(): void {
    if (this.#timer) {
      this.#again = true;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) {
        this.#again = false;
        this.request();
      }
    }, this.#pause);
    this.#task();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#again = false;
  }
}
