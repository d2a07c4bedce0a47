import { parseDsn } from '../channels/sentry/dsn.ts';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import { discover } from '../dagster/discovery.ts';
import type { Discovery } from '../dagster/instance.ts';
import { openEventLog } from '../dagster/openEventLog.ts';
import type { DsnFingerprint, InstanceId } from '../failure/ids.ts';
import { messageOf } from '../failure/messageOf.ts';
import { SENSOR_NAMES } from '../sensors/tick.ts';
import type { StoredFailure } from '../store/stateStore.ts';
import type { EngineApi, EngineSettings, EngineWorkerData, FailureRow, HostApi, Overview } from './api.ts';
import { Book } from './book.ts';
import { Changes } from './changes.ts';
import { CodeLocations } from './codeLocations.ts';
import { factsOfEvent, matchEvent } from './eventMatch.ts';
import { eventText, valueText } from './eventTexts.ts';
import { failingLine } from './failingLine.ts';
import { FailureCalls } from './failureCalls.ts';
import { rowOf } from './failureRow.ts';
import { Following } from './following.ts';
import { heldFrom } from './heldFrom.ts';
import { InboxHost } from './inboxHost.ts';
import { InstanceFollower } from './instanceFollower.ts';
import { asKnown } from './knownInstance.ts';
import { asleep } from './lags.ts';
import type { EngineParts } from './parts.ts';
import { receivedPreview } from './receivedPreview.ts';
import { renderSettingsOf } from './renderSettings.ts';
import { send } from './sendingCalls.ts';
import { Targets } from './targets.ts';
import { tellNews } from './tellNews.ts';
import { WebserverFacts } from './webserverFacts.ts';

/** ms between looks whether another window's inbox received something. */
const OTHERS_EVERY = 1_000;

/**
 * Puts the parts together: the instance is found and followed, the sensors are hosted on it, what they find is stored
 * and sent, and the host is told. Begins with the first `configure`.
 */
export class Engine implements EngineApi {
  readonly #boot: EngineWorkerData;
  readonly #host: HostApi;
  readonly #webserver = new WebserverFacts();
  readonly #locations: CodeLocations;
  readonly #inbox: InboxHost;
  readonly #parts: EngineParts;
  readonly #failures: FailureCalls;
  readonly #follower: InstanceFollower;
  #settings: EngineSettings | null = null;
  #render: RenderSettings | null = null;
  #following: Following | null = null;
  /** What a webserver named that answered last. */
  #named: { readonly url: string; readonly home: string } | null = null;
  #othersTimer: NodeJS.Timeout | undefined;

