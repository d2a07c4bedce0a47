import type { Report } from './sendQueue.ts';

/** ms that receipts wait for others while more are to come: the disk is waited for once for all of them. */
const TOGETHER = 30;
/** Receipts that are written together at most: the thread is not to be held for long. */
const MOST = 200;

/** Receipts on their way to the disk, written together. */
export class Receipts {
  readonly #write: (reports: readonly Report[]) => void;
  #reports: Report[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** @param write writes reports durably, now or as soon as it can be; must not throw. */
  constructor(write: (reports: readonly Report[]) => void) {
    this.#write = write;
  }

  /** @param more others are to come soon. */
  add(report: Report, more: boolean): void {
    this.#reports.push(report);
    if (!more || this.#reports.length >= MOST) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), TOGETHER);
  }

  /** Writes what there is. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#reports.length > 0) this.#write(this.#reports.splice(0));
  }
}
