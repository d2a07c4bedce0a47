/** Does one thing at a time; of what comes while it is busy only the last is done. */
export class Latest<T> {
  readonly #work: (value: T) => Promise<void>;
  #next: { readonly value: T } | undefined;
  #busy: Promise<void> | undefined;

  /** `work` tells its own failures. */
  constructor(work: (value: T) => Promise<void>) {
    this.#work = work;
  }

  /** Resolves once this value, or one that came after it, is done. */
  async do(value: T): Promise<void> {
    this.#next = { value };
    this.#busy ??= this.#run().finally(() => {
      this.#busy = undefined;
    });
    await this.#busy;
  }

  /** Resolves once nothing is left to do. */
  async settled(): Promise<void> {
    await this.#busy;
  }

  async #run(): Promise<void> {
    for (let next = this.#next; next; next = this.#next) {
      this.#next = undefined;
      await this.#work(next.value);
    }
  }
}
