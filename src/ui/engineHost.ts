import { Worker } from 'node:worker_threads';
import { createBirpc } from 'birpc';
import type { EngineApi, EngineSettings, EngineWorkerData, HostApi } from '../engine/api.ts';
import { messageOf } from '../failure/messageOf.ts';
import { Disposables } from './disposable.ts';
import type { L10n } from './l10n.ts';
import { oneLine } from './text.ts';

/** How the engine's thread is. */
export type EngineState =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  /** It took its settings and answers calls. */
  | { readonly kind: 'running' }
  /** It ended by itself; it starts again at `retryAt` (ms since 1970). */
  | { readonly kind: 'crashed'; readonly message: string; readonly retryAt: number; readonly crashes: number };

export interface EngineHostOptions {
  readonly workerFile: string;
  readonly workerData: EngineWorkerData;
  readonly host: HostApi;
  /** Asked at each start and each `configure`. */
  readonly settings: () => EngineSettings;
  readonly onState: (state: EngineState) => void;
  readonly l10n: L10n;
  /** ms before the first restart; doubles with each crash up to a minute. */
  readonly firstPause?: number;
}

const LONGEST_PAUSE = 60_000;
/** ms after which a crash no longer counts as one of a series. */
const HEALTHY_AFTER = 60_000;
/** ms that a stopping engine has to bring everything to disk. */
const STOP_WITHIN = 4000;

interface Running {
  readonly worker: Worker;
  readonly engine: EngineApi;
  readonly close: (error: Error) => void;
  /** Resolves once the engine took its settings. */
  readonly ready: Promise<void>;
  readonly startedAt: number;
}

/**
 * Runs the engine in a worker thread and calls it: starts it on the first call, starts it again after a crash with
 * growing pauses, stops it with all its state on disk. Knows nothing of VS Code.
 */
export class EngineHost {
  readonly #options: EngineHostOptions;
  readonly #disposables = new Disposables();
  #running: Running | null = null;
  #restart: NodeJS.Timeout | undefined;
  #crashes = 0;
  #state: EngineState = { kind: 'off' };

  constructor(options: EngineHostOptions) {
    this.#options = options;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Starts the engine unless it runs or waits for its restart. */
  start(): void {
    if (this.#disposables.closed || this.#running || this.#restart) return;
    this.#launch();
  }

  /** Starts it at once, also in the pause after a crash. */
  restartNow(): void {
    clearTimeout(this.#restart);
    this.#restart = undefined;
    this.start();
  }

  /** Runs calls on the engine; starts it when needed. Rejects with an Error whose message is for the user. */
  async call<T>(run: (engine: EngineApi) => Promise<T>): Promise<T> {
    if (this.#disposables.closed) throw new Error(this.#options.l10n.t('Firedrill is closing.'));
    this.start();
    const running = this.#running;
    if (!running) throw new Error(this.#down());
    await running.ready;
    return await run(running.engine);
  }

  /** Hands the engine the present settings; nothing to do while it does not run. */
  async configure(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    await running.ready;
    await running.engine.configure(this.#options.settings());
  }

  /** Ends the engine for good once its state is on disk, after 4 s in any case. */
  async stop(): Promise<void> {
    this.#disposables.dispose();
    await this.#end(new Error(this.#options.l10n.t('Firedrill is closing.')));
  }

  /** Ends the engine with its state on disk and starts it anew: for what it takes at its start only. */
  async restart(): Promise<void> {
    if (this.#disposables.closed) return;
    await this.#end(new Error(this.#options.l10n.t("Firedrill's engine starts again. Try that once more.")));
    this.start();
  }

  async #end(reason: Error): Promise<void> {
    clearTimeout(this.#restart);
    this.#restart = undefined;
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, STOP_WITHIN);
    });
    try {
      await Promise.race([running.engine.stop(), patience]);
    } catch (error) {
      this.#options.host.log('warn', `The engine did not stop cleanly: ${String(error)}`);
    } finally {
      clearTimeout(timer);
      running.close(reason);
      await running.worker.terminate();
      this.#tell({ kind: 'off' });
    }
  }

  #launch(): void {
    const { workerFile, workerData, host } = this.#options;
    this.#tell({ kind: 'starting' });
    const worker = new Worker(workerFile, {
      workerData,
      env: { ...workerData.env },
      execArgv: ['--disable-warning=ExperimentalWarning'],
      name: 'firedrill-engine',
      stdout: true,
      stderr: true,
    });
    const rpc = createBirpc<EngineApi, HostApi>(
      {
        secretDsn: (codeLocation) => host.secretDsn(codeLocation),
        authToken: (name) => host.authToken(name),
        changed: (change) => host.changed(change),
        notify: (message) => host.notify(message),
        log: (level, message) => host.log(level, message),
      },
      {
        post: (data) => worker.postMessage(data),
        on: (receive) => worker.on('message', receive),
        off: (receive) => worker.off('message', receive),
        timeout: -1, // looking back over a long log takes as long as it takes; a crash rejects what is pending
      },
    );
    worker.stdout.setEncoding('utf8').on('data', (text: string) => host.log('debug', text.trimEnd()));
    worker.stderr.setEncoding('utf8').on('data', (text: string) => host.log('warn', text.trimEnd()));
    const close = (error: Error): void => {
      if (!rpc.$closed) rpc.$close(error);
    };
    const ready = rpc.configure(this.#options.settings());
    const running: Running = { worker, engine: rpc, close, ready, startedAt: Date.now() };
    this.#running = running;
    let cause = '';
    worker.on('error', (error: unknown) => {
      cause = error instanceof Error ? (error.stack ?? error.message) : String(error);
    });
    worker.on('exit', (code) => this.#ended(running, cause === '' ? `exit code ${code}` : cause));
    ready.then(
      () => {
        if (this.#running === running) this.#tell({ kind: 'running' });
      },
      (error: unknown) => {
        if (this.#running !== running) return; // the thread ended: told there
        host.log('error', `The engine did not take its settings: ${String(error)}`);
        cause = oneLine(messageOf(error));
        void worker.terminate();
      },
    );
  }

  #ended(running: Running, cause: string): void {
    if (this.#running !== running) {
      running.close(new Error(this.#options.l10n.t('Firedrill is closing.')));
      return;
    }
    this.#running = null;
    this.#crashes = Date.now() - running.startedAt > HEALTHY_AFTER ? 1 : this.#crashes + 1;
    const pause = Math.min(LONGEST_PAUSE, (this.#options.firstPause ?? 1000) * 2 ** (this.#crashes - 1));
    this.#restart = setTimeout(() => this.restartNow(), pause);
    this.#options.host.log('error', `The engine ended: ${cause.replace(/\.$/, '')}. Starting again in ${pause} ms.`);
    // It stands in the middle of sentences.
    const message = (cause.split('\n', 1)[0] ?? cause).replace(/\.$/, '');
    this.#tell({ kind: 'crashed', message, retryAt: Date.now() + pause, crashes: this.#crashes });
    running.close(new Error(this.#down()));
  }

  #down(): string {
    const { l10n } = this.#options;
    const state = this.#state;
    if (state.kind !== 'crashed') return l10n.t("Firedrill's engine is not running.");
    const seconds = Math.max(1, Math.ceil((state.retryAt - Date.now()) / 1000));
    return l10n.t("Firedrill's engine stopped ({0}). It starts again in {1} s.", state.message, seconds);
  }

  #tell(state: EngineState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}
