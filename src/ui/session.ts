import { homedir } from 'node:os';
import * as vscode from 'vscode';
import type { EngineApi, EngineChange, EngineWorkerData, Overview } from '../engine/api.ts';
import type { AuthTokens } from './authTokens.ts';
import type { Configuration } from './configuration.ts';
import { Disposables } from './disposable.ts';
import { EngineHost, type EngineState } from './engineHost.ts';
import { COMMANDS, SETTINGS_SECTION } from './ids.ts';
import { overviewOf, type Situation } from './instance/situation.ts';
import { maskSecrets } from './mask.ts';
import { sayError, warn, wordsOf } from './say.ts';
import type { DsnSecrets } from './secrets.ts';

/**
 * The engine as this window sees it: started when the workspace is trusted, kept configured, its news as events. In an
 * untrusted workspace nothing runs, and every call is refused with the reason.
 */
export class Session implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #host: EngineHost;
  readonly #log: vscode.LogOutputChannel;
  readonly #configuration: Configuration;
  /** The port that the engine was started with. */
  #inboxPort: number | undefined;
  readonly #situationChanged = this.#disposables.add(new vscode.EventEmitter<Situation>());
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<EngineChange>());
  readonly #reset = this.#disposables.add(new vscode.EventEmitter<void>());
  #situation: Situation = vscode.workspace.isTrusted ? { kind: 'starting' } : { kind: 'restricted' };

  /** Where Firedrill stands changed. */
  readonly onSituation = this.#situationChanged.event;
  /** The engine told what changed; `overview` is told by `onSituation` too. */
  readonly onChange = this.#changed.event;
  /** The engine started, or follows another instance: whatever was loaded is to be loaded again. */
  readonly onReset = this.#reset.event;

  constructor(
    context: vscode.ExtensionContext,
    configuration: Configuration,
    secrets: DsnSecrets,
    tokens: AuthTokens,
    log: vscode.LogOutputChannel,
  ) {
    this.#log = log;
    this.#configuration = configuration;
    const workerData: EngineWorkerData = {
      stateFolder: context.globalStorageUri.fsPath,
      version: String(context.extension.packageJSON.version),
      texts: vscode.l10n.bundle,
      env: Object.fromEntries(
        Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    };
    this.#host = new EngineHost({
      workerFile: vscode.Uri.joinPath(context.extensionUri, 'dist', 'worker.js').fsPath,
      workerData,
      settings: () => {
        const settings = configuration.refresh();
        this.#inboxPort = settings.inboxPort;
        return settings;
      },
      l10n: vscode.l10n,
      onState: (state) => this.#onState(state),
      host: {
        secretDsn: (codeLocation) => secrets.get(codeLocation),
        authToken: (name) => tokens.get(name),
        changed: (change) => this.#onChange(change),
        notify: (message) => void warn(message),
        log: (level, message) => log[level](maskSecrets(message)),
      },
    });
    this.#disposables.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(SETTINGS_SECTION) || event.affectsConfiguration('http')) this.#reconfigure();
      }),
    );
    this.#disposables.add(vscode.workspace.onDidChangeWorkspaceFolders(() => this.#reconfigure()));
    this.#disposables.add(secrets.onDidChange(() => this.#reconfigure()));
    this.#disposables.add(tokens.onDidChange(() => this.#tokensChanged()));
    this.#disposables.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.start()));
  }

  get situation(): Situation {
    return this.#situation;
  }

  get overview(): Overview | null {
    return overviewOf(this.#situation);
  }

  /** The home of the instance that is followed, or was until it was lost; null for none. */
  get followed(): string | null {
    const instance = this.overview?.instance;
    return instance?.state === 'following' || instance?.state === 'lost' ? instance.home : null;
  }

  /** The user's home folder, for showing paths. */
  readonly home = homedir();

  /** Starts the engine where it may run. */
  start(): void {
    if (!vscode.workspace.isTrusted) return;
    if (this.#situation.kind === 'restricted') this.#setSituation({ kind: 'starting' });
    this.#host.start();
  }

  /** Calls the engine. Rejects with an Error whose message is for the user. */
  async call<T>(run: (engine: EngineApi) => Promise<T>): Promise<T> {
    if (!vscode.workspace.isTrusted) {
      throw new Error(
        vscode.l10n.t('In Restricted Mode Firedrill reads and sends nothing. Trust this workspace first.'),
      );
    }
    return await this.#host.call(run);
  }

  /** Hands the present settings and decisions to the engine; resolves when it has taken them. */
  async configure(): Promise<void> {
    await this.#host.configure();
  }

  /** Ends the engine with its state on disk. */
  async stop(): Promise<void> {
    this.#disposables.dispose();
    await this.#host.stop();
  }

  dispose(): void {
    void this.stop();
  }

  #reconfigure(): void {
    const port = this.#configuration.refresh().inboxPort;
    const moved = this.#inboxPort !== undefined && port !== this.#inboxPort;
    // The inbox listens from the engine's start on, at the port it was given then.
    const taken = moved ? this.#host.restart() : this.configure();
    taken.catch((error: unknown) => {
      const words = wordsOf(error);
      this.#log.error(`Not all settings took effect: ${words}`);
      // An engine that ended is told as that, and takes the settings when it starts again.
      if (this.#situation.kind === 'running') {
        void sayError(
          vscode.l10n.t(
            '{0} Not all of the changed settings took effect: reload the window once that is mended.',
            words,
          ),
        );
      }
    });
  }

  /** An engine that is not running looks by itself when it starts. */
  #tokensChanged(): void {
    if (this.#situation.kind !== 'running') return;
    this.call((engine) => engine.authTokensChanged()).catch((error: unknown) => this.#log.warn(wordsOf(error)));
  }

  #onState(state: EngineState): void {
    if (this.#disposables.closed) return;
    switch (state.kind) {
      case 'off':
        return;
      case 'starting':
        this.#setSituation({ kind: 'starting' });
        return;
      case 'running':
        void this.#begin();
        return;
      case 'crashed':
        this.#setSituation({ kind: 'crashed', message: state.message });
        // Once for a series, and once more when it goes on: the pauses grow, the messages do not.
        if (state.crashes !== 1 && state.crashes !== 4) return;
        void sayError(
          vscode.l10n.t("Firedrill's engine stopped: {0}. Nothing is lost; it starts again by itself.", state.message),
          { title: vscode.l10n.t('Start Now'), command: COMMANDS.searchInstance },
        );
        return;
    }
  }

  async #begin(): Promise<void> {
    try {
      this.#setSituation({ kind: 'running', overview: await this.#host.call((engine) => engine.overview()) });
      this.#reset.fire();
    } catch (error) {
      this.#log.error(`The engine did not answer: ${wordsOf(error)}`);
    }
  }

  /** Starts the engine at once, also in the pause after a crash. */
  restartNow(): void {
    if (vscode.workspace.isTrusted) this.#host.restartNow();
  }

  #onChange(change: EngineChange): void {
    if (this.#disposables.closed) return;
    const before = this.followed;
    if (change.overview) this.#setSituation({ kind: 'running', overview: change.overview });
    this.#changed.fire(change);
    if (change.reload || this.followed !== before) this.#reset.fire();
  }

  #setSituation(situation: Situation): void {
    const [before, now] = [summaryOf(this.#situation), summaryOf(situation)];
    if (now !== before) this.#log.info(maskSecrets(now));
    this.#situation = situation;
    this.#situationChanged.fire(situation);
  }
}

/** One line for the log: what the situation is, without what changes all the time. */
function summaryOf(situation: Situation): string {
  if (situation.kind !== 'running') return `Firedrill is ${situation.kind}.`;
  const { instance } = situation.overview;
  switch (instance.state) {
    case 'searching':
      return 'Looking for a Dagster instance.';
    case 'none':
      return `No Dagster instance found. Looked at: ${instance.looked.join('; ')}`;
    case 'unusable':
      return `${instance.home} cannot be read: ${instance.message}`;
    case 'unconfirmed':
      return `${instance.home} lies outside the workspace and was not confirmed.`;
    case 'lost':
      return `${instance.home} was lost: ${instance.message}`;
    case 'following':
      return `Following ${instance.home}, found by ${instance.foundBy}, webserver ${instance.webserverUrl ?? 'none'}.`;
  }
}
