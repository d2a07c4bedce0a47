import { parseDsn } from '../channels/sentry/dsn.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import { discover } from '../dagster/discovery.ts';
import type { EventLog } from '../dagster/eventLog.ts';
import type { DagsterInstance } from '../dagster/instance.ts';
import { openEventLog } from '../dagster/openEventLog.ts';
import { type Inbox, openInbox } from '../delivery/inbox/inbox.ts';
import type { Failure } from '../failure/failure.ts';
import { instanceId } from '../failure/ids.ts';
import { SENSOR_NAMES, type SensorName } from '../sensors/tick.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type {
  CodeLocationStatus,
  DsnCheck,
  EngineApi,
  EngineSettings,
  EngineWorkerData,
  FailureRow,
  HostApi,
  Overview,
  SensorStatus,
} from './api.ts';
import { Book } from './book.ts';
import { Changes } from './changes.ts';
import { knownLocations } from './codeLocations.ts';
import { Dsns } from './dsns.ts';
import { FailureCalls } from './failureCalls.ts';
import { groupingKeyOf, rowOf } from './failureRows.ts';
import { firstContact, lookBack } from './history.ts';
import { HostedSensors } from './hostedSensors.ts';
import { InstanceFollower } from './instanceFollower.ts';
import { type EngineParts, type Followed, mustFollow } from './parts.ts';
import { renderSettingsOf } from './renderSettings.ts';
import { send } from './sendingCalls.ts';
import { Targets } from './targets.ts';
import { commitOf } from './tickPage.ts';
import { WebserverFacts } from './webserverFacts.ts';

/** The specification's reason to skip a tick. */
const NO_DSN = 'SENTRY_DSN is not set';
/** ms between looks whether another window wrote to the state. */
const OTHERS_EVERY = 1_000;
/** State for test failures made before any instance was found. */
const NO_INSTANCE = instanceId('no-instance');

/**
 * Puts the parts together: the instance is found and followed, the sensors are hosted on it, what they find is stored
 * and sent, and the host is told. Begins with the first `configure`.
 */
export class Engine implements EngineApi {
  readonly #boot: EngineWorkerData;
  readonly #host: HostApi;
  readonly #parts: EngineParts;
  readonly #dsns: Dsns;
  readonly #failures: FailureCalls;
  readonly #follower: InstanceFollower;
  #settings: EngineSettings | null = null;
  #render: RenderSettings | null = null;
  #book: Book | null = null;
  #followed: Followed | null = null;
  #inbox: Inbox | null = null;
  #inboxFault: string | null = null;
  #codeLocations: readonly CodeLocationStatus[] = [];
  readonly #seenLocations = new Set<string | null>();
  #seenVersion: number | undefined;
  #seenBook: Book | null = null;
  #othersTimer: NodeJS.Timeout | undefined;
  #lastFault = '';

