import * as l10n from '@vscode/l10n';
import type { RenderSettings } from '../channels/sentry/settings.ts';
import { type EventLog, EventLogError, type EventLogFault } from '../dagster/eventLog.ts';
import type { DagsterInstance } from '../dagster/instance.ts';
import { scheduleStorageOf } from '../dagster/scheduleStorage.ts';
import type { Failure } from '../failure/failure.ts';
import { type InstanceId, instanceId } from '../failure/ids.ts';
import { messageOf } from '../failure/messageOf.ts';
import type { SensorName } from '../sensors/tick.ts';
import type { NewFailure, StoredFailure } from '../store/stateStore.ts';
import type { EngineSettings, FailureRow } from './api.ts';
import type { Book } from './book.ts';
import type { Changes } from './changes.ts';
import type { CodeLocations } from './codeLocations.ts';
import { Hindrances } from './hindrances.ts';
import { firstContact } from './history.ts';
import { HostedSensors } from './hostedSensors.ts';
import { LookingBack } from './lookingBack.ts';
import { newFailure } from './newFailure.ts';
import { OwnSensors } from './ownSensors.ts';
import { stateFaultIn, stateFaultWords } from './stateFault.ts';
import type { Targets } from './targets.ts';
import { commitOf } from './tickPage.ts';
import type { WebserverFacts } from './webserverFacts.ts';

/** The specification's reason to skip a tick. */
const noDsn = () => l10n.t('SENTRY_DSN is not set');
/**
 * State for test failures made before any instance was found. One a workspace: another's test failures, and what it
 * sends of them, are none of this window's.
 */
const noInstanceOf = (folders: readonly string[]): InstanceId => instanceId(['no-instance', ...folders].join('\n'));
/** Faults of an instance that is the same still: it is not let go. */
const PASSING: readonly EventLogFault[] = ['locked', 'other'];
/** Failures whose code locations are known from the start. */
const RECENT = 500;

export interface FollowingPorts {
  readonly webserver: WebserverFacts;
  readonly locations: CodeLocations;
  readonly targets: Targets;
  readonly changes: Changes;
  settings(): EngineSettings;
  render(): RenderSettings;
  openBook(instance: InstanceId): Book;
  row(stored: StoredFailure): FailureRow;
  onFault(error: unknown): void;
  /** What keeps the sensors of an instance that is there all the same from reading or storing; none: nothing. */
  onHindered(messages: readonly string[]): void;
  warn(message: string): void;
}

/** The instance that is followed: its state, its event log and the sensors hosted on it. */
export class Following {
  readonly #ports: FollowingPorts;
  readonly #noInstance: InstanceId;
  #book: Book;
  #log: EventLog | null = null;
  #sensors: HostedSensors | null = null;
  /** Breaks off looking back when the instance is let go. */
  #detaching = new AbortController();
  readonly #lookingBack: LookingBack;
  #own: OwnSensors | null = null;
  readonly #hindrances: Hindrances;

  constructor(ports: FollowingPorts) {
    this.#ports = ports;
    this.#noInstance = noInstanceOf(ports.settings().workspaceFolders);
    this.#book = ports.openBook(this.#noInstance);
    this.#lookingBack = new LookingBack({ ...ports, asEarlier: this.#asEarlier });
    this.#hindrances = new Hindrances({ warn: ports.warn, onChange: (messages) => ports.onHindered(messages) });
  }

  /** The followed instance's; before any was found, that of the test failures made meanwhile. */
  get book(): Book {
    return this.#book;
  }

  /** null while no instance is followed. */
  get sensors(): HostedSensors | null {
    return this.#sensors;
  }

  /** The instance's own; null while none is followed, or where its schedule storage is not read. */
  get own(): OwnSensors | null {
    return this.#own;
  }

  configure(settings: EngineSettings): void {
    this.#book.configure(settings);
    this.#sensors?.configure(settings);
  }

  /**
   * Follows an instance: its state is opened, what it recorded lately is listed, its sensors are started. Answers when
   * Firedrill first met it (ms since 1970). `signal` breaks the first contact off, which may be long.
   */
  async attach(instance: DagsterInstance, log: EventLog, signal: AbortSignal): Promise<number> {
    const { webserver, locations, changes, settings, openBook } = this.#ports;
    await webserver.learn(instance.webserverUrl, settings().workspaceFolders);
    const schedules = await scheduleStorageOf(instance);
    const book = openBook(instance.id);
    const sensors = this.#host(log, book);
    const breakOff = (): void => void sensors.stop();
    signal.addEventListener('abort', breakOff, { once: true });
    try {
      await sensors.meet();
    } catch (error) {
      await sensors.stop();
      await book.close();
      throw error;
    } finally {
      signal.removeEventListener('abort', breakOff);
    }
    const before = this.#book;
    this.#book = book;
    await before.close();
    if (before.instance === this.#noInstance) {
      try {
        book.adopt(before.store.file);
      } catch (error) {
        // They are still in their file, and taken over when an instance is found the next time.
        this.#ports.warn(l10n.t('The test failures made before were not taken over: {0}', messageOf(error)));
      }
    }
    const recent = book.store.failureLists.page({ status: 'all', group: null, limit: RECENT, before: null });
    for (const { brief } of recent.rows) locations.saw(brief.codeLocation);
    this.#own = schedules && new OwnSensors(schedules);
    this.#log = log;
    this.#detaching = new AbortController();
    this.#sensors = sensors;
    sensors.start();
    await locations.learn();
    changes.reload();
    return book.store.since();
  }

