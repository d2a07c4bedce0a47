import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseEnv } from 'node:util';
import * as l10n from '@vscode/l10n';
import { instanceId } from '../failure/ids.ts';
import { instanceConfig } from './dagsterYaml.ts';
import { EventLogError } from './eventLog.ts';
import {
  type DagsterInstance,
  type Discovery,
  type FoundBy,
  type Identity,
  type InstanceStorage,
  identityOf,
  type SqliteStorage,
} from './instance.ts';
import { madeAt, runStorageId } from './runRecords.ts';
import { SqliteFile } from './sqliteFile.ts';
import { expandHome } from './storageSources.ts';
import { readMounts, realPath, storageWarnings } from './storageWarnings.ts';
import { temporaryHomes } from './temporaryHomes.ts';
import { versionWarnings } from './versionWarnings.ts';
import { Webserver, type WebserverStorage } from './webserver.ts';

export interface DiscoverInput {
  /** The setting `firedrill.dagsterHome`; null when empty. `~` and paths relative to the first folder are understood. */
  readonly settingHome: string | null;
  /** Where a webserver is looked for; null: nowhere. */
  readonly webserverUrl: string | null;
  /** The home that this webserver named when it answered last; it stands while it does not answer. Default: none. */
  readonly namedBefore?: string | null;
  readonly workspaceFolders: readonly string[];
  /** Whether the user said that this home outside the workspace may be read; none may when not given. */
  readonly isConfirmed?: (home: string) => boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  /** ms that the webserver may take; 2 s by default. */
  readonly webserverTimeout?: number;
}

/** A home that some place names. */
interface Named {
  readonly home: string;
  readonly foundBy: FoundBy;
  /** For messages: who names it. */
  readonly by: string;
}

/**
 * Looks for the Dagster instance: the setting; DAGSTER_HOME in a workspace folder's `.env`, then in the environment; the
 * webserver; a temporary home of `dagster dev` in the workspace. The first place that names a home decides, also when
 * that home cannot be read: Firedrill must not follow another instance than the one the user named.
 *
 * An instance that only the webserver names and whose home lies outside the workspace is `unconfirmed`: port 3000 may
 * be somebody else's project.
 */
export async function discover(input: DiscoverInput): Promise<Discovery> {
  const dotenvs = input.workspaceFolders.map((folder) => ({ folder, values: dotenv(path.join(folder, '.env')) }));
  // As for Dagster itself, what `.env` says comes before the environment.
  const env = Object.assign({}, input.env, ...dotenvs.map(({ values }) => values).reverse());
  const looked: string[] = [];
  const webserver = askWebserver(input);

  const named = namedHome(input, dotenvs, looked);
  if (named) return settle(named, input, env, await webserver);

  const answer = await webserver;
  looked.push(answer.told);
  // One that is stopped or busy takes nothing away: its instance is there as long as its files are.
  const home = answer.storage === null ? input.namedBefore : answer.storage.home;
  if (home) {
    if (existsSync(home)) return settle({ home, foundBy: 'webserver', by: answer.told }, input, env, answer);
    looked.push(l10n.t('its home {0} is not on this machine', home));
  }

  const [newest] = temporaryHomes(input.workspaceFolders);
  if (newest !== undefined) return settle({ home: newest, foundBy: 'temporary-home', by: newest }, input, env, answer);
  looked.push(l10n.t('.tmp_dagster_home_* in the workspace: none'));
  return { state: 'none', looked };
}

function namedHome(
  input: DiscoverInput,
  dotenvs: readonly { readonly folder: string; readonly values: Readonly<Record<string, string | undefined>> }[],
  looked: string[],
): Named | null {
  const absolute = (text: string, folder: string | undefined) =>
    path.resolve(folder ?? '.', expandHome(text, homedir()));
  const [first] = input.workspaceFolders;
  const setting = input.settingHome?.trim();
  if (setting)
    return { home: absolute(setting, first), foundBy: 'setting', by: l10n.t('the setting firedrill.dagsterHome') };
  looked.push(l10n.t('the setting firedrill.dagsterHome: empty'));
  for (const { folder, values } of dotenvs) {
    const file = path.join(folder, '.env');
    const home = values.DAGSTER_HOME?.trim();
    if (home) return { home: absolute(home, folder), foundBy: 'dotenv', by: l10n.t('DAGSTER_HOME in {0}', file) };
    looked.push(l10n.t('{0}: no DAGSTER_HOME', file));
  }
  const home = input.env.DAGSTER_HOME?.trim();
  if (home)
    return { home: absolute(home, first), foundBy: 'environment', by: l10n.t('the environment variable DAGSTER_HOME') };
  looked.push(l10n.t('the environment variable DAGSTER_HOME: not set'));
  return null;
}

