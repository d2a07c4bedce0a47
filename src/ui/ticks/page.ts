import * as v from 'valibot';
import * as vscode from 'vscode';
import type { OwnActivity, OwnSensor } from '../../engine/api.ts';
import type { FromTicks, LaneTick, ToTicks } from '../../webview/protocol.ts';
import { type Closable, Disposables } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';
import { safe } from '../message.ts';
import { OwnWatch } from '../ownWatch.ts';
import { sayError, wordsOf } from '../say.ts';
import type { Session } from '../session.ts';
import { Throttle } from '../throttle.ts';
import { tellPage } from '../webviewPage.ts';
import { fromTicks } from './messages.ts';

/** ms between two updates. */
const PAUSE = 250;
/**
 * Most rows of hosted sensors, and as many of the project's own, that one snapshot holds: so many are handed to the
 * webview, as text, in some 20 ms each on a slow machine (measured).
 */
const LIMIT = 5000;
/** ms that are shown at first: a quarter of an hour. */
const FIRST_RANGE = 15 * 60_000;
/** A range that ends this near the present (ms) goes on with it. */
const PRESENT = 60_000;

/** ms since 1970. */
interface Range {
  readonly from: number;
  readonly to: number;
}

/** What is asked of the page from outside of it. */
export type Wish = Extract<ToTicks, { type: 'jump' | 'show-lane' | 'find' | 'clear-filter' }>;
/** What a person arranged on the page. */
export type Arranged = Extract<FromTicks, { type: 'arranged' }>;

export interface PagePorts {
  readonly session: Session;
  readonly log: vscode.LogOutputChannel;
  readonly extension: vscode.Uri;
}

/** Where the page stands: the panel's view, or an editor. */
interface Place {
  readonly webview: vscode.Webview;
  readonly visible: boolean;
}

/** The Sensor Ticks page: a snapshot when it is shown, batches of what came since, nothing while hidden. */
export class TicksPage implements Closable {
  readonly #disposables = new Disposables();
  readonly #session: Session;
  readonly #log: vscode.LogOutputChannel;
  readonly #place: Place;
  readonly #arranged: (message: Arranged) => void;
  readonly #updates = this.#disposables.add(new Throttle(PAUSE, () => this.#update()));
  readonly #news = new Map<number, LaneTick>();
  /** The project's own; undefined where nothing of theirs is new. */
  #newSensors: readonly OwnSensor[] | undefined;
  readonly #own: OwnWatch;
  /** What to do once the webview has a snapshot. */
  #wish: Wish | undefined;
  #ready = false;
  #seen: boolean;
  /** What the webview asked for last. */
  #range: Range | undefined;

