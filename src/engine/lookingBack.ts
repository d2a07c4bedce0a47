import type { EventLog } from '../dagster/eventLog.ts';
import type { Failure } from '../failure/failure.ts';
import type { NewFailure, StateStore, StoredFailure } from '../store/stateStore.ts';
import type { FailureRow } from './api.ts';
import type { Changes } from './changes.ts';
import { lookBack } from './history.ts';

export interface LookingBackPorts {
  readonly changes: Changes;
  asEarlier(failure: Failure): NewFailure;
  row(stored: StoredFailure): FailureRow;
  warn(message: string): void;
}

/** Looking back as a person wishes: the host is told page by page, and it can be broken off. */
export class LookingBack {
  readonly #ports: LookingBackPorts;
  #cancel = new AbortController();

  constructor(ports: LookingBackPorts) {
    this.#ports = ports;
  }

  /**
   * Lists the failures of the last `hours`, none of which is sent by it; answers how many were new, until it was broken
   * off if it was. Throws the reason of `detached`, the end of following the instance.
   */
  async begin(log: EventLog, store: StateStore, hours: number, detached: AbortSignal): Promise<number> {
    const { changes, asEarlier, row, warn } = this.#ports;
    const now = Date.now();
    const time = { from: now - hours * 3_600_000, to: now };
    const cancel = new AbortController();
    this.#cancel = cancel;
    let found = 0;
    try {
      for await (const page of lookBack(
        log,
        store,
        asEarlier,
        time,
        warn,
        AbortSignal.any([detached, cancel.signal]),
      )) {
        changes.failuresAdded(page.added.map(row));
        changes.failuresChanged(page.passed.map(row));
        found += page.added.length;
      }
    } catch (error) {
      if (!cancel.signal.aborted) throw error;
    }
    return found;
  }

  /** Breaks off; what was found until then is listed. */
  cancel(): void {
    this.#cancel.abort();
  }
}
