import type { OwnActivity } from '../engine/api.ts';
import type { Closable } from './disposable.ts';
import type { Session } from './session.ts';

/** ms between two questions; the engine looks at the file's times and answers nothing while they stand still. */
const EVERY = 1_000;

/** Asks the engine once a second what the project's own sensors did, while somebody looks; nothing otherwise. */
export class OwnWatch implements Closable {
  readonly #session: Session;
  readonly #told: (activity: OwnActivity) => void;
  readonly #failed: (error: unknown) => void;
  /** Of what was told last; null before. */
  #version: number | null = null;
  #timer: NodeJS.Timeout | undefined;
  #watching = false;

  constructor(session: Session, told: (activity: OwnActivity) => void, failed: (error: unknown) => void) {
    this.#session = session;
    this.#told = told;
    this.#failed = failed;
  }

  /** Begins or ends to ask. */
  watch(on: boolean): void {
    if (on === this.#watching) return;
    this.#watching = on;
    if (on) void this.#look();
    else clearTimeout(this.#timer);
  }

  /** What was told is shown: from now on only what changes after it. null: nothing was, and all sensors are told. */
  shown(version: number | null): void {
    this.#version = version;
  }

  dispose(): void {
    this.watch(false);
  }

  async #look(): Promise<void> {
    clearTimeout(this.#timer);
    try {
      if (this.#session.overview?.instance.state === 'following') await this.#ask(this.#version);
    } catch (error) {
      this.#failed(error);
    }
    if (!this.#watching) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), EVERY);
  }

  async #ask(version: number | null): Promise<void> {
    const now = Date.now();
    const news = await this.#session.call((engine) =>
      version === null ? engine.ownSensors({ from: now, to: now, limit: 0 }) : engine.ownNews(version),
    );
    // Something else may have been shown meanwhile.
    if (news === null || !this.#watching || this.#version !== version) return;
    this.#version = news.version;
    this.#told(news);
  }
}
