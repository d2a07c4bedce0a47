import type { Lease, LeaseWish } from '../store/lease.ts';

/** ms between looks who leads. With the three seconds of silence that make a window gone, a takeover takes under five. */
const LOOK_EVERY = 500;

export interface LeadershipPorts {
  readonly lease: Lease;
  /** This window leads from now on, under this epoch. */
  onLead(epoch: number): void;
  /** Another window leads. */
  onLost(): void;
  /** The state could not be read or written. */
  onFault(error: unknown): void;
  /** It can be again. */
  onFine(): void;
}

/**
 * Keeps asking for the lease on detecting: takes it where it is free, notices when it was lost, gives it back at the
 * end. Whoever stores something under an epoch is fenced by the store; this only says early what the store would say.
 */
export class Leadership {
  readonly #ports: LeadershipPorts;
  readonly #timer: NodeJS.Timeout;
  #wish: LeaseWish;
  #epoch: number | null = null;
  #faulty = false;

  constructor(wish: LeaseWish, ports: LeadershipPorts) {
    this.#wish = wish;
    this.#ports = ports;
    this.#timer = setInterval(() => this.look(), LOOK_EVERY);
  }

  /** The epoch under which this window leads; null while another one does. */
  get epoch(): number | null {
    return this.#epoch;
  }

  configure(wish: LeaseWish): void {
    this.#wish = wish;
    this.look();
  }

  /** Looks now who leads. */
  look(): void {
    try {
      const before = this.#epoch;
      this.#epoch = this.#ports.lease.take(this.#wish);
      if (this.#faulty) this.#ports.onFine();
      this.#faulty = false;
      if (this.#epoch === before) return;
      if (before !== null) this.#ports.onLost();
      if (this.#epoch !== null) this.#ports.onLead(this.#epoch);
    } catch (error) {
      this.#faulty = true;
      this.#ports.onFault(error);
    }
  }

  /** Lets another window take over at once. */
  stop(): void {
    clearInterval(this.#timer);
    try {
      if (this.#epoch !== null) this.#ports.lease.release(this.#epoch);
    } catch (error) {
      this.#ports.onFault(error); // the others take over all the same, three seconds later
    }
    this.#epoch = null;
  }
}
