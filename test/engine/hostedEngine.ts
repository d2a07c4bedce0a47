import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NO_PROXY_SET } from '../../src/delivery/proxy.ts';
import type { Delivery, EngineChange, EngineSettings, FailureRow, HostApi, Tick } from '../../src/engine/api.ts';
import { Engine } from '../../src/engine/engine.ts';

/** The real engine in the test's own process, with what it told its host. */
export class HostedEngine {
  readonly engine: Engine;
  readonly stateFolder: string;
  readonly failures: FailureRow[] = [];
  /** Failures that were told again, as they became. */
  readonly changed: FailureRow[] = [];
  readonly ticks: Tick[] = [];
  readonly deliveries: Delivery[] = [];
  /** How often the host was told to read everything anew. */
  reloads = 0;
  readonly logged: string[] = [];
  readonly notices: string[] = [];
  readonly tokens = new Map<string, string>();
  readonly secrets = new Map<string | null, string>();
  settings: EngineSettings;

  private constructor(stateFolder: string, settings: EngineSettings, env: Record<string, string>) {
    this.stateFolder = stateFolder;
    this.settings = settings;
    const host: HostApi = {
      secretDsn: async (location) => this.secrets.get(location) ?? null,
      authToken: async (name) => this.tokens.get(name) ?? null,
      changed: (change) => this.#changed(change),
      notify: (message) => void this.notices.push(message),
      log: (level, message) => void this.logged.push(`${level} ${message}`),
    };
    this.engine = new Engine({ stateFolder, version: '0.0.0-test', env }, host);
  }

  /** Starts an engine; `stateFolder` is that of an earlier one to go on where it stopped. */
  static async start(
    settings: Partial<EngineSettings>,
    options: { stateFolder?: string; env?: Record<string, string> } = {},
  ): Promise<HostedEngine> {
    const stateFolder = options.stateFolder ?? (await mkdtemp(path.join(os.tmpdir(), 'firedrill-state-')));
    const hosted = new HostedEngine(stateFolder, { ...DEFAULTS, ...settings }, options.env ?? {});
    await hosted.engine.configure(hosted.settings);
    await hosted.engine.searchInstance();
    return hosted;
  }

  async configure(change: Partial<EngineSettings>): Promise<void> {
    this.settings = { ...this.settings, ...change };
    await this.engine.configure(this.settings);
  }

  /** Waits for a failure that the sensors found. */
  found(title: string | RegExp): Promise<FailureRow> {
    return until(
      () => this.failures.find((row) => (typeof title === 'string' ? row.title === title : title.test(row.title))),
      `a failure "${title}"`,
    );
  }

  /** Stops the engine; its state stays. */
  stop(): Promise<void> {
    return this.engine.stop();
  }

  async dispose(): Promise<void> {
    await this.stop();
    await rm(this.stateFolder, { recursive: true, force: true, maxRetries: 10 });
  }

  #changed({ failures, ticks, deliveries, reload }: EngineChange): void {
    this.deliveries.push(...(deliveries ?? []));
    this.reloads += reload ? 1 : 0;
    this.failures.push(...(failures?.added ?? []));
    this.changed.push(...(failures?.changed ?? []));
    this.ticks.push(...(ticks ?? []));
  }
}

export const DEFAULTS: EngineSettings = {
  dagsterHome: null,
  webserverUrl: 'http://127.0.0.1:9', // nothing listens there
  workspaceFolders: [],
  confirmedHomes: [],
  deliveryMode: 'hold',
  skipRetried: false,
  environment: null,
  oemPattern: '^ai_(.+)$',
  tickInterval: 60,
  peekInterval: 100,
  inboxPort: 0,
  approvedDsns: [],
  proxy: NO_PROXY_SET,
};

/** Asks until there is an answer; rejects after 15 s, naming what was waited for. */
export async function until<T>(
  ask: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  what: string,
): Promise<T> {
  for (const end = Date.now() + 15_000; ; await pause(20)) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited 15 s in vain for ${what}`);
  }
}
