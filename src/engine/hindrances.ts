import type { SensorName } from '../sensors/tick.ts';

/** What can be kept from its work: a sensor by the event log, all of it by the state. */
type Hindered = SensorName | 'state';

export interface HindrancesPorts {
  warn(message: string): void;
  /** What stands in the way at the moment, each once; none: nothing. */
  onChange(messages: readonly string[]): void;
}

/** What keeps the sensors from reading or storing: warned of once, and shown for as long as it lasts. */
export class Hindrances {
  readonly #ports: HindrancesPorts;
  readonly #warned = new Map<Hindered, string>();
  readonly #shown = new Map<Hindered, string>();

  constructor(ports: HindrancesPorts) {
    this.#ports = ports;
  }

  /** Warns, not with every try. */
  warn(of: Hindered, message: string): void {
    if (message !== this.#warned.get(of)) this.#ports.warn(message);
    this.#warned.set(of, message);
  }

  /** Shows a message until it is over. */
  show(of: Hindered, message: string): void {
    if (this.#shown.get(of) === message) return;
    this.#shown.set(of, message);
    this.#tell();
  }

  over(of: Hindered): void {
    this.#warned.delete(of);
    if (this.#shown.delete(of)) this.#tell();
  }

  /** Another instance is followed, or none. */
  clear(): void {
    this.#shown.clear();
  }

  #tell(): void {
    this.#ports.onChange([...new Set(this.#shown.values())]);
  }
}