  constructor(boot: EngineWorkerData, host: HostApi) {
    this.#boot = boot;
    this.#host = host;
    const webserver = new WebserverFacts();
    this.#dsns = new Dsns({
      places: () => ({
        workspaceFolders: this.#mustBeConfigured().workspaceFolders,
        workingDirectory: (location) => webserver.workingDirectory(location),
        secretDsn: (location) => host.secretDsn(location),
        environmentDsn: boot.env.SENTRY_DSN,
      }),
      knownLocations: () => this.#knownLocations(),
      isApproved: (dsn) => {
        const { approvedDsns } = this.#mustBeConfigured();
        return approvedDsns === 'all' || approvedDsns.includes(dsn);
      },
    });
    this.#parts = {
      webserver,
      targets: new Targets(this.#dsns, () => this.#inboxStatus()),
      changes: new Changes(
        () => this.#overviewNow(),
        (change) => host.changed(change),
      ),
      settings: () => this.#mustBeConfigured(),
      render: () => this.#mustRender(),
      book: () => this.#mustHaveBook(),
      followed: () => this.#followed,
      inbox: () => this.#inbox,
      row: (stored) => this.#row(stored),
    };
    this.#failures = new FailureCalls(this.#parts);
    this.#follower = new InstanceFollower({
      discover: (signal) => this.#discover(signal),
      open: (instance) => openEventLog(instance, { codeLocationOf: (asset) => webserver.codeLocationOf(asset) }),
      attach: (instance, log) => this.#attach(instance, log),
      detach: () => this.#detach(),
      refreshed: (instance) => this.#refresh(instance),
      onStatus: () => this.#parts.changes.touch(),
      warn: (message) => host.log('warn', message),
    });
  }

  async configure(settings: EngineSettings): Promise<void> {
    const first = this.#settings === null;
    this.#settings = settings;
    this.#render = renderSettingsOf(settings, this.#boot.version, (message) => this.#host.log('warn', message));
    this.#dsns.forget();
    if (first) {
      await this.#openInbox(settings.inboxPort);
      this.#book = this.#openBook(NO_INSTANCE);
      this.#othersTimer = setInterval(() => this.#lookAtOthers(), OTHERS_EVERY);
    }
    this.#book?.configure(settings);
    this.#followed?.sensors.configure(settings);
    // Not awaited: a look takes as long as a hanging webserver, and the views show that it goes on.
    void this.#follower.search();
    await this.#learnCodeLocations();
  }

  async overview(): Promise<Overview> {
    await this.#learnCodeLocations();
    return this.#overviewNow();
  }

  async checkDsn(text: string): Promise<DsnCheck> {
    const parsed = parseDsn(text.trim());
    if (parsed.outcome === 'malformed') return { ok: false, message: parsed.message };
    return { ok: true, host: parsed.dsn.host, project: parsed.dsn.projectId };
  }

  async searchInstance(): Promise<Overview> {
    await this.#follower.search();
    return this.overview();
  }

  failures: EngineApi['failures'] = async (query) => this.#failures.list(query);
  failure: EngineApi['failure'] = async (id) => this.#failures.get(id).failure;
  preview: EngineApi['preview'] = (id, target) => this.#failures.preview(id, target);
  makeTest: EngineApi['makeTest'] = async (subject) => this.#failures.makeTest(subject);
  send: EngineApi['send'] = (id, target, again) => send(this.#parts, this.#failures, id, target, again);
  dismiss: EngineApi['dismiss'] = async (ids) => this.#failures.setStatus(ids, 'dismissed');
  restore: EngineApi['restore'] = async (ids) => this.#failures.setStatus(ids, 'pending');
  tickFailures: EngineApi['tickFailures'] = async (tick) => this.#failures.ofTick(tick);

  setSensorRunning: EngineApi['setSensorRunning'] = async (sensor, running) =>
    mustFollow(this.#parts).sensors.setRunning(sensor, running);
  tickNow: EngineApi['tickNow'] = (sensor) => mustFollow(this.#parts).sensors.tickNow(sensor);
  setCursor: EngineApi['setCursor'] = (sensor, id) => mustFollow(this.#parts).sensors.setCursor(sensor, id);
  ticks: EngineApi['ticks'] = async (query) => this.#mustHaveBook().store.ticks.range(query);

  async lookBack(hours: number): Promise<number> {
    const now = Date.now();
    const { log } = mustFollow(this.#parts);
    const added = await lookBack(
      log,
      this.#mustHaveBook().store,
      this.#groupingKey,
      {
        from: now - hours * 3_600_000,
        to: now,
      },
      (note) => this.#host.log('warn', note),
    );
    this.#parts.changes.failuresAdded(added.map((stored) => this.#row(stored)));
    return added.length;
  }

  deliveries: EngineApi['deliveries'] = async (limit) => this.#mustHaveBook().deliveries(limit);
  retry: EngineApi['retry'] = async (id) => {
    this.#mustHaveBook().retry(id);
  };
  cancel: EngineApi['cancel'] = async (id) => this.#mustHaveBook().cancel(id);

  inboxEvents: EngineApi['inboxEvents'] = async (limit) => this.#inbox?.list(limit) ?? [];
  inboxEvent: EngineApi['inboxEvent'] = async (id) => {
    const event = this.#inbox?.get(id) ?? null;
    if (event === null) throw new Error('The inbox no longer has this event: it keeps the newest 1,000.');
    return event;
  };
  clearInbox: EngineApi['clearInbox'] = async () => this.#inbox?.clear();

  async stop(): Promise<void> {
    clearInterval(this.#othersTimer);
    await this.#follower.stop();
    this.#parts.changes.close(); // tells what is left, while the state can still be read
    await this.#book?.close();
    await this.#inbox?.close();
  }

  async #discover(signal: AbortSignal) {
    const { dagsterHome, webserverUrl, workspaceFolders, confirmedHomes } = this.#mustBeConfigured();
    return discover({
      settingHome: dagsterHome,
      webserverUrl,
      workspaceFolders,
      isConfirmed: (home) => confirmedHomes.includes(home),
      env: this.#boot.env,
      signal,
    });
  }

  /** Follows an instance: its state is opened, what it recorded lately is listed, its sensors are started. */
  async #attach(instance: DagsterInstance, log: EventLog): Promise<number> {
    await this.#parts.webserver.learn(instance.webserverUrl, this.#mustBeConfigured().workspaceFolders);
    const book = this.#openBook(instance.id);
    try {
      const now = Date.now();
      await firstContact(log, book.store, this.#groupingKey, now, (note) => this.#host.log('warn', note));
    } catch (error) {
      await book.close();
      throw error;
    }
    const before = this.#book;
    this.#book = book;
    await before?.close();
    if (before?.instance === NO_INSTANCE) book.adopt(before.store.file);
    this.#followed = { instance, log, sensors: this.#hostSensors(log, book) };
    await this.#learnCodeLocations();
    this.#parts.changes.reload();
    return book.store.since();
  }

  async #detach(): Promise<void> {
    await this.#followed?.sensors.stop();
    this.#followed = null;
    this.#parts.webserver.forget();
    this.#parts.changes.touch();
  }

  async #refresh(instance: DagsterInstance): Promise<void> {
    await this.#parts.webserver.learn(instance.webserverUrl, this.#mustBeConfigured().workspaceFolders);
    await this.#learnCodeLocations();
  }

  #hostSensors(log: EventLog, book: Book): HostedSensors {
    return new HostedSensors({
      log,
      store: book.store,
      settings: this.#mustBeConfigured(),
      prepare: (page) =>
        commitOf(page, {
          settings: this.#mustBeConfigured(),
          render: this.#mustRender(),
          targets: this.#parts.targets,
          since: book.store.since(),
          now: Date.now(),
        }),
      skipReason: async (sensor) => {
        // The run failure sensor of the specification exits silently instead.
        const automatic = this.#mustBeConfigured().deliveryMode === 'automatic';
        return sensor === 'asset_check_sentry_sensor' && automatic && !(await this.#dsns.any()) ? NO_DSN : null;
      },
      onTick: (tick, added, queued) => {
        this.#lastFault = '';
        this.#parts.changes.failuresAdded(added.map((stored) => this.#row(stored)));
        this.#parts.changes.tick(tick);
        if (queued.length > 0) book.queued(queued);
        for (const note of tick.notes) this.#host.log('warn', `${tick.sensor}: ${note}`);
      },
      onFault: (sensor, error) => this.#onFault(sensor, error),
      onStatus: () => this.#parts.changes.touch(),
    });
  }

  #onFault(sensor: SensorName, error: unknown): void {
    const message = `${sensor} could not read the event log: ${error instanceof Error ? error.message : String(error)}`;
    if (message !== this.#lastFault) this.#host.log('warn', message); // once, not four times a second
    this.#lastFault = message;
    const last = this.#book?.store.ticks.last(sensor);
    if (last) this.#parts.changes.tick(last);
    void this.#follower.onFault(error);
  }

  #openBook(instance: DagsterInstance['id']): Book {
    const { changes, targets } = this.#parts;
    return new Book(instance, this.#mustBeConfigured(), {
      folder: this.#boot.stateFolder,
      env: this.#boot.env,
      targets,
      isApproved: (target) => {
        const { approvedDsns } = this.#mustBeConfigured();
        return target.kind === 'inbox' || approvedDsns === 'all' || approvedDsns.includes(target.dsn);
      },
      onDeliveries: (deliveries) => changes.deliveries(deliveries),
      onFailures: (stored) => changes.failuresChanged(stored.map((each) => this.#row(each))),
      warn: (message) => this.#host.log('warn', message),
    });
  }

  async #openInbox(port: number): Promise<void> {
    try {
      this.#inbox = await openInbox({
        folder: this.#boot.stateFolder,
        port,
        now: Date.now,
        onFault: (error) => this.#host.log('warn', `Inbox: ${error instanceof Error ? error.message : String(error)}`),
      });
      this.#inbox.onReceived((event) => this.#parts.changes.inbox([event]));
    } catch (error) {
      this.#inboxFault = `The inbox could not be opened: ${error instanceof Error ? error.message : String(error)}`;
      this.#host.log('warn', this.#inboxFault);
    }
  }

  #inboxStatus(): Overview['inbox'] {
    if (this.#inbox === null) return { state: 'off', message: this.#inboxFault ?? 'The inbox is not open yet.' };
    const { port, dsn, note } = this.#inbox;
    return { state: 'listening', port, dsn, note };
  }

  /** Other windows share the state: what they write is shown here too. */
  #lookAtOthers(): void {
    const version = this.#book?.store.dataVersion();
    if (version === this.#seenVersion) return;
    const first = this.#seenBook !== this.#book;
    this.#seenVersion = version;
    this.#seenBook = this.#book;
    if (!first) this.#parts.changes.reload();
  }

  async #learnCodeLocations(): Promise<void> {
    const names = await this.#knownLocations();
    const codeLocations = await Promise.all(
      names.map(async (name): Promise<CodeLocationStatus[]> => {
        if (name === null) return [];
        const ownSensors = this.#parts.webserver.ownSensors(name);
        return [{ name, dsn: await this.#dsns.status(name), ownSensors }];
      }),
    );
    this.#codeLocations = codeLocations.flat();
  }

  #knownLocations(): Promise<readonly (string | null)[]> {
    const { workspaceFolders } = this.#mustBeConfigured();
    return knownLocations(this.#parts.webserver.codeLocations(), [...this.#seenLocations], workspaceFolders);
  }

  #overviewNow(): Overview {
    const { deliveryMode } = this.#mustBeConfigured();
    return {
      instance: this.#follower.status,
      sensors: this.#followed?.sensors.status() ?? SENSOR_NAMES.map(asleep),
      deliveryMode,
      codeLocations: this.#codeLocations,
      inbox: this.#inboxStatus(),
      pending: this.#book?.store.failures.pending() ?? { check: 0, run: 0 },
    };
  }

  #row(stored: StoredFailure): FailureRow {
    this.#seenLocations.add(stored.brief.codeLocation);
    return rowOf(stored, this.#mustHaveBook().store, this.#mustRender());
  }

  readonly #groupingKey = (failure: Failure): string => groupingKeyOf(failure, this.#mustRender());

  #mustBeConfigured(): EngineSettings {
    if (this.#settings === null) throw new Error('The engine has not been configured yet.');
    return this.#settings;
  }

  #mustRender(): RenderSettings {
    if (this.#render === null) throw new Error('The engine has not been configured yet.');
    return this.#render;
  }

  #mustHaveBook(): Book {
    if (this.#book === null) throw new Error('The engine has not been configured yet.');
    return this.#book;
  }
}

/** A sensor while no instance is followed. */
const asleep = (name: SensorName): SensorStatus => ({
  name,
  running: false,
  ticking: false,
  lastTick: null,
  nextTickAt: null,
  cursor: null,
  behind: { rows: 0, oldestUnread: null },
});