  constructor(boot: EngineWorkerData, host: HostApi) {
    this.#boot = boot;
    this.#host = host;
    const webserver = this.#webserver;
    this.#locations = new CodeLocations({
      webserver,
      workspaceFolders: () => this.#mustBeConfigured().workspaceFolders,
      places: () => ({
        workspaceFolders: this.#mustBeConfigured().workspaceFolders,
        workingDirectory: (location) => webserver.workingDirectory(location),
        secretDsn: (location) => host.secretDsn(location),
        environmentDsn: boot.env.SENTRY_DSN,
      }),
      isApproved: (dsn) => this.#isApproved(dsn),
    });
    const changes = new Changes(
      () => this.#overviewNow(),
      (change) => host.changed(change),
      (error) => this.#warn(messageOf(error)),
    );
    this.#inbox = new InboxHost({
      folder: boot.stateFolder,
      onReceived: (events) => changes.inbox(events),
      onCleared: () => changes.reload(),
      warn: this.#warn,
    });
    this.#parts = {
      webserver,
      changes,
      targets: new Targets(this.#locations.dsns, () => this.#inbox.status()),
      render: () => this.#mustRender(),
      book: () => this.#mustFollow().book,
      row: (stored) => this.#row(stored),
    };
    this.#failures = new FailureCalls(this.#parts);
    this.#follower = new InstanceFollower({
      discover: (signal) => this.#discover(signal),
      open: (instance) => openEventLog(instance, { codeLocationOf: (asset) => webserver.codeLocationOf(asset) }),
      attach: (instance, log, signal) => this.#mustFollow().attach(instance, log, signal),
      detach: () => this.#mustFollow().detach(),
      refreshed: (instance) => this.#mustFollow().refresh(instance),
      onStatus: () => changes.touch(),
      warn: this.#warn,
    });
  }

  async configure(settings: EngineSettings): Promise<void> {
    this.#settings = settings;
    this.#render = renderSettingsOf(settings, this.#boot.version, this.#warn);
    this.#locations.dsns.forget();
    if (this.#following === null) await this.#begin(settings);
    else this.#following.configure(settings);
    // Not awaited: a look takes as long as a hanging webserver, and the views show that it goes on.
    void this.#follower.search();
    await this.#locations.learn();
  }

  async overview(): Promise<Overview> {
    await this.#locations.learn();
    return this.#overviewNow();
  }

  checkDsn: EngineApi['checkDsn'] = async (text) => {
    const parsed = parseDsn(text.trim());
    if (parsed.outcome === 'malformed') return { ok: false, message: parsed.message };
    return { ok: true, host: parsed.dsn.host, project: parsed.dsn.projectId };
  };

  async searchInstance(): Promise<Overview> {
    await this.#follower.search();
    return this.overview();
  }

  failures: EngineApi['failures'] = async (query) => this.#failures.list(query);
  failureGroups: EngineApi['failureGroups'] = async (query) => this.#failures.groups(query);
  failure: EngineApi['failure'] = async (id) => this.#failures.get(id).failure;
  failingLine: EngineApi['failingLine'] = (id) =>
    failingLine(this.#failures.get(id).failure, this.#mustBeConfigured().workspaceFolders);
  preview: EngineApi['preview'] = (id, target) => this.#failures.preview(id, target);
  makeTest: EngineApi['makeTest'] = async (subject) => this.#failures.makeTest(subject);
  requestBody: EngineApi['requestBody'] = (id, target) => this.#failures.requestBody(id, target);
  editTest: EngineApi['editTest'] = (id, fields, target) => this.#failures.editTest(id, fields, target);
  failureIssue: EngineApi['failureIssue'] = async (id) => this.#failures.issue(id);
  sameIssue: EngineApi['sameIssue'] = async (id, limit) => this.#failures.sameIssue(id, limit);
  related: EngineApi['related'] = async (id, limit) => this.#failures.related(id, limit);
  keyedHeaders: EngineApi['keyedHeaders'] = (id, target) => this.#failures.keyedHeaders(id, target);
  dagsterUrl: EngineApi['dagsterUrl'] = async (what) => {
    await this.#follower.search(); // a webserver may have been started since the last look, or stopped
    return this.#webserver.urlOf(what);
  };
  send: EngineApi['send'] = (id, target, again) => send(this.#parts, this.#failures, id, target, again);
  dismiss: EngineApi['dismiss'] = async (ids) => this.#parts.book().dismiss(ids);
  restore: EngineApi['restore'] = async (ids) => this.#parts.book().restore(ids);
  tickFailures: EngineApi['tickFailures'] = async (tick) => this.#failures.ofTick(tick);

  setSensorRunning: EngineApi['setSensorRunning'] = async (sensor, running) =>
    this.#mustFollow().mustHaveSensors().setRunning(sensor, running);
  tickNow: EngineApi['tickNow'] = async (sensor) => this.#mustFollow().mustHaveSensors().tickNow(sensor);
  setCursor: EngineApi['setCursor'] = async (sensor, id) => this.#mustFollow().mustHaveSensors().setCursor(sensor, id);
  lookBack: EngineApi['lookBack'] = async (hours) => this.#mustFollow().lookBack(hours);
  cancelLookBack: EngineApi['cancelLookBack'] = async () => this.#mustFollow().cancelLookBack();
  ownSensors: EngineApi['ownSensors'] = async (query) =>
    (await this.#mustFollow().own?.activity(query, Date.now())) ?? {
      version: 0,
      from: query.from,
      sensors: [],
      ticks: [],
    };
  ownNews: EngineApi['ownNews'] = async (version) => (await this.#mustFollow().own?.news(version, Date.now())) ?? null;
  ticks: EngineApi['ticks'] = async (query) => {
    const ticks = this.#mustFollow().book.store.ticks.range(query);
    return { from: heldFrom(query, ticks), ticks };
  };

  deliveries: EngineApi['deliveries'] = async ({ group, limit, before }) =>
    this.#mustFollow().book.deliveries(group, limit, before);
  openDelivery: EngineApi['openDelivery'] = async (id) => this.#mustFollow().book.openDelivery(id);
  tries: EngineApi['tries'] = async (id) => this.#mustFollow().book.tries(id);
  authTokensChanged: EngineApi['authTokensChanged'] = async () => this.#mustFollow().book.tokensChanged();
  issueUrl: EngineApi['issueUrl'] = async (id) => this.#mustFollow().book.issueUrl(id);
  retry: EngineApi['retry'] = async (id) => {
    this.#mustFollow().book.retry(id);
  };
  cancel: EngineApi['cancel'] = async (id) => this.#mustFollow().book.takeOut(id, 'waiting');
  remove: EngineApi['remove'] = async (id) => this.#mustFollow().book.takeOut(id, 'failed');

  inboxEvents: EngineApi['inboxEvents'] = (limit) => this.#inbox.list(limit);
  inboxEvent: EngineApi['inboxEvent'] = async (id) =>
    receivedPreview(this.#inbox.get(id), {
      received: this.#inbox.inIssue,
      pending: (key) => this.#mustFollow().book.store.failures.pendingGrouped(key),
    });
  valueText: EngineApi['valueText'] = (source, path) =>
    valueText({ parts: this.#parts, failures: this.#failures, inbox: this.#inbox }, source, path);
  eventText: EngineApi['eventText'] = (source, order) =>
    eventText({ parts: this.#parts, failures: this.#failures, inbox: this.#inbox }, source, order === 'sorted');
  failureOfInboxEvent: EngineApi['failureOfInboxEvent'] = async (id) => {
    const { event } = this.#inbox.get(id);
    return matchEvent(factsOfEvent(event), this.#mustFollow().book.store, (stored) => this.#row(stored));
  };
  clearInbox: EngineApi['clearInbox'] = () => this.#inbox.clear();

  async stop(): Promise<void> {
    clearInterval(this.#othersTimer);
    await this.#follower.stop();
    this.#parts.changes.close(); // tells what is left, while the state can still be read
    await this.#following?.close();
    await this.#inbox.close();
  }

  async #begin(settings: EngineSettings): Promise<void> {
    await this.#inbox.open(settings.inboxPort);
    this.#following = new Following({
      ...this.#parts,
      locations: this.#locations,
      settings: () => this.#mustBeConfigured(),
      openBook: (instance) => this.#openBook(instance),
      onFault: (error) => void this.#follower.onFault(error),
      onHindered: (messages) => this.#follower.onHindered(messages),
      warn: this.#warn,
    });
    this.#othersTimer = setInterval(() => this.#lookAtOthers(), OTHERS_EVERY);
  }

  async #discover(signal: AbortSignal): Promise<Discovery> {
    const { dagsterHome, webserverUrl, workspaceFolders, confirmedHomes } = this.#mustBeConfigured();
    const found = await discover({
      settingHome: dagsterHome,
      webserverUrl,
      namedBefore: this.#named?.url === webserverUrl ? this.#named.home : null,
      workspaceFolders,
      isConfirmed: (home) => confirmedHomes.includes(home),
      env: this.#boot.env,
      signal,
    });
    if (found.state !== 'found') return found;
    const { home, foundBy } = found.instance;
    this.#named = foundBy === 'webserver' && webserverUrl !== null ? { url: webserverUrl, home } : null;
    return { ...found, instance: asKnown(found.instance, this.#boot.stateFolder) };
  }

  #openBook(instance: InstanceId): Book {
    const { changes, targets } = this.#parts;
    return new Book(instance, this.#mustBeConfigured(), {
      folder: this.#boot.stateFolder,
      env: this.#boot.env,
      targets,
      authToken: (host) => this.#host.authToken(host),
      isApproved: (target) => target.kind === 'inbox' || this.#isApproved(target.dsn),
      onDeliveries: (deliveries) => changes.deliveries(deliveries),
      onOutdated: () => changes.reload(),
      onFailures: (stored) => changes.failuresChanged(stored.map((each) => this.#row(each))),
      onNews: (book, news) => {
        const following = this.#mustFollow();
        if (following.book !== book) return; // about to be followed: all of it is read then
        tellNews(news, book, changes, (stored) => this.#row(stored));
        following.sensors?.othersWrote();
      },
      notify: (message) => this.#host.notify(message),
      warn: this.#warn,
    });
  }

  #isApproved(dsn: DsnFingerprint): boolean {
    const { approvedDsns } = this.#mustBeConfigured();
    return approvedDsns === 'all' || approvedDsns.includes(dsn);
  }

  /** Other windows share the inbox: what came to theirs is shown here too. */
  #lookAtOthers(): void {
    try {
      this.#inbox.lookAtOthers();
    } catch (error) {
      this.#warn(messageOf(error));
    }
  }

  #overviewNow(): Overview {
    const following = this.#mustFollow();
    return {
      instance: this.#follower.status,
      sensors: following.sensors?.status() ?? SENSOR_NAMES.map((name) => asleep(name, following.book.store)),
      deliveryMode: this.#mustBeConfigured().deliveryMode,
      codeLocations: this.#locations.status(),
      inbox: this.#inbox.status(),
      pending: following.book.store.failures.pending(),
      deliveries: following.book.store.outbox.counts(),
    };
  }

  #row(stored: StoredFailure): FailureRow {
    this.#locations.saw(stored.brief.codeLocation);
    return rowOf(stored, this.#mustFollow().book.store, this.#mustRender());
  }

  readonly #warn = (message: string): void => this.#host.log('warn', message);

  #mustBeConfigured(): EngineSettings {
    return this.#settings ?? notConfigured();
  }

  #mustRender(): RenderSettings {
    return this.#render ?? notConfigured();
  }

  #mustFollow(): Following {
    return this.#following ?? notConfigured();
  }
}

function notConfigured(): never {
  throw new Error('The engine has not been configured yet.');
}
