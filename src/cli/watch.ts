import { homedir } from 'node:os';
import path from 'node:path';
import { DEFAULTS } from '../defaults.ts';
import { NO_PROXY_SET } from '../delivery/proxy.ts';
import type { DeliveryMode, EngineChange, EngineSettings, HostApi } from '../engine/api.ts';
import { Engine } from '../engine/engine.ts';
import { messageOf } from '../failure/messageOf.ts';
import { authTokenOf } from './authToken.ts';
import { CliError, UsageError } from './errors.ts';
import { instanceAt } from './instanceAt.ts';
import type { Output } from './output.ts';
import { cliRenderSettings } from './renderSettings.ts';
import { HELP, parse } from './usage.ts';
import { VERSION } from './version.ts';

const MODES: Readonly<Record<string, DeliveryMode>> = { hold: 'hold', inbox: 'inbox', dsn: 'automatic' };

/** `watch --home DIR`: hosts the sensors in this process; ticks, failures and receipts as JSON lines. */
export async function watch(args: string[], output: Output): Promise<number> {
  const parsed = parse(
    args,
    {
      home: { type: 'string' },
      deliver: { type: 'string', default: 'hold' },
      state: { type: 'string' },
      workspace: { type: 'string' },
      webserver: { type: 'string', default: DEFAULTS.webserverUrl },
      'inbox-port': { type: 'string', default: String(DEFAULTS.inboxPort) },
      environment: { type: 'string' },
      'oem-pattern': { type: 'string' },
    },
    HELP.watch,
  );
  if (!parsed) return 0;
  const { values, positionals } = parsed;
  if (positionals.length > 0) throw new UsageError(`watch takes no '${positionals[0]}' (see --help)`);
  if (!values.home) throw new UsageError('watch needs --home DIR, the DAGSTER_HOME of an instance');
  const deliveryMode = Object.hasOwn(MODES, values.deliver) ? MODES[values.deliver] : undefined;
  if (!deliveryMode) throw new UsageError(`--deliver takes hold, inbox or dsn, not '${values.deliver}'`);
  const inboxPort = Number(values['inbox-port'] || Number.NaN);
  if (!Number.isInteger(inboxPort) || inboxPort < 0 || inboxPort > 65_535) {
    throw new UsageError(`--inbox-port takes a port number, not '${values['inbox-port']}'`);
  }
  cliRenderSettings(values.environment ?? null, values['oem-pattern']); // told before anything starts

  const authToken = authTokenOf(process.env);
  const { home } = await instanceAt(values.home);
  const settings: EngineSettings = {
    dagsterHome: home,
    webserverUrl: values.webserver,
    workspaceFolders: [path.resolve(values.workspace ?? process.cwd())],
    confirmedHomes: [home],
    deliveryMode,
    skipRetried: false,
    environment: values.environment ?? null,
    oemPattern: values['oem-pattern'] ?? DEFAULTS.oemPattern,
    tickInterval: DEFAULTS.tickInterval,
    peekInterval: DEFAULTS.peekInterval,
    inboxPort,
    approvedDsns: 'all',
    proxy: NO_PROXY_SET,
  };
  const stateFolder = values.state ? path.resolve(values.state) : defaultStateFolder();
  const engine = new Engine(
    { stateFolder, version: VERSION, env: definedOnly(process.env) },
    printer(output, authToken),
  );
  const interrupted = nextInterrupt();
  try {
    await engine.configure(settings);
    await engine.searchInstance();
    await Promise.race([interrupted, isClosed(output)]);
  } catch (error) {
    throw new CliError(messageOf(error));
  } finally {
    await engine.stop();
  }
  return 0;
}

/** The engine's host on the command line: what changed becomes JSON lines, warnings go to standard error. */
function printer(output: Output, authToken: (host: string) => string | null): HostApi {
  // When nobody reads any more, `watch` ends by itself.
  const print = (type: string, what: object): void => void output.print({ type, ...what }).catch(() => undefined);
  let instance = '';
  return {
    secretDsn: async () => null,
    notify: (message) => void process.stderr.write(`firedrill: ${message}\n`),
    authToken: async (host) => authToken(host),
    log: (level, message) => {
      if (level !== 'debug') process.stderr.write(`firedrill: ${message}\n`);
    },
    changed: ({ overview, failures, ticks, deliveries, inbox }: EngineChange) => {
      if (overview && JSON.stringify([overview.instance, overview.inbox]) !== instance) {
        instance = JSON.stringify([overview.instance, overview.inbox]);
        print('instance', { instance: overview.instance, inbox: overview.inbox });
      }
      for (const failure of failures?.added ?? []) print('failure', failure);
      for (const tick of ticks ?? []) print('tick', tick);
      for (const delivery of deliveries ?? []) print('delivery', delivery);
      for (const event of inbox ?? []) print('received', event);
    },
  };
}

/** Where state is kept when --state does not say: the user's own folder for state, as the system has it. */
function defaultStateFolder(): string {
  const { env, platform } = process;
  if (platform === 'win32') return path.join(env.LOCALAPPDATA ?? path.join(homedir(), 'AppData', 'Local'), 'firedrill');
  if (platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'firedrill');
  return path.join(env.XDG_STATE_HOME ?? path.join(homedir(), '.local', 'state'), 'firedrill');
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const isClosed = ({ closed }: Output): Promise<void> =>
  new Promise((resolve) => closed.addEventListener('abort', () => resolve(), { once: true }));

const nextInterrupt = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
