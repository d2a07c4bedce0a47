import { setTimeout as pause } from 'node:timers/promises';
import * as l10n from '@vscode/l10n';
import type { SensorName, Tick } from '../sensors/tick.ts';
import type { StateStore } from '../store/stateStore.ts';

/** ms that the window which leads has for a tick that is wanted in this one. */
const TICKED_WITHIN = 10_000;

/** Ticks that are wanted in one window and made by another, the one that leads. */
export class WishedTicks {
  readonly #store: StateStore;
  readonly #onFault: (error: unknown) => void;
  /** Sensors whose tick another window wished for runs. */
  readonly #granting = new Set<SensorName>();

  constructor(store: StateStore, onFault: (error: unknown) => void) {
    this.#store = store;
    this.#onFault = onFault;
  }

  /** Has the window that leads make a tick, and waits for it. */
  async wish(sensor: SensorName): Promise<Tick> {
    const { tickWishes, ticks } = this.#store;
    const wish = tickWishes.ask(sensor);
    for (const end = Date.now() + TICKED_WITHIN; Date.now() < end; await pause(50)) {
      const granted = tickWishes.granted(sensor, wish);
      const tick = granted?.tick ? ticks.get(granted.tick) : null;
      if (tick !== null) return tick;
    }
    throw new Error(l10n.t('The window that watches this instance did not tick within 10 s. Try again.'));
  }

  /** Makes the ticks that other windows wish for. `tickNow` answers null when this window lost the lead. */
  grant(tickNow: (sensor: SensorName) => Promise<Tick | null>): void {
    const { tickWishes, ticks } = this.#store;
    for (const { sensor, wanted } of tickWishes.open()) {
      if (this.#granting.has(sensor)) continue;
      this.#granting.add(sensor);
      // A tick that could not read the log is stored as failed, and told to the host, by the clock's own ways.
      const ticked = tickNow(sensor).catch(() => null);
      ticked
        .then((tick) => tickWishes.answer(sensor, wanted, (tick ?? ticks.last(sensor))?.id ?? null))
        .catch(this.#onFault)
        .finally(() => this.#granting.delete(sensor));
    }
  }
}
