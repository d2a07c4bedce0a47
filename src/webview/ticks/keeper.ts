import type { FromTicks } from '../protocol.ts';
import type { Host } from '../shared/host.ts';
import { type Kept, readKept, toStored } from './kept.ts';
import { isFiltered } from './shown.ts';

/** The extension is told of an arrangement once it has rested for so long, in ms. */
const REST = 200;

/** Keeps what a person arranged over hiding and reloading, and tells the extension of it. */
export class Keeper {
  readonly #host: Host<FromTicks>;
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Host<FromTicks>) {
    this.#host = host;
  }

  /** What was kept; in a new editor what the panel showed when it was opened. */
  read(): Kept {
    return readKept(this.#host.saved() ?? JSON.parse(document.body.dataset.kept ?? 'null'));
  }

  save(kept: Kept): void {
    const stored = toStored(kept);
    this.#host.save(stored);
    clearTimeout(this.#telling);
    const message: FromTicks = { type: 'arranged', filtered: isFiltered(kept.filter), kept: stored };
    this.#telling = setTimeout(() => this.#host.post(message), REST);
  }
}
