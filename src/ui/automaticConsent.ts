import type { Memento } from 'vscode';

const KEY = 'automaticConfirmed';

/**
 * Whether the user answered yes to automatic delivery, in this workspace. A yes counts for as long as the setting says
 * automatic: once it is seen as anything else the yes is forgotten, so that a settings file which says automatic later
 * is asked about again.
 */
export class AutomaticConsent {
  readonly #state: Pick<Memento, 'get' | 'update'>;

  constructor(state: Pick<Memento, 'get' | 'update'>) {
    this.#state = state;
  }

  /** Takes note of `firedrill.delivery` as it stands now. */
  async see(delivery: unknown): Promise<void> {
    if (delivery !== 'automatic' && this.given) await this.give(false);
  }

  get given(): boolean {
    return this.#state.get<boolean>(KEY, false);
  }

  async give(yes: boolean): Promise<void> {
    await this.#state.update(KEY, yes ? true : undefined);
  }
}
