import { type FSWatcher, watch } from 'node:fs';
import type { News } from '../store/news.ts';
import type { StateStore } from '../store/stateStore.ts';

/** ms between looks whether another window wrote to the state, where the file system does not tell. */
const LOOK_EVERY = 1_000;
/** ms that a change is waited for to be whole: a burst of commits is one look. */
const SETTLE = 25;

export interface OtherWindowsPorts {
  readonly store: StateStore;
  onNews(news: News): void;
  onFault(error: unknown): void;
}

/** Notices what other windows write to the state: some ms after it where the folder is watched, else within a second. */
export class OtherWindows {
  readonly #ports: OtherWindowsPorts;
  readonly #timer: NodeJS.Timeout;
  readonly #watcher: FSWatcher | null;
  #soon: NodeJS.Timeout | undefined;
  #version: number;

  constructor(ports: OtherWindowsPorts) {
    this.#ports = ports;
    this.#version = ports.store.dataVersion();
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY);
    this.#watcher = watching(`${ports.store.file}-wal`, () => {
      this.#soon ??= setTimeout(() => this.#look(), SETTLE);
    });
  }

  close(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#soon);
    this.#watcher?.close();
  }

  #look(): void {
    this.#soon = undefined;
    const { store, onNews, onFault } = this.#ports;
    try {
      const version = store.dataVersion();
      if (version === this.#version) return;
      this.#version = version;
      onNews(store.news.read());
    } catch (error) {
      onFault(error);
    }
  }
}

/** null where the file cannot be watched: the timer finds the changes. */
function watching(file: string, onChange: () => void): FSWatcher | null {
  try {
    const watcher = watch(file, { persistent: false }, onChange);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
