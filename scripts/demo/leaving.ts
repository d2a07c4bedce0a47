/** What has to be ended, and when: on Ctrl-C, on an error, at the end. */
export class Leaving {
  readonly #abort = new AbortController();
  readonly #steps: { what: string; end: () => Promise<void> }[] = [];
  /** Aborted when somebody asked to end. */
  readonly signal = this.#abort.signal;
  /** Resolves when somebody asked to end. */
  readonly asked: Promise<void>;

  constructor() {
    this.asked = new Promise((resolve) => this.signal.addEventListener('abort', () => resolve()));
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(name, () => {
        // A terminal's Ctrl-C arrives twice: from the terminal, and passed on by the process that started this one.
        if (!this.signal.aborted) console.log('\nEnding what was started...');
        this.#abort.abort(new Error(`ended by ${name}`));
      });
    }
  }

  /** Ends this when leaving; what was added last is ended first. */
  add(what: string, end: () => Promise<void>): void {
    this.#steps.push({ what, end });
  }

  /** Ends all; one that cannot be ended does not keep the others. */
  async leave(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step.end();
      } catch (error) {
        console.error(`${step.what} could not be ended: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }
}