  /** Lets go of the instance; its state stays open, so that the views keep what they show. */
  async detach(): Promise<void> {
    this.#detaching.abort(new Error(l10n.t('The instance is not followed any more.')));
    await this.#sensors?.stop();
    this.#sensors = null;
    this.#hindrances.clear();
    await this.#own?.close();
    this.#own = null;
    this.#log = null;
    this.#ports.webserver.forget();
    this.#ports.changes.touch();
  }

  async refresh(instance: DagsterInstance): Promise<void> {
    await this.#ports.webserver.learn(instance.webserverUrl, this.#ports.settings().workspaceFolders);
    await this.#ports.locations.learn();
  }

  /**
   * Lists the failures of the last `hours`, none of which is sent by itself; answers how many were new, until it was
   * broken off if it was.
   */
  async lookBack(hours: number): Promise<number> {
    if (this.#log === null) throw noInstance();
    return this.#lookingBack.begin(this.#log, this.#book.store, hours, this.#detaching.signal);
  }

  /** Breaks off looking back; what was found until then is listed. */
  cancelLookBack(): void {
    this.#lookingBack.cancel();
  }

  mustHaveSensors(): HostedSensors {
    if (this.#sensors === null) throw noInstance();
    return this.#sensors;
  }

  async close(): Promise<void> {
    await this.#book.close();
  }

  /** What history has is from before Firedrill. */
  readonly #asEarlier = (failure: Failure): NewFailure => newFailure(failure, true, this.#ports.render());

  #host(log: EventLog, book: Book): HostedSensors {
    const { settings, render, targets, locations, changes, row, warn } = this.#ports;
    return new HostedSensors({
      log,
      store: book.store,
      settings: settings(),
      firstContact: async (signal) => {
        const added = await firstContact(log, book.store, this.#asEarlier, warn, signal);
        if (this.#book === book) changes.failuresAdded(added.map(row));
      },
      prepare: (page) =>
        commitOf(page, {
          settings: settings(),
          render: render(),
          targets,
          since: book.store.since(),
        }),
      skipReason: async (sensor) => {
        // The run failure sensor of the specification exits silently instead.
        const automatic = settings().deliveryMode === 'automatic';
        return sensor === 'asset_check_sentry_sensor' && automatic && !(await locations.dsns.any()) ? noDsn() : null;
      },
      onTick: ({ tick, added, passed, queued }) => {
        this.#hindrances.over('state');
        changes.failuresAdded(added.map(row));
        changes.failuresChanged(passed.map(row));
        changes.tick(tick);
        if (queued.length > 0) book.queued(queued);
        for (const note of tick.notes) warn(`${tick.sensor}: ${note}`);
      },
      onFault: (sensor, error) => this.#onFault(sensor, error, book),
      onReadable: (sensor) => this.#hindrances.over(sensor),
      onStateFault: (error) => this.#onStateFault(error, book),
      onStateFine: () => this.#hindrances.over('state'),
      onStatus: () => changes.touch(),
      onForgotten: () => changes.reload(),
    });
  }

  #onFault(sensor: SensorName, error: unknown, book: Book): void {
    const last = book.store.ticks.last(sensor);
    if (last) this.#ports.changes.tick(last);
    const ofState = stateFaultIn(error);
    if (ofState !== null) {
      this.#onStateFault(ofState, book);
      return;
    }
    this.#hindrances.warn(sensor, `${sensor} could not read the event log: ${messageOf(error)}`);
    if (error instanceof EventLogError && PASSING.includes(error.fault)) this.#hindrances.show(sensor, error.message);
    else this.#ports.onFault(error);
  }

  #onStateFault(error: unknown, book: Book): void {
    const words = stateFaultWords(error, book.store.presence.silent());
    this.#hindrances.warn('state', words);
    this.#hindrances.show('state', words);
  }
}

const noInstance = (): Error => new Error(l10n.t('No Dagster instance is followed. Choose one first.'));
