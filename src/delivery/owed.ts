import * as l10n from '@vscode/l10n';
import { StateStoreError } from '../store/stateStoreError.ts';

/** Bounds of the pause before what could not be written is written again, in ms. */
const SHORTEST_PAUSE = 250;
const LONGEST_PAUSE = 5_000;

export interface OwedPorts {
  /** Told once for as long as writing does not succeed, and of a write that never will. */
  fault(error: unknown): void;
  /** All is written again. */
  paid(): void;
}

/**
 * Writes to the state that must not be lost, in their order. One that fails because the state cannot be written at the
 * moment (another program holds its lock, the disk is full) is kept in memory and tried again with growing pauses until
 * it succeeds: only a crash forgets it.
 */
export class Owed {
  readonly #ports: OwedPorts;
  readonly #writes: (() => void)[] = [];
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(ports: OwedPorts) {
    this.#ports = ports;
  }

  /** Something is not written yet: nothing should be begun whose outcome would have to be kept beside it. */
  get any(): boolean {
    return this.#writes.length > 0;
  }

  /** Writes now, or behind what is owed already. A write must be all or nothing. */
  write(work: () => void): void {
    this.#writes.push(work);
    if (this.#writes.length === 1) this.pay();
  }

  /** Tries now to write what is owed. */
  pay(): void {
    clearTimeout(this.#timer);
    const late = this.#failures > 0;
    for (let work = this.#writes[0]; work !== undefined; work = this.#writes[0]) {
      if (!this.#written(work)) return;
      this.#writes.shift();
    }
    this.#failures = 0;
    if (late) this.#ports.paid();
  }

  /** Gives up what is still owed, and says so. */
  close(): void {
    clearTimeout(this.#timer);
    if (!this.any) return;
    this.#writes.length = 0;
    this.#ports.fault(
      new Error(
        l10n.t('Receipts could not be written before the end; their alerts are sent again, under the same event ids.'),
      ),
    );
  }

  #written(work: () => void): boolean {
    try {
      work();
    } catch (error) {
      const passes = error instanceof StateStoreError;
      if (!passes || this.#failures === 0) this.#ports.fault(error);
      if (!passes) return true; // a fault of ours: it would fail the same way for ever
      const pause = Math.min(LONGEST_PAUSE, SHORTEST_PAUSE * 2 ** Math.min(this.#failures, 10));
      this.#failures += 1;
      this.#timer = setTimeout(() => this.pay(), pause);
      return false;
    }
    return true;
  }
}
