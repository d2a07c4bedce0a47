import * as vscode from 'vscode';
import type { DsnFingerprint, EngineSettings } from '../engine/api.ts';
import { dsnFingerprint } from '../failure/ids.ts';
import { AutomaticConsent } from './automaticConsent.ts';
import { SETTINGS, SETTINGS_SECTION, type SettingName } from './ids.ts';
import { maskSecrets } from './mask.ts';
import { warn, wordsOf } from './say.ts';
import { engineSettings, type RawSettings } from './settings.ts';

/** Decisions of the user that belong to this workspace and to no settings file. */
const APPROVED = 'approvedDsns';
const CONFIRMED_HOMES = 'confirmedHomes';

/** The settings and decisions of this window, as the engine takes them. */
export class Configuration {
  readonly #state: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #consent: AutomaticConsent;
  #warned = '';
  #notifyFailures = false;

  constructor(state: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#state = state;
    this.#log = log;
    this.#consent = new AutomaticConsent(state);
  }

  /** As they stand; values out of range are kept in range. */
  settings(): EngineSettings {
    return this.#read(rawSettings()).settings;
  }

  /**
   * The same when they may have changed: what was kept in range is told once, and the consent to automatic delivery
   * ends with the setting.
   */
  refresh(): EngineSettings {
    const raw = rawSettings();
    // In Restricted Mode VS Code hides what the workspace's settings say: nothing is seen of them there.
    if (vscode.workspace.isTrusted) this.#seen(raw.delivery);
    const { settings, notifyFailures, warnings } = this.#read(raw);
    this.#notifyFailures = notifyFailures;
    this.#warn(warnings);
    return settings;
  }

  #read(raw: RawSettings): ReturnType<typeof engineSettings> {
    const http = vscode.workspace.getConfiguration('http');
    return engineSettings(
      raw,
      {
        workspaceFolders: (vscode.workspace.workspaceFolders ?? [])
          .filter((folder) => folder.uri.scheme === 'file')
          .map((folder) => folder.uri.fsPath),
        confirmedHomes: this.#state.get<readonly string[]>(CONFIRMED_HOMES, []),
        approvedDsns: this.approved(),
        automaticConfirmed: this.automaticConfirmed,
        proxy: {
          url: http.get('proxy'),
          strictSsl: http.get('proxyStrictSSL'),
          noProxy: http.get('noProxy'),
          support: http.get('proxySupport'),
        },
      },
      vscode.l10n,
    );
  }

  /** Writes a setting where it counts for this workspace; into the user's settings where no folder is open. */
  async write(name: SettingName, value: string | undefined): Promise<void> {
    const target = vscode.workspace.workspaceFolders
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
    await vscode.workspace.getConfiguration(SETTINGS_SECTION).update(name, value, target);
  }

  approved(): readonly DsnFingerprint[] {
    return this.#state.get<readonly string[]>(APPROVED, []).map(dsnFingerprint);
  }

  async approve(dsn: DsnFingerprint): Promise<void> {
    await this.#state.update(APPROVED, [...new Set([...this.approved(), dsn])]);
  }

  async confirmHome(home: string): Promise<void> {
    const homes = this.#state.get<readonly string[]>(CONFIRMED_HOMES, []);
    await this.#state.update(CONFIRMED_HOMES, [...new Set([...homes, home])]);
  }

  /** Whether new failures are announced, as it was read last. */
  get notifyFailures(): boolean {
    return this.#notifyFailures;
  }

  /** Whether `firedrill.delivery` says automatic, whatever was confirmed. */
  get wantsAutomatic(): boolean {
    return vscode.workspace.getConfiguration(SETTINGS_SECTION).get('delivery') === 'automatic';
  }

  get automaticConfirmed(): boolean {
    return this.#consent.given;
  }

  async confirmAutomatic(yes: boolean): Promise<void> {
    await this.#consent.give(yes);
  }

  #seen(delivery: unknown): void {
    this.#consent
      .see(delivery)
      .catch((error: unknown) =>
        this.#log.error(`The consent to automatic delivery was not stored: ${wordsOf(error)}`),
      );
  }

  #warn(warnings: readonly string[]): void {
    const text = warnings.join(' ');
    if (text === this.#warned) return;
    this.#warned = text;
    if (text === '') return;
    this.#log.warn(maskSecrets(text));
    const open = vscode.l10n.t('Open Settings');
    void warn(text, open).then((answer) => {
      if (answer === open) void vscode.commands.executeCommand('workbench.action.openSettings', SETTINGS_SECTION);
    });
  }
}

function rawSettings(): RawSettings {
  const section = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  return Object.fromEntries(SETTINGS.map((name) => [name, section.get(name)]));
}