  /** `arranged` is told what a person arranged, each time. */
  constructor({ session, log }: PagePorts, place: Place, arranged: (message: Arranged) => void) {
    this.#session = session;
    this.#log = log;
    this.#place = place;
    this.#seen = place.visible;
    this.#arranged = arranged;
    this.#disposables.add(place.webview.onDidReceiveMessage((message: unknown) => this.#receive(message)));
    this.#disposables.add(
      session.onChange((change) => {
        if (!this.#shown) return;
        for (const tick of change.ticks ?? []) this.#news.set(tick.id, tick);
        if (change.ticks || change.overview) this.#updates.request();
      }),
    );
    this.#own = this.#disposables.add(
      new OwnWatch(
        session,
        (activity) => this.#ownNews(activity),
        (error) => log.warn(`Ticks of the project's own sensors were not read: ${wordsOf(error)}`),
      ),
    );
    this.#disposables.add(session.onReset(() => this.#reset()));
    this.#disposables.add(session.onSituation(() => this.#updates.request()));
  }

  /** It may have been hidden or shown. Shown again: VS Code has thrown its content away (then it says ready) or not. */
  placeChanged(): void {
    if (this.#seen === this.#place.visible) return;
    this.#seen = this.#place.visible;
    if (this.#seen) void this.#snapshot();
    else this.#forgetNews();
    this.#own.watch(this.#shown);
  }

  /** Does what is asked as soon as there is something to see. */
  ask(wish: Wish): void {
    this.#wish = wish;
    this.#grant();
  }

  dispose(): void {
    this.#ready = false;
    this.#disposables.dispose();
  }

  get #shown(): boolean {
    return this.#ready && this.#place.visible;
  }

  #forgetNews(): void {
    this.#news.clear();
    this.#newSensors = undefined;
  }

  #ownNews({ sensors, ticks }: OwnActivity): void {
    for (const tick of ticks) this.#news.set(tick.id, tick);
    this.#newSensors = sensors;
    this.#updates.request();
  }

  #grant(): void {
    if (!this.#wish || !this.#shown) return;
    this.#post(this.#wish);
    this.#wish = undefined;
  }

  /** What was not told yet may be another instance's, whose ticks have the same ids. */
  #reset(): void {
    this.#forgetNews();
    void this.#snapshot();
  }

  #post(message: ToTicks): void {
    if (this.#shown) tellPage(this.#place.webview, message);
  }

  #update(): void {
    if (!this.#shown) return;
    const ticks: readonly LaneTick[] = [...this.#news.values()];
    const ownSensors = this.#newSensors;
    this.#forgetNews();
    this.#post({ type: 'update', ...this.#state(), ...(ownSensors && { ownSensors }), ticks });
  }

  /** A complete state: for the range that was just asked for as it stands, else for that range moved with the time. */
  async #snapshot(asked?: Range): Promise<void> {
    if (!this.#shown) return;
    const { from, to } = asked ?? this.#present();
    try {
      const running = this.#session.situation.kind === 'running';
      const query = { from, to, limit: LIMIT };
      const [hosted, own] = running
        ? await this.#session.call((engine) => Promise.all([engine.ticks(query), engine.ownSensors(query)]))
        : [{ from, ticks: [] }, null];
      this.#own.shown(own?.version ?? null);
      this.#post({
        type: 'snapshot',
        ...this.#state(),
        ownSensors: own?.sensors ?? [],
        from: Math.max(hosted.from, own?.from ?? from),
        to,
        ticks: [...hosted.ticks, ...(own?.ticks ?? [])],
      });
      this.#grant();
    } catch (error) {
      this.#log.error(`Ticks were not loaded: ${wordsOf(error)}`);
    }
  }

  /** The range asked for last, which moves with the time where it had reached the present. */
  #present(): Range {
    const now = Date.now();
    const last = this.#range ?? { from: now - FIRST_RANGE, to: now };
    const moved = Math.abs(now - last.to) < PRESENT ? now - last.to : 0;
    return { from: last.from + moved, to: last.to + moved };
  }

  #state(): Pick<Extract<ToTicks, { type: 'update' }>, 'instance' | 'sensors'> {
    const { overview, situation } = this.#session;
    const none = situation.kind === 'restricted' ? 'restricted' : 'searching';
    return { instance: overview?.instance ?? { state: none }, sensors: overview?.sensors ?? [] };
  }

  #receive(raw: unknown): void {
    const message = v.safeParse(fromTicks, raw);
    if (!message.success) {
      const why = message.issues.map((issue) => issue.message).join(' ');
      this.#log.warn(safe(`Sensor Ticks sent something unknown: ${why}`)); // which the words may quote
      return;
    }
    this.#act(message.output).catch((error: unknown) => void sayError(wordsOf(error)));
  }

  async #act(message: FromTicks): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#ready = true;
        this.#own.watch(this.#shown);
        // What is known at once stands there while the ticks are read.
        this.#update();
        await this.#snapshot();
        return;
      case 'range':
        this.#range = { from: Math.min(message.from, message.to), to: Math.max(message.from, message.to) };
        await this.#snapshot(this.#range);
        return;
      case 'tick-now':
        await this.#session.call((engine) => engine.tickNow(message.sensor));
        return;
      case 'set-running':
        await this.#session.call((engine) => engine.setSensorRunning(message.sensor, message.running));
        return;
      case 'show-tick': {
        const failures = await this.#session.call((engine) => engine.tickFailures(message.tick));
        this.#post({ type: 'tick-failures', tick: message.tick, failures });
        return;
      }
      case 'preview':
        await vscode.commands.executeCommand(COMMANDS.preview, message.failure);
        return;
      case 'choose-instance':
        await vscode.commands.executeCommand(COMMANDS.chooseInstance);
        return;
      case 'arranged':
        this.#arranged(message);
        return;
    }
  }
}