/** What comes of a home: found, unconfirmed or unusable. */
async function settle(
  { home, foundBy, by }: Named,
  input: DiscoverInput,
  env: Readonly<Record<string, string | undefined>>,
  webserver: WebserverSeen,
): Promise<Discovery> {
  const unusable = (message: string): Discovery => ({ state: 'unusable', home, foundBy, message });
  if (!isFolder(home)) return unusable(l10n.t('{0}, named by {1}, is no folder on this machine.', home, by));
  // Nothing in it is read before the user says so.
  if (foundBy === 'webserver' && !isInside(home, input.workspaceFolders) && !input.isConfirmed?.(home)) {
    return { state: 'unconfirmed', home, foundBy, webserverUrl: input.webserverUrl };
  }
  const context = { env, folders: input.workspaceFolders, userHome: homedir() };
  const config = instanceConfig(home, context);
  if (config.kind === 'unusable') return unusable(config.message);
  const { storage, runRetries } = config;
  if (storage.kind === 'sqlite' && !existsSync(storage.eventLog)) return unusable(noEventLog(home, storage));
  let ids: Identity;
  try {
    ids = await identify(home, storage, input.signal);
  } catch (error) {
    if (error instanceof EventLogError) return unusable(error.message);
    throw error;
  }
  const isServed = webserver.storage?.home != null && realPath(webserver.storage.home) === realPath(home);
  const instance: DagsterInstance = {
    ...ids,
    home,
    foundBy,
    storage,
    webserverUrl: isServed ? input.webserverUrl : null,
    runRetries,
    warnings: [
      ...(storage.kind === 'sqlite' ? storageWarnings(realPath(storage.eventLog), readMounts()) : []),
      ...(isServed ? versionWarnings(webserver.storage?.version ?? '') : []),
    ],
  };
  return { state: 'found', instance };
}

/** @throws EventLogError when the instance's storage cannot be read; the signal's reason when it is aborted. */
async function identify(home: string, storage: InstanceStorage, signal: AbortSignal | undefined): Promise<Identity> {
  switch (storage.kind) {
    case 'sqlite':
      return identifySqlite(home, storage);
    case 'postgres': {
      // Loaded when it is needed: most instances are on SQLite.
      const { identifyPostgres } = await import('./postgres/identity.ts');
      return identifyPostgres(storage, signal);
    }
  }
}

/**
 * The instance's name for itself, `instance_info.run_storage_id`. It is often empty (1.10 to 1.13), and may be filled
 * later: until then a hash of the home's real path and of when its databases were made, so that another instance in
 * the same place is another one.
 * @throws EventLogError when `runs.db` is there and cannot be read.
 */
function identifySqlite(home: string, storage: SqliteStorage): Identity {
  const file = new SqliteFile(storage.runs, { snapshot: false });
  try {
    const isThere = existsSync(storage.runs);
    const named = isThere ? file.read(runStorageId) : null;
    const made = (isThere ? file.read(madeAt) : null) ?? '';
    const place = createHash('sha256')
      .update(`${realPath(home)}\n${made}`)
      .digest('hex')
      .slice(0, 32);
    return identityOf(instanceId(`home-${place}`), named, made);
  } finally {
    file.close();
  }
}

interface WebserverSeen {
  /** null when no Dagster webserver answers. */
  readonly storage: WebserverStorage | null;
  /** For people: what was seen at the address. */
  readonly told: string;
}

async function askWebserver(input: DiscoverInput): Promise<WebserverSeen> {
  const { webserverUrl: url, signal, webserverTimeout } = input;
  if (!url) return { storage: null, told: l10n.t('a webserver: no address is set') };
  const webserver = new Webserver(url, webserverTimeout === undefined ? {} : { timeout: webserverTimeout });
  const answer = await webserver.storage(signal);
  if (answer.outcome !== 'answered') return { storage: null, told: answer.message };
  const { version, home } = answer.value;
  const told =
    home === null ? l10n.t('{0}: Dagster {1}, which names no home', url, version) : `${url}: Dagster ${version}`;
  return { storage: answer.value, told };
}

function noEventLog(home: string, storage: SqliteStorage): string {
  if (existsSync(path.join(home, 'dagster.yaml')) || existsSync(path.dirname(storage.eventLog))) {
    return l10n.t(
      '{0} has no event log yet ({1}). It appears when Dagster first starts on this home.',
      home,
      storage.eventLog,
    );
  }
  return l10n.t(
    '{0} is no Dagster home: it holds neither dagster.yaml nor an event log ({1}).',
    home,
    storage.eventLog,
  );
}

function isInside(home: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const relative = path.relative(realPath(folder), realPath(home));
    return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
  });
}

function isFolder(file: string): boolean {
  try {
    return statSync(file).isDirectory();
  } catch {
    return false; // told as no folder
  }
}

/** The variables of a `.env` file; none where there is no such file. */
function dotenv(file: string): Readonly<Record<string, string | undefined>> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch {
    return {}; // missing or unreadable: DAGSTER_HOME is not in it
  }
}
