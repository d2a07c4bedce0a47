import * as vscode from 'vscode';
import type { FailureGroups, FailureId, FailureRow, FailureSelection } from '../../engine/api.ts';
import { Disposables } from '../disposable.ts';
import { wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { type Arrangement, groupingOf, PENDING } from './arrangement.ts';
import { startsOpen } from './folding.ts';
import { FailureList, PAGE } from './list.ts';

/** ms between two updates of the view: less than four a second, however much arrives. */
const UPDATE_EVERY = 400;
/** More changes than this are not followed one by one: what is shown is loaded again. */
const FOLLOWED = 2000;
/** Groups whose rows are loaded before anybody opens them. */
const LOADED_AHEAD = 4;
/** Where the grouping is remembered for this workspace. */
const GROUPING = 'failures.grouping';

/**
 * What the Failures view shows, kept as the engine has it: groups and their counts always, rows of the groups that were
 * opened. One question at a time, so that answers come in the order of what they tell.
 */
export class FailureSource implements vscode.Disposable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #memory: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #list = new FailureList();
  readonly #changed = this.#disposables.add(new vscode.EventEmitter<ReadonlySet<string> | null>());
  readonly #throttle = this.#disposables.add(new Throttle(UPDATE_EVERY, () => void this.#ask(() => this.#follow())));
  readonly #told = new Set<FailureId>();
  #asked: Promise<void> = Promise.resolve();
  /** The instance (`Session.followed`) of which the list is; undefined while it is of none, as nothing was answered. */
  #listedOf: string | null | undefined;
  #arrangement: Arrangement;
  #kept: () => ReadonlySet<FailureId> = () => new Set();

  /** Groups whose own row or whose rows changed; null: groups came or went. */
  readonly onDidChange = this.#changed.event;

  constructor(session: Session, memory: vscode.Memento, log: vscode.LogOutputChannel) {
    this.#session = session;
    this.#memory = memory;
    this.#log = log;
    this.#arrangement = { grouping: groupingOf(memory.get(GROUPING)), filter: PENDING };
    this.#disposables.add(session.onReset(() => this.reload()));
    this.#disposables.add(
      session.onChange(({ failures, deliveries }) => {
        if (!failures && !deliveries) return;
        for (const { id } of [...(failures?.added ?? []), ...(failures?.changed ?? [])]) this.#told.add(id);
        for (const { failureId } of deliveries ?? []) this.#told.add(failureId); // its row says how that stands
        this.#throttle.request();
      }),
    );
    this.#disposables.add(
      session.onSituation(({ kind }) => {
        if (kind !== 'restricted') return;
        this.#clear();
        this.#changed.fire(null);
      }),
    );
  }

  get list(): FailureList {
    return this.#list;
  }

  /** Whether anything is listed; `unknown` until the engine has said what there is: till then nothing is called empty. */
  get listed(): 'unknown' | 'none' | 'some' {
    if (!this.#list.empty) return 'some';
    return this.#listedOf === this.#session.followed ? 'none' : 'unknown';
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  /** Lists other failures, or the same in other groups. The grouping is remembered, a filter ends with the window. */
  arrange(change: Partial<Arrangement>): void {
    this.#arrangement = { ...this.#arrangement, ...change };
    if (change.grouping) void this.#memory.update(GROUPING, change.grouping);
    void this.#ask(async () => {
      this.#clear();
      await this.#loadAll();
    });
  }

  /** What is selected stays listed, however much arrives before it. */
  keep(selected: () => ReadonlySet<FailureId>): void {
    this.#kept = selected;
  }

  /** Loads everything shown anew, as many rows as were shown. */
  reload(): void {
    void this.#ask(() => this.#loadAll());
  }

  /** Resolves when everything asked for so far is here. */
  async settled(): Promise<void> {
    await this.#asked;
  }

  /** The rows of a group, loaded when they are not. */
  async rows(key: string): Promise<readonly FailureRow[]> {
    if (!this.#list.isLoaded(key)) {
      await this.#ask(async () => {
        if (!this.#list.isLoaded(key)) await this.#load(key);
      });
    }
    return this.#list.rows(key);
  }

  /** Loads the next page of a group. */
  async showMore(key: string): Promise<void> {
    await this.#ask(async () => {
      const before = this.#list.edge(key);
      const page = await this.#session.call((engine) =>
        engine.failures({ ...this.#selection, group: key, limit: PAGE, before }),
      );
      this.#list.append(key, page);
      this.#changed.fire(new Set([key]));
    });
  }

  /** Loads the next page of groups; the groups that are shown stay as they are. */
  async showMoreGroups(): Promise<void> {
    await this.#ask(async () => {
      this.#list.raiseGroupLimit();
      this.#list.apply([], await this.#groups([]), this.#kept());
      this.#changed.fire(null);
    });
  }

  dispose(): void {
    this.#disposables.dispose();
  }

  get #selection(): FailureSelection {
    return { status: 'all', ...this.#arrangement };
  }

  /** Asks for the groups, and where the failures told of since the last time belong. */
  async #follow(): Promise<void> {
    if (this.#told.size > FOLLOWED) return await this.#loadAll();
    const ids = [...this.#told];
    this.#told.clear();
    const groups = await this.#groups(ids);
    this.#changed.fire(this.#list.apply(ids, groups, this.#kept()));
  }

  #clear(): void {
    this.#list.clear();
    this.#listedOf = undefined;
  }

  async #loadAll(): Promise<void> {
    this.#told.clear();
    const { followed } = this.#session;
    this.#list.apply([], await this.#groups([]));
    this.#listedOf = followed;
    for (const key of new Set([...this.#list.loadedKeys, ...this.#opened()])) await this.#load(key);
    this.#changed.fire(null);
  }

  async #groups(ids: readonly FailureId[]): Promise<FailureGroups> {
    const query = { ...this.#selection, limit: this.#list.groupLimit, ids };
    return await this.#session.call((engine) => engine.failureGroups(query));
  }

  /** Groups that the view opens by itself: their rows are here before it is shown. */
  #opened(): readonly string[] {
    const { grouping } = this.#arrangement;
    return this.#list.groups
      .filter(({ key }) => startsOpen(key, grouping))
      .slice(0, LOADED_AHEAD)
      .map(({ key }) => key);
  }

  async #load(key: string): Promise<void> {
    const limit = this.#list.limit(key);
    const page = await this.#session.call((engine) =>
      engine.failures({ ...this.#selection, group: key, limit, before: null }),
    );
    this.#list.replace(key, page);
  }

  /** One question after the other. What fails is logged: the view says elsewhere how the engine is. */
  #ask(question: () => Promise<void>): Promise<void> {
    this.#asked = this.#asked.then(async () => {
      if (this.#disposables.closed) return;
      try {
        await question();
      } catch (error) {
        this.#log.error(`Failures were not loaded: ${wordsOf(error)}`);
      }
    });
    return this.#asked;
  }
}
